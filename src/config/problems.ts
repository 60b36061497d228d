import { ConfigError, type ConfigProblem } from "../errors.js";
import { type ConfigDocument, type Path, showPath } from "./read-document.js";

/** Tells what is wrong at a place of the data. */
export type Complain = (path: Path, message: string) => void;

/** Everything that is wrong with a file, as it is found. */
export interface Problems {
  readonly complain: Complain;
  /** What does not stop a file from being used. */
  readonly warn: Complain;
  readonly warnings: () => readonly ConfigProblem[];
  /** Whether there is a problem at a place or below it. */
  readonly has: (path: Path) => boolean;
  /** The same problems, for places of data that is elsewhere in the file. */
  readonly at: (place: (path: Path) => Path) => Problems;
  /** @throws {ConfigError} when there is a problem */
  readonly throwAny: () => void;
}

export interface Source {
  readonly file: string;
  readonly document: ConfigDocument;
  /** Values no message may show, with the variables they come from. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Collects problems: one a place, the first one, since the others follow from it; in the order of the file. */
export function collectProblems({ file, document, secrets }: Source): Problems {
  const problems = new Map(document.problems.map((problem) => [problem.path || `line ${problem.line}`, problem]));
  const warnings = new Map<string, ConfigProblem>();
  const inOrder = (list: Map<string, ConfigProblem>) => [...list.values()].sort((one, other) => one.line - other.line);
  const at = (place: (path: Path) => Path): Problems => {
    const note = (into: Map<string, ConfigProblem>) => (path: Path, message: string) => {
      const there = place(path);
      const key = showPath(there);
      const problem = { path: hide(key, secrets), line: document.lineOf(there), message: hide(message, secrets) };
      if (!into.has(key)) into.set(key, problem);
    };
    return {
      complain: note(problems),
      warn: note(warnings),
      warnings: () => inOrder(warnings),
      has: (path) => {
        const there = showPath(place(path));
        return [...problems.keys()].some(
          (key) => key === there || key.startsWith(`${there}.`) || key.startsWith(`${there}[`),
        );
      },
      throwAny: () => {
        if (problems.size > 0) throw new ConfigError(file, inOrder(problems));
      },
      at,
    };
  };
  return at((path) => path);
}

/** Shortest value that is taken for a secret; shorter ones (`1`, `dev`) are words of any message. */
const shortest = 4;
/** Errors of options show that much of a text. */
const shown = 60;

/** Puts `${NAME}` for every value of a variable. */
function hide(message: string, secrets: ReadonlyMap<string, string>): string {
  let hidden = message;
  const longestFirst = [...secrets].sort(([one], [other]) => other.length - one.length);
  for (const [value, name] of longestFirst) {
    if (value.length < shortest) continue;
    for (const form of new Set([
      value,
      JSON.stringify(value).slice(1, -1),
      value.slice(0, shown),
      JSON.stringify(value.slice(0, shown)).slice(1, -1),
    ])) {
      hidden = hidden.replaceAll(form, () => `\${${name}}`);
    }
  }
  return hidden;
}
