import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { keptLedger } from "../state/ledger.js";

/** What the answer of a run says of it. */
interface Summary {
  readonly modelUsed?: string;
  readonly route?: string;
  readonly confidence?: number | null;
  readonly costUsd?: number | null;
  readonly variants?: object;
}

/**
 * What a reply says of the run behind it: who answered (`model` is the provider's id), how sure, at what cost, and why it went there.
 *
 * @param ignored fields of the request that had no effect
 */
export function orchestrationOf(answer: AIMessage | AIMessageChunk, ignored: readonly string[]) {
  const summary = (answer.response_metadata.orchestration ?? {}) as Summary;
  const { modelUsed = "", route, confidence = null, costUsd = null, variants } = summary;
  const { calls, decisions } = keptLedger(answer);
  const ofAnswer = calls.filter(({ path }) => path === modelUsed || path.startsWith(`${modelUsed}/`)); // below it: an agent's
  const served = ofAnswer.findLast(({ status }) => status === "ok" || status === "cached");
  return {
    ...{ modelUsed, model: served?.model ?? null, route, confidence, costUsd, variants, decisions },
    ...(ignored.length > 0 ? { ignored } : {}),
  };
}
