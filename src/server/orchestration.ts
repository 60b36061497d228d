import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { keptLedger } from "../ledger/kept-ledger.js";
import { maskAddresses } from "../secrets/addresses.js";

interface Summary {
  readonly modelUsed?: string;
  readonly route?: string;
  readonly confidence?: number | null;
  readonly costUsd?: number | null;
  readonly variants?: object;
}

export interface OrchestrationContext {
  /** Request fields without effect. */
  readonly ignored: readonly string[];
  /** Translates a path of the run to names of `GET /v1/models`. */
  servedPath(path: string): string;
}

/** Returns the path of the call that answered, as in the ledger, and its score. */
export function outcomeOf(answer: AIMessage | AIMessageChunk | undefined): Pick<Summary, "modelUsed" | "confidence"> {
  const { modelUsed, confidence } = (answer?.response_metadata.orchestration ?? {}) as Summary;
  return { ...(modelUsed !== undefined && { modelUsed }), ...(confidence != null && { confidence }) };
}

/** Describes the run behind a reply; `model` is the provider's id of the model that answered. */
export function orchestrationOf(answer: AIMessage | AIMessageChunk, { ignored, servedPath }: OrchestrationContext) {
  const summary = (answer.response_metadata.orchestration ?? {}) as Summary;
  const { modelUsed = "", route, confidence = null, costUsd = null, variants } = summary;
  const { calls, decisions } = keptLedger(answer);
  const ofAnswer = calls.filter(({ path }) => path === modelUsed || path.startsWith(`${modelUsed}/`)); // includes calls of an agent
  const served = ofAnswer.findLast(({ status }) => status === "ok" || status === "cached") ?? ofAnswer.at(-1);
  return {
    ...{ modelUsed: servedPath(modelUsed), model: served?.model ?? null },
    ...{ route, confidence, costUsd, variants },
    decisions: decisions.map((decision) => ({ ...decision, reason: maskAddresses(decision.reason) })),
    ...(ignored.length > 0 ? { ignored } : {}),
  };
}
