import type { BaseMessage } from "@langchain/core/messages";
import type { LedgerEntries } from "../ledger/ledger.js";
import type { ModelCall, Price } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** Ledger position of the calls below an opaque model. */
export interface LedgerPlace {
  readonly path: string;
  readonly node: string;
  readonly turnId: string;
  readonly role: ModelCall["role"];
  /** Price of every call below, if the entry sets one. */
  readonly price: Price | null | undefined;
  /** After this aborts, open calls keep status `cancelled`. */
  readonly signal: AbortSignal;
  readonly note: (call: ModelCall) => void;
  /** Records a decision. @default decisions are dropped */
  readonly decided?: (decision: Decision) => void;
  /** Entries already in the ledger, including nested patterns. @default empty */
  readonly known?: LedgerEntries;
  /** Messages passed to the model. @default empty */
  readonly given?: readonly BaseMessage[];
}
