import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { ConfigProblem } from "../errors.js";

/** Where a value stands in a file: the keys that lead to it. */
export type Path = readonly (string | number)[];

/** A configuration file as data that knows its lines. */
export interface ConfigDocument {
  readonly file: string;
  readonly data: unknown;
  /** What is wrong with it as YAML or JSON; the data is then not to be used. */
  readonly problems: readonly ConfigProblem[];
  /** The line of a value, or of the nearest one around it, from 1. */
  lineOf(path: Path): number;
  /** A problem at a place of the file. */
  problem(path: Path, message: string): ConfigProblem;
}

/** Aliases one file may resolve: a "billion laughs" file needs many more. */
const mostAliases = 100;

/** Reads YAML or JSON, which is YAML too. Nothing in the file is executed, and no key reaches a prototype. */
export function readDocument(file: string, text: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
  const at = (offset: number) => lines.linePos(offset).line || 1;
  const lineOf = (path: Path) => lineIn(document.contents, path, at);
  const problem = (path: Path, message: string) => ({ path: showPath(path), line: lineOf(path), message });
  const problems = document.errors.map(({ message, pos }) => ({ path: "", line: at(pos[0]), message }));
  let data: unknown;
  if (problems.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: mostAliases });
    } catch (error) {
      problems.push({ path: "", line: 1, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { file, data, problems, lineOf, problem };
}

function lineIn(root: unknown, path: Path, at: (offset: number) => number): number {
  let node: unknown = root;
  let line = startOf(node, at) ?? 1;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => isPair(item) && keyOf(item.key) === String(key)) : undefined;
    const next =
      pair === undefined
        ? (node as { get?(key: unknown, keep: boolean): unknown } | null)?.get?.(key, true)
        : pair.value;
    const found = startOf(pair?.key, at) ?? startOf(next, at);
    if (found === undefined) return line;
    line = found;
    node = next;
  }
  return line;
}

const keyOf = (key: unknown) => String(isScalar(key) ? key.value : key);

function startOf(node: unknown, at: (offset: number) => number): number | undefined {
  const start = isNode(node) ? (node as Node).range?.[0] : undefined;
  return start === undefined ? undefined : at(start);
}

/** `models.fast.capabilities[0]`; a key that is no plain word is quoted. */
function showPath(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const plain = /^[\w:.-]+$/.test(key) ? key : JSON.stringify(key);
      return index === 0 ? plain : `.${plain}`;
    })
    .join("");
}
