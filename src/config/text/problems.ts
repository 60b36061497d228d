import { ConfigError, type ConfigProblem } from "../../errors/index.js";
import { shownName } from "../../secrets/redact.js";
import { type ConfigDocument, type Path, showPath } from "./read-document.js";

/** Tells what is wrong at a place of the data; a message that takes work to write is written only if it is told. */
export type Complain = (path: Path, message: string | (() => string)) => void;

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
  /** Where in the file a place of the data is. */
  readonly placeOf: (path: Path) => Pick<ConfigProblem, "path" | "line">;
  /** @throws {ConfigError} when there is a problem */
  readonly throwAny: () => void;
}

export interface Source {
  readonly file: string;
  readonly document: ConfigDocument;
  /** Values no message may show, with the variables they come from. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Problems that are told: whoever has more has one problem, many times. */
const most = 100;

/** Collects problems: one a place, the first one, since the others follow from it; in the order of the file. */
export function collectProblems({ file, document, secrets }: Source): Problems {
  const problems = createList();
  const warnings = createList();
  for (const problem of document.problems) problems.add(problem.path || `line ${problem.line}`, () => problem);
  const at = (place: (path: Path) => Path): Problems => {
    const placeOf = (path: Path) => {
      const there = place(path);
      return { path: hide(showPath(there), secrets), line: document.lineOf(there) };
    };
    const note =
      ({ add }: List): Complain =>
      (path, message) => {
        add(showPath(place(path)), () => {
          const text = typeof message === "string" ? message : message();
          return { ...placeOf(path), message: hide(text, secrets) };
        });
      };
    return {
      complain: note(problems),
      warn: note(warnings),
      warnings: warnings.told,
      has: (path) => problems.has(showPath(place(path))),
      placeOf,
      throwAny: () => {
        const told = problems.told();
        if (told.length > 0) throw new ConfigError(file, told);
      },
      at: (inner) => at((path) => place(inner(path))),
    };
  };
  return at((path) => path);
}

type List = ReturnType<typeof createList>;

function createList() {
  const places = new Set<string>();
  /** Every place with what is around it. */
  const around = new Set<string>();
  const list: ConfigProblem[] = [];
  return {
    add: (place: string, problem: () => ConfigProblem) => {
      if (places.has(place)) return;
      places.add(place);
      for (const { index } of `${place}.`.matchAll(/[.[]/g)) around.add(place.slice(0, index));
      if (list.length < most) list.push(problem());
    },
    has: (place: string) => around.has(place),
    told: (): readonly ConfigProblem[] => {
      const inOrder = list.map(withoutKeys).sort((one, other) => one.line - other.line);
      const more = places.size - list.length;
      if (more === 0) return inOrder;
      return [...inOrder, { path: "", line: 1, message: `and ${more.toLocaleString("en-US")} more of the kind` }];
    },
  };
}

/** A name in a path that looks like a key was pasted into the wrong place. */
function withoutKeys({ path, ...problem }: ConfigProblem): ConfigProblem {
  return { ...problem, path: path.replace(/[^.[\]"]+/g, shownName) };
}

/** Shortest value that is taken for a secret; shorter ones (`1`, `dev`) are words of any message. */
const shortest = 4;
/** Shortest beginning of a secret that is one, where it is cut: errors of options show so much of a text that an … follows. */
const shortestCut = 8;

/** Puts `${NAME}` for every secret. */
function hide(message: string, secrets: ReadonlyMap<string, string>): string {
  let hidden = message;
  const longestFirst = [...secrets].sort(([one], [other]) => other.length - one.length);
  for (const [value, name] of longestFirst) {
    if (value.length < shortest) continue;
    for (const form of new Set([value, JSON.stringify(value).slice(1, -1)])) {
      hidden = withoutCut(
        hidden.replaceAll(form, () => `\${${name}}`),
        form,
        name,
      );
    }
  }
  return hidden;
}

/** Puts `${NAME}` for a beginning of a secret that an ellipsis follows. */
function withoutCut(message: string, secret: string, name: string): string {
  const start = secret.slice(0, shortestCut);
  let hidden = message;
  for (let from = hidden.indexOf(start); from >= 0; from = hidden.indexOf(start, from + 1)) {
    let end = from + start.length;
    while (end - from < secret.length && hidden[end] === secret[end - from]) end++;
    if (hidden[end] === "…") hidden = `${hidden.slice(0, from)}\${${name}}${hidden.slice(end)}`;
  }
  return hidden;
}
