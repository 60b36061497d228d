import type { ModelCall } from "../ledger/model-call.js";
import type { BatchRow } from "./batch-row.js";

/** What an earlier try has of an item. */
export interface DoneItem {
  readonly isAnswered: boolean;
  /** All calls so far. */
  readonly calls: readonly ModelCall[];
}

/** Reads the rows of an earlier try; the last one of an id counts, as in a file that was added to. */
export async function doneIn(
  rows: Iterable<BatchRow> | AsyncIterable<BatchRow>,
): Promise<Map<BatchRow["id"], DoneItem>> {
  const known = new Map<BatchRow["id"], DoneItem>();
  for await (const { id, text, error, calls = [], earlierCalls = [] } of rows) {
    const isAnswered = text !== undefined && error === undefined;
    known.set(id, { isAnswered, calls: isAnswered ? [] : [...earlierCalls, ...calls] });
  }
  return known;
}
