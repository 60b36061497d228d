import type { AIMessage } from "@langchain/core/messages";
import type { LedgerEntries } from "../ledger/ledger.js";

/** What the answer of a run says about it. */
export interface Orchestration {
  /** Path of the call that gave the answer. */
  readonly modelUsed?: unknown;
  /** Unix time, ms. */
  readonly answeredAt?: unknown;
  /** `null`: the price of a call in it is unknown. */
  readonly costUsd?: number | null;
  /** Tokens of a call in it are an estimate: its provider reported none. */
  readonly estimated?: true;
  /** 0..1; `null` when nothing measured it. */
  readonly confidence?: number | null;
  /** The ledger of the run, where a checkpoint may keep nothing but the answer. */
  readonly ledger?: LedgerEntries;
}

/** What a message says about the run it is the answer of; `undefined` for a message no pattern gave. */
export function orchestrationOf({
  response_metadata,
}: Pick<AIMessage, "response_metadata">): Orchestration | undefined {
  const { orchestration } = (response_metadata ?? {}) as { readonly orchestration?: Orchestration };
  return typeof orchestration === "object" && orchestration !== null ? orchestration : undefined;
}

/** The metadata of an answer that carries a ledger, or, with `undefined`, of one that does so no longer. */
export function carrying(message: AIMessage, ledger: LedgerEntries | undefined): AIMessage["response_metadata"] {
  const { ledger: _before, ...orchestration } = orchestrationOf(message) ?? {};
  return { ...message.response_metadata, orchestration: { ...orchestration, ...(ledger && { ledger }) } };
}
