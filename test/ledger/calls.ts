import type { ModelCall } from "../../src/ledger/model-call.js";

/** A line of a ledger; one second long, answered, its price unknown unless said. */
export function callOf(fields: Partial<ModelCall> = {}): ModelCall {
  return {
    id: "call",
    turnId: "turn",
    path: "small",
    node: "small",
    model: "gpt-4o-mini",
    role: "answer",
    status: "ok",
    attempt: 1,
    startedAt: 0,
    latencyMs: 1_000,
    costUsd: 0,
    ...fields,
  };
}
