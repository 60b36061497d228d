import type { ModelCall } from "../ledger/model-call.js";
import type { Asked, BatchItem } from "./batch-input.js";
import type { BatchRow } from "./batch-row.js";
import { keyOf } from "./key-of.js";

/** What an earlier try has of an item. */
export interface DoneItem {
  readonly isAnswered: boolean;
  /** All calls so far. */
  readonly calls: readonly ModelCall[];
  /** Digest of the question; unset for a row that was written without it. */
  readonly question: string | undefined;
}

/**
 * Reads the rows of an earlier try; the last one of an id counts, as in a file that was added to. An answer stays one, whatever follows it,
 * such as the row of a second item of its id.
 *
 * @param target name of the batch, whose rows they are
 */
export async function doneIn(
  rows: Iterable<BatchRow> | AsyncIterable<BatchRow>,
  target: string,
): Promise<Map<BatchRow["id"], DoneItem>> {
  const known = new Map<BatchRow["id"], DoneItem>();
  for await (const row of rows) {
    const { id, text, error, calls = [], earlierCalls = [] } = row;
    const isOurs = row.target === undefined || row.target === target;
    if (!isOurs || known.get(id)?.isAnswered) continue;
    const isAnswered = text !== undefined && error === undefined;
    const paid = isAnswered ? [] : [...earlierCalls, ...calls];
    if (isAnswered || paid.length > 0 || !known.has(id)) {
      known.set(id, { isAnswered, calls: paid, question: questionIn(row) });
    }
  }
  return known;
}

/** Returns what an earlier try has of an item, if it was the same question. */
export function doneOf(known: ReadonlyMap<BatchRow["id"], DoneItem>, { id, asked }: BatchItem): DoneItem | undefined {
  const before = known.get(id);
  return before?.question === undefined || before.question === digestOf(asked) ? before : undefined;
}

function questionIn({ prompt, messages }: BatchRow): string | undefined {
  if (prompt !== undefined) return digestOf({ prompt });
  return messages && digestOf({ messages });
}

const digestOf = (asked: Asked) => keyOf("", { id: "", asked });
