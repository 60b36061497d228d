import type { BaseMessage } from "@langchain/core/messages";
import type { LedgerEntries } from "../ledger/ledger.js";
import type { ModelCall, Price } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** Where the calls below an opaque model belong in the ledger. */
export interface LedgerPlace {
  readonly path: string;
  readonly node: string;
  readonly turnId: string;
  readonly role: ModelCall["role"];
  /** Price of every call below, where the entry names one. */
  readonly price: Price | null | undefined;
  /** Once it fires nobody waits any more: what is open stays cancelled. */
  readonly signal: AbortSignal;
  readonly note: (call: ModelCall) => void;
  /** Takes down a decision. @default nobody does */
  readonly decided?: (decision: Decision) => void;
  /** What is in the ledger already, patterns below included. @default nothing */
  readonly known?: LedgerEntries;
  /** What the model is asked. @default nothing */
  readonly given?: readonly BaseMessage[];
}
