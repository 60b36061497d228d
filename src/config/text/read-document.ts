import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { ConfigProblem } from "../../errors/index.js";
import { shownName } from "../../secrets/redact.js";
import { withoutJsonComments } from "./json-comments.js";
import { maxBytes, tooLong } from "./read-text.js";
import { syntaxText } from "./syntax-text.js";

/** Keys that lead to a value of a file. */
export type Path = readonly (string | number)[];

/** A parsed configuration file, with its line numbers. */
export interface ConfigDocument {
  readonly data: unknown;
  /** Errors of the file as YAML or JSON. */
  readonly problems: readonly ConfigProblem[];
  /** Whether all of the file was parsed. */
  readonly readable: boolean;
  /** Returns the line, from 1, of a value or of the nearest one that contains it. */
  lineOf(path: Path): number;
}

/** Maximum number of values after expanding aliases; a "billion laughs" file has many more. */
const maxValues = 50_000;
const maxDepth = 60;
/** Maximum number of reported syntax errors; later ones mostly follow from the first. */
const maxErrors = 5;
/** A comment in the style of other languages, which YAML reads as part of a name. */
const foreignComment = /^\s*(\/\/|\/\*)|\s(\/\/|\/\*)/;
const tooDeep = "is nested too deeply";

/** Parses YAML or JSON. Executes nothing in the file, and lets no key reach a prototype. */
export function readDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line || 1;
  const unreadable = (problems: readonly ConfigProblem[]) => ({
    data: undefined,
    problems,
    readable: false,
    lineOf: () => 1,
  });
  if (text.length > maxBytes) return unreadable([{ path: "", line: 1, message: tooLong }]);
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(withoutJsonComments(text), {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
      uniqueKeys: false,
    });
  } catch {
    return unreadable([{ path: "", line: 1, message: tooDeep }]);
  }
  if (document.errors.length > 0) {
    const first = document.errors.slice(0, maxErrors);
    const isTooDeep = first.some(({ message }) => message.includes("call stack"));
    if (isTooDeep) return unreadable([{ path: "", line: 1, message: tooDeep }]);
    return unreadable(first.map((error) => ({ path: "", line: lineAt(error.pos[0]), message: syntaxText(error) })));
  }
  const { data, problems, lines: known, isComplete } = readNodes(document.contents, lineAt);
  const lineOf = (path: Path): number =>
    known.get(JSON.stringify(path)) ?? (path.length === 0 ? 1 : lineOf(path.slice(0, -1)));
  return { data, problems, readable: isComplete, lineOf };
}

/** Converts YAML nodes to data and records their lines. */
function readNodes(root: unknown, lineAt: (offset: number) => number) {
  const problems: ConfigProblem[] = [];
  const lines = new Map<string, number>();
  const anchors = new Map<string, Node>();
  const ancestors = new Set<Node>();
  let values = 0;
  let isFull = false; // after a limit is exceeded

  function read(node: unknown, path: Path): unknown {
    if (!isNode(node) || isFull) return null;
    note(path, node);
    if (++values > maxValues || path.length > maxDepth) return giveUp(path);
    if (isAlias(node)) return readAlias(node.source, path);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    ancestors.add(node);
    const data = isMap(node) ? readMap(node, path) : isSeq(node) ? readSeq(node, path) : null;
    ancestors.delete(node);
    return data;
  }

  function readSeq({ items }: YAMLSeq, path: Path): unknown[] {
    return items.map((item, index) => read(item, [...path, index]));
  }

  function readAlias(name: string, path: Path): unknown {
    const target = anchors.get(name);
    if (target === undefined) return complain(path, `the anchor &${shownName(name)} is not defined above`);
    if (ancestors.has(target)) return complain(path, `*${shownName(name)} contains itself; write its value instead`);
    const line = lineOf(path);
    const data = read(target, path);
    if (line !== undefined) lines.set(JSON.stringify(path), line);
    return data;
  }

  function readMap({ items }: YAMLMap, path: Path): Record<string, unknown> {
    const merged: Record<string, unknown> = {};
    const own: Record<string, unknown> = {};
    for (const pair of items) {
      if (isFull) break;
      const key = keyOf(pair);
      const below = [...path, key ?? "?"];
      const first = lineOf(below);
      if (key !== undefined && foreignComment.test(key)) {
        note(below, pair.key);
        complain(below, "begins with a comment of another language; write # before a comment, or remove it");
      } else if (key === undefined || key === "__proto__") {
        note(below, pair.key);
        complain(below, key === undefined ? "a key must be one value, not a list or a map" : "cannot be a name");
      } else if (key === "<<") {
        const sources = [read(pair.value, below)].flat();
        if (sources.some((source) => typeof source !== "object"))
          complain(below, "write fields after <<, or an alias of a map: *name");
        for (const source of sources.reverse()) Object.assign(merged, Object(source) === source ? source : {}); // the first one wins
      } else {
        const isTwice = Object.hasOwn(own, key);
        own[key] = read(pair.value, below);
        note(below, pair.key);
        if (isTwice) complain(below, `is defined twice, first in line ${first}; rename or remove one of them`);
      }
    }
    return { ...merged, ...own };
  }

  function lineOf(path: Path): number | undefined {
    return lines.get(JSON.stringify(path));
  }

  function note(path: Path, node: unknown): void {
    const start = isNode(node) ? node.range?.[0] : undefined;
    if (start !== undefined) lines.set(JSON.stringify(path), lineAt(start));
  }

  function complain(path: Path, message: string): null {
    problems.push({ path: showPath(path), line: lineOf(path) ?? 1, message });
    return null;
  }

  function giveUp(path: Path): null {
    isFull = true;
    if (path.length > maxDepth) return complain(path.slice(0, 2), `is nested more than ${maxDepth} deep`);
    return complain([], `the file has more than ${maxValues} values once its aliases are expanded`);
  }

  return { data: read(root, []), problems, lines, isComplete: !isFull };
}

function keyOf({ key }: Pair): string | undefined {
  if (!isScalar(key)) return typeof key === "string" ? key : undefined;
  return key.source ?? String(key.value);
}

/** Writes a path as `models.fast.capabilities[0]`; quotes keys with special characters. */
export function showPath(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const plain = /^[\w:.-]+$/.test(key) ? key : JSON.stringify(key);
      return index === 0 ? plain : `.${plain}`;
    })
    .join("");
}
