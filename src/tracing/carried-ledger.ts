import type { AIMessage } from "@langchain/core/messages";
import type { LedgerEntries } from "../ledger/ledger.js";

/** Metadata about its run on an answer. */
export interface Orchestration {
  /** Path of the call that gave the answer. */
  readonly modelUsed?: unknown;
  /** Unix time, ms. */
  readonly answeredAt?: unknown;
  /** `null` if the price of a call is unknown. */
  readonly costUsd?: number | null;
  /** Set if tokens of a call are an estimate. */
  readonly estimated?: true;
  /** 0..1; `null` if not measured. */
  readonly confidence?: number | null;
  /** Ledger of the run, if a checkpoint may keep only the answer. */
  readonly ledger?: LedgerEntries;
}

/** Reads the run metadata of an answer; `undefined` if no pattern gave the message. */
export function orchestrationOf({
  response_metadata,
}: Pick<AIMessage, "response_metadata">): Orchestration | undefined {
  const { orchestration } = (response_metadata ?? {}) as { readonly orchestration?: Orchestration };
  return typeof orchestration === "object" && orchestration !== null ? orchestration : undefined;
}

/** Returns the metadata of an answer with its carried ledger set, or removed if `undefined`. */
export function withCarriedLedger(
  message: AIMessage,
  ledger: LedgerEntries | undefined,
): AIMessage["response_metadata"] {
  const { ledger: _before, ...orchestration } = orchestrationOf(message) ?? {};
  return { ...message.response_metadata, orchestration: { ...orchestration, ...(ledger && { ledger }) } };
}
