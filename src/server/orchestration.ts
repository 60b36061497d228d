import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { keptLedger } from "../ledger/kept-ledger.js";
import { maskAddresses } from "../secrets/addresses.js";

/** What the answer of a run says of it. */
interface Summary {
  readonly modelUsed?: string;
  readonly route?: string;
  readonly confidence?: number | null;
  readonly costUsd?: number | null;
  readonly variants?: object;
}

/** What a reply tells beside the run itself. */
export interface Told {
  /** Fields of the request that had no effect. */
  readonly ignored: readonly string[];
  /** A path of the run in the names of `GET /v1/models`. */
  servedPath(path: string): string;
}

/** What a reply says of the run behind it: who answered (`model` is the provider's id), how sure, at what cost, and why it went there. */
export function orchestrationOf(answer: AIMessage | AIMessageChunk, { ignored, servedPath }: Told) {
  const summary = (answer.response_metadata.orchestration ?? {}) as Summary;
  const { modelUsed = "", route, confidence = null, costUsd = null, variants } = summary;
  const { calls, decisions } = keptLedger(answer);
  const ofAnswer = calls.filter(({ path }) => path === modelUsed || path.startsWith(`${modelUsed}/`)); // below it: an agent's
  const served = ofAnswer.findLast(({ status }) => status === "ok" || status === "cached") ?? ofAnswer.at(-1);
  return {
    ...{ modelUsed: servedPath(modelUsed), model: served?.model ?? null },
    ...{ route, confidence, costUsd, variants },
    decisions: decisions.map((decision) => ({ ...decision, reason: maskAddresses(decision.reason) })),
    ...(ignored.length > 0 ? { ignored } : {}),
  };
}
