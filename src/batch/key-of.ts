import { InvalidInputError } from "../errors/index.js";
import { toHex } from "../text/bytes.js";
import { digest } from "../text/digest.js";
import { sortedJson } from "../text/normalizers/sorted-json.js";
import type { BatchItem } from "./batch-input.js";

/** Fields of a run context that change what a run may cost or how it is shown, and not what it is asked. */
const besideTheQuestion = new Set(["tags", "sessionId", "maxCostUsd", "deadlineMs", "stream"]);

/**
 * Names the thread or the job of an item: the same one for the same question in a batch of the same name, so that it is found again, and
 * another one when the question, the run context or the graph has changed.
 *
 * @param graph what tells the graph from others; unset where it is not known
 * @throws {InvalidInputError} when the item cannot be written as JSON
 */
export function keyOf(
  batch: string,
  { id, asked, context = {} }: Pick<BatchItem, "id" | "asked" | "context">,
  graph?: string,
): string {
  const settings = Object.entries(context).filter(
    ([name, value]) => value !== undefined && !besideTheQuestion.has(name),
  );
  try {
    const parts = [batch, id, asked, Object.fromEntries(settings), ...(graph === undefined ? [] : [graph])];
    return toHex(digest(sortedJson(parts)).subarray(0, 16));
  } catch (error) {
    throw new InvalidInputError(`The input cannot be written as JSON: ${(error as Error).message}`);
  }
}
