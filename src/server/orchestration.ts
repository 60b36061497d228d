import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { keptLedger } from "../state/ledger.js";

interface Summary {
  readonly modelUsed?: string;
  readonly route?: string;
  readonly confidence?: number | null;
  readonly costUsd?: number | null;
}

/**
 * What a reply says of the run behind it: who answered (`model` is the provider's id), how sure, at what cost, and why it went there.
 *
 * @param ignored fields of the request that had no effect
 */
export function orchestrationOf(answer: AIMessage | AIMessageChunk, ignored: readonly string[]) {
  const summary = (answer.response_metadata.orchestration ?? {}) as Summary;
  const { calls, decisions } = keptLedger(answer);
  const served = calls.findLast(({ path, status }) => path === summary.modelUsed && /^(ok|cached)$/.test(status));
  return { ...summary, model: served?.model ?? null, decisions, ...(ignored.length > 0 ? { ignored } : {}) };
}
