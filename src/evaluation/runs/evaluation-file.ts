import { existsSync } from "node:fs";
import { InvalidOptionError } from "../../errors/index.js";
import { appendLine, endLastLine, linesOf } from "../recordings/lines.js";
import type { EvaluatedItem } from "./item.js";

/** First line of a file of an evaluation. */
interface Head {
  readonly evaluation: {
    readonly name?: string;
    /** Nodes of the graph. */
    readonly nodes: readonly string[];
    readonly scorers: readonly string[];
    readonly passingScore: number;
  };
}

/** Items of an evaluation in a file. */
export interface EvaluationFile extends Head {
  /** By id; of an item that was done twice, the last. */
  readonly items: ReadonlyMap<string, EvaluatedItem>;
}

/**
 * Reads a file of an evaluation. A line that a kill cut off is skipped.
 *
 * @throws {InvalidOptionError} for a file of something else
 */
export function readEvaluation(file: string, option: string): EvaluationFile {
  const expected = "it is no evaluation; give a file that evaluate({ file }) or multimodel eval wrote";
  if (!existsSync(file)) throw new InvalidOptionError(option, file, "there is no such file");
  let head: Head | undefined;
  const items = new Map<string, EvaluatedItem>();
  for (const { text } of linesOf(file)) {
    const line = parsed(text);
    if (head === undefined) {
      if (!Array.isArray((line as Head | undefined)?.evaluation?.nodes))
        throw new InvalidOptionError(option, file, expected);
      head = line as Head;
    } else if (typeof (line as EvaluatedItem | undefined)?.id === "string") {
      items.set((line as EvaluatedItem).id, line as EvaluatedItem);
    }
  }
  if (head === undefined) throw new InvalidOptionError(option, file, expected);
  return { ...head, items };
}

/** Returns true for a file that an evaluation wrote. */
export function isEvaluation(file: string): boolean {
  if (!existsSync(file)) return false;
  for (const { text } of linesOf(file)) return Array.isArray((parsed(text) as Head | undefined)?.evaluation?.nodes);
  return false;
}

/**
 * Opens a file for more items, and returns those that it has.
 *
 * @throws {InvalidOptionError} for a file of another graph, or with other scorers
 */
export function openEvaluation(file: string, own: Head["evaluation"]): EvaluationFile["items"] {
  if (!existsSync(file)) {
    appendLine(file, { evaluation: own });
    return new Map();
  }
  endLastLine(file);
  const { evaluation, items } = readEvaluation(file, "evaluate.file");
  for (const fact of ["nodes", "scorers", "passingScore"] as const) {
    const [before, now] = [evaluation[fact], own[fact]].map((each) => JSON.stringify(each));
    if (before === now) continue;
    const expected = `it holds an evaluation with other ${fact}: ${before}, not ${now}; give another file`;
    throw new InvalidOptionError("evaluate.file", file, expected);
  }
  return items;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off by a kill
  }
}
