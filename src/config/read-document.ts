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
} from "yaml";
import type { ConfigProblem } from "../errors.js";
import { mostBytes, tooLong } from "./read-text.js";
import { syntaxText } from "./syntax-text.js";

/** Where a value stands in a file: the keys that lead to it. */
export type Path = readonly (string | number)[];

/** A configuration file as data that knows its lines. */
export interface ConfigDocument {
  readonly data: unknown;
  /** What is wrong with it as YAML or JSON. */
  readonly problems: readonly ConfigProblem[];
  /** Whether the data says what the file says; false where the text could not be parsed. */
  readonly readable: boolean;
  /** The line of a value, or of the nearest one around it, from 1. */
  lineOf(path: Path): number;
}

/** Values one file may stand for once its aliases are written out: a "billion laughs" file has many more. */
const mostValues = 50_000;
const deepest = 60;
/** Errors of syntax that are told: most follow from the first. */
const mostErrors = 5;
const tooDeep = "is nested too deeply to be read";

/** Reads YAML or JSON, which is YAML too. Nothing in the file is executed, and no key reaches a prototype. */
export function readDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line || 1;
  const unreadable = (problems: readonly ConfigProblem[]) => ({
    data: undefined,
    problems,
    readable: false,
    lineOf: () => 1,
  });
  if (text.length > mostBytes) return unreadable([{ path: "", line: 1, message: tooLong }]);
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error", uniqueKeys: false });
  } catch {
    return unreadable([{ path: "", line: 1, message: tooDeep }]);
  }
  if (document.errors.length > 0) {
    const first = document.errors.slice(0, mostErrors);
    const isTooDeep = first.some(({ message }) => message.includes("call stack"));
    if (isTooDeep) return unreadable([{ path: "", line: 1, message: tooDeep }]);
    return unreadable(first.map((error) => ({ path: "", line: lineAt(error.pos[0]), message: syntaxText(error) })));
  }
  const reader = new Reader(lineAt);
  const data = reader.read(document.contents, []);
  return {
    data,
    problems: reader.problems,
    readable: !reader.full,
    lineOf: (path) => {
      for (let length = path.length; length >= 0; length--) {
        const line = reader.lines.get(JSON.stringify(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

/** Turns nodes into data, and notes the line of each. */
class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly lines = new Map<string, number>();
  /** Whether there was too much to read all of it. */
  full = false;
  private values = 0;
  private readonly anchors = new Map<string, Node>();
  private readonly underWay = new Set<Node>();

  constructor(private readonly lineAt: (offset: number) => number) {}

  read(node: unknown, path: Path): unknown {
    if (!isNode(node) || this.full) return null;
    this.note(path, node);
    if (++this.values > mostValues || path.length > deepest) return this.giveUp(path);
    if (isAlias(node)) return this.readAlias(node.source, path);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    this.underWay.add(node);
    const data = isMap(node)
      ? this.readMap(node, path)
      : isSeq(node)
        ? node.items.map((item, index) => this.read(item, [...path, index]))
        : null;
    this.underWay.delete(node);
    return data;
  }

  private readAlias(name: string, path: Path): unknown {
    const target = this.anchors.get(name);
    if (target === undefined) return this.complain(path, `there is no anchor &${name} before it`);
    if (this.underWay.has(target)) return this.complain(path, `*${name} holds itself; write what it stands for`);
    const line = this.lines.get(JSON.stringify(path));
    const data = this.read(target, path);
    if (line !== undefined) this.lines.set(JSON.stringify(path), line);
    return data;
  }

  private readMap(map: YAMLMap, path: Path): unknown {
    const data: Record<string, unknown> = {};
    const own = new Set<string>();
    for (const pair of map.items) {
      if (this.full) break;
      const key = keyOf(pair);
      if (key === undefined || key === "__proto__") {
        this.note([...path, "?"], pair.key);
        this.complain(
          [...path, "?"],
          key === undefined ? "a key is one word; it cannot be a list or a map" : "a key cannot be called __proto__",
        );
        continue;
      }
      const below = [...path, key];
      if (key === "<<") {
        const merged = this.read(pair.value, below);
        for (const source of Array.isArray(merged) ? merged.toReversed() : [merged]) {
          if (Object(source) === source)
            for (const [name, value] of Object.entries(source)) if (!own.has(name)) data[name] = value;
        }
        continue;
      }
      const first = this.lines.get(JSON.stringify(below));
      const again = own.has(key);
      own.add(key);
      data[key] = this.read(pair.value, below);
      this.note(below, pair.key);
      if (again) this.complain(below, `is there twice, first in line ${first}; rename one of them, or take it out`);
    }
    return data;
  }

  private note(path: Path, node: unknown): void {
    const start = isNode(node) ? node.range?.[0] : undefined;
    if (start !== undefined) this.lines.set(JSON.stringify(path), this.lineAt(start));
  }

  private complain(path: Path, message: string): null {
    const line = this.lines.get(JSON.stringify(path)) ?? 1;
    this.problems.push({ path: showPath(path), line, message });
    return null;
  }

  private giveUp(path: Path): null {
    this.full = true;
    const message =
      path.length > deepest
        ? `is nested more than ${deepest} deep`
        : `the file stands for more than ${mostValues} values, aliases written out`;
    return this.complain(path.length > deepest ? path.slice(0, 2) : [], message);
  }
}

function keyOf({ key }: Pair): string | undefined {
  if (!isScalar(key)) return typeof key === "string" ? key : undefined;
  return key.source ?? String(key.value);
}

/** `models.fast.capabilities[0]`; a key that is no plain word is quoted. */
export function showPath(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const plain = /^[\w:.-]+$/.test(key) ? key : JSON.stringify(key);
      return index === 0 ? plain : `.${plain}`;
    })
    .join("");
}
