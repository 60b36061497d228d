import type { BatchItem } from "../batch/batch-input.js";
import type { RowData } from "../batch/batch-row.js";
import type { ModelCall } from "../ledger/model-call.js";

/** An item of a batch as a job of BullMQ. */
export interface JobData extends BatchItem {
  /** Name of its batch. */
  readonly batch: string;
  /** Calls of attempts that failed, or that a worker handed back. */
  readonly earlierCalls?: readonly ModelCall[];
  /** How the last attempt failed. */
  readonly failed?: RowData;
}

/** How an item ended, as its job keeps it. */
export interface WorkedData extends RowData {
  /** Fingerprint of the graph that answered. */
  readonly graph?: string;
}

/** An item that failed in all of its attempts. */
export interface DeadLetter extends BatchItem {
  readonly jobId: string;
  readonly batch: string;
  readonly attempts: number;
  readonly error: { readonly name: string; readonly message: string };
  readonly calls: readonly ModelCall[];
}
