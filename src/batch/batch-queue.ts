import type { BatchItem } from "./batch-input.js";
import type { RowData } from "./batch-row.js";

/** Where a batch puts its items for workers. */
export interface BatchQueue {
  /** Name of the queue. */
  readonly name: string;
  /**
   * Puts an item, and resolves to how it ended; an item that is in the queue already is not put again.
   *
   * @param batch name of the batch
   * @returns `undefined` when the signal aborted before a worker took it
   */
  run(batch: string, item: BatchItem, signal: AbortSignal): Promise<RowData | undefined>;
}
