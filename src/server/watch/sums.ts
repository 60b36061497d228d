import type { ModelCall } from "../../ledger/model-call.js";

/** Calls in sum. */
export interface Sums {
  readonly calls: number;
  /** Calls that ended in an error or a time-out. */
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Dollars of the calls whose price is known. */
  readonly costUsd: number;
  /** Calls whose price is unknown. */
  readonly unpriced: number;
}

export const noCalls: Sums = { calls: 0, failed: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, unpriced: 0 };

/** Adds a call; agrees with `totalCost`, `totalTokens` and `byModel` of the same calls. */
export function withCall(sums: Sums, { status, usage, costUsd }: Readonly<ModelCall>): Sums {
  return {
    calls: sums.calls + 1,
    failed: sums.failed + (status === "error" || status === "timeout" ? 1 : 0),
    inputTokens: sums.inputTokens + (usage?.inputTokens ?? 0),
    outputTokens: sums.outputTokens + (usage?.outputTokens ?? 0),
    costUsd: sums.costUsd + (costUsd ?? 0),
    unpriced: sums.unpriced + (costUsd === null ? 1 : 0),
  };
}
