import { ConfigError, type ConfigProblem } from "../../errors/index.js";
import { shownName } from "../../secrets/redact.js";
import { type ConfigDocument, type Path, showPath } from "./read-document.js";

/** Reports a problem at a path; a message that is expensive to make is a function, called only if the problem is kept. */
export type Complain = (path: Path, message: string | (() => string)) => void;

/** Returns `complain` for paths relative to `base`. */
export const complainBelow =
  (complain: Complain, base: Path): Complain =>
  (path, message) =>
    complain([...base, ...path], message);

/** A message about a place of the file. */
export interface Remark {
  readonly path: Path;
  readonly message: string;
}

/** The problems of a file, as they are found. */
export interface Problems {
  readonly file: string;
  readonly complain: Complain;
  /** Reports a problem that does not prevent the file's use. */
  readonly warn: Complain;
  readonly warnings: () => readonly ConfigProblem[];
  /** Reports what the environment lacks for a part of the file: no problem of the file, since a run may not need that part. */
  readonly lack: (part: Path, path: Path, message: string) => void;
  /** Returns what the environment lacks for a part of the file, such as `["models", "fast"]`. */
  readonly lacksOf: (part: Path) => readonly ConfigProblem[];
  /** Returns whether there is a problem at a path or below it. */
  readonly has: (path: Path) => boolean;
  /** Returns the same problems, addressed by paths that `place` maps to those of the file. */
  readonly at: (place: (path: Path) => Path) => Problems;
  /** Returns a path of the data as path and line of the file. */
  readonly placeOf: (path: Path) => Pick<ConfigProblem, "path" | "line">;
  /** @throws {ConfigError} when there is a problem */
  readonly throwAny: () => void;
}

export interface Source {
  readonly file: string;
  readonly document: ConfigDocument;
  /** Secret values, with the names of their variables; no message may show them. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Maximum number of reported problems; more are most likely one problem, repeated. */
const maxProblems = 100;

/** Collects problems in the order of the file: only the first at each place, since others follow from it. */
export function collectProblems({ file, document, secrets }: Source): Problems {
  const problems = createList();
  const warnings = createList();
  const lacks = new Map<string, List>();
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
      file,
      complain: note(problems),
      warn: note(warnings),
      warnings: warnings.sorted,
      lack: (part, path, message) => {
        const list = lacks.get(showPath(part)) ?? createList();
        lacks.set(showPath(part), list);
        note(list)(path, message);
        problems.settle(showPath(place(path)));
      },
      lacksOf: (part) => lacks.get(showPath(part))?.sorted() ?? [],
      has: (path) => problems.has(showPath(place(path))),
      placeOf,
      throwAny: () => {
        const sorted = problems.sorted();
        if (sorted.length > 0) throw new ConfigError(file, sorted);
      },
      at: (inner) => at((path) => place(inner(path))),
    };
  };
  return at((path) => path);
}

type List = ReturnType<typeof createList>;

function createList() {
  const places = new Set<string>();
  /** Places whose problems follow from something reported elsewhere. */
  const settled = new Set<string>();
  /** Every place, and every place that contains it. */
  const around = new Set<string>();
  const list: ConfigProblem[] = [];
  return {
    add: (place: string, problem: () => ConfigProblem) => {
      if (places.has(place) || settled.has(place)) return;
      places.add(place);
      for (const { index } of `${place}.`.matchAll(/[.[]/g)) around.add(place.slice(0, index));
      if (list.length < maxProblems) list.push(problem());
    },
    settle: (place: string) => void settled.add(place),
    has: (place: string) => around.has(place),
    sorted: (): readonly ConfigProblem[] => {
      const inOrder = list.map(withoutKeys).sort((one, other) => one.line - other.line);
      const more = places.size - list.length;
      if (more === 0) return inOrder;
      return [...inOrder, { path: "", line: 1, message: `and ${more.toLocaleString("en-US")} more problems` }];
    },
  };
}

/** Masks the names in a path that look like keys, pasted into the wrong place. */
function withoutKeys({ path, ...problem }: ConfigProblem): ConfigProblem {
  return { ...problem, path: path.replace(/[^.[\]"]+/g, shownName) };
}

/** Minimum length of a hidden value; shorter ones (`1`, `dev`) occur in any message. */
const minSecret = 4;
/** Minimum length of a hidden prefix of a secret that an error cut off with an `…`. */
const minCutSecret = 8;

/** Replaces each secret by `${NAME}`. */
function hide(message: string, secrets: ReadonlyMap<string, string>): string {
  let hidden = message;
  const longestFirst = [...secrets].sort(([one], [other]) => other.length - one.length);
  for (const [value, name] of longestFirst) {
    if (value.length < minSecret) continue;
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

/** Replaces each prefix of a secret that an ellipsis follows by `${NAME}`. */
function withoutCut(message: string, secret: string, name: string): string {
  const start = secret.slice(0, minCutSecret);
  let hidden = message;
  for (let from = hidden.indexOf(start); from >= 0; from = hidden.indexOf(start, from + 1)) {
    let end = from + start.length;
    while (end - from < secret.length && hidden[end] === secret[end - from]) end++;
    if (hidden[end] === "…") hidden = `${hidden.slice(0, from)}\${${name}}${hidden.slice(end)}`;
  }
  return hidden;
}
