import type { BatchProgress } from "./batch-options.js";
import type { BatchRow } from "./batch-row.js";

/** Counts rows for the listener of a batch. */
export class Progress {
  #rows = 0;
  #failed = 0;
  #costUsd: number | null = 0;

  constructor(private readonly listener: ((progress: BatchProgress) => void) | undefined) {}

  note({ error, costUsd }: BatchRow): void {
    this.#rows++;
    if (error !== undefined) this.#failed++;
    this.#costUsd = costUsd === null || this.#costUsd === null ? null : this.#costUsd + costUsd;
    this.listener?.({ rows: this.#rows, failed: this.#failed, costUsd: this.#costUsd });
  }
}
