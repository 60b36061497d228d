import type { BaseMessage } from "@langchain/core/messages";
import type { LedgerEntries } from "../ledger/ledger.js";
import type { ModelCall, Price } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** A call below an opaque model that begins. */
export interface BeginningCall {
  readonly path: string;
  readonly messages: readonly BaseMessage[];
  readonly price: Price | null;
  /** What its client sends beside the messages, such as tools and the output limit. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Settles a call that has ended. */
export type SettleCall = (call: ModelCall) => void;
export type ReserveCall = (call: BeginningCall) => SettleCall | undefined | Promise<SettleCall | undefined>;

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
  /**
   * Reserves in the budgets that a call counts for, and returns what settles it. @default none
   *
   * @throws {BudgetExceededError} when the call does not fit; it is then not made
   */
  readonly reserve?: ReserveCall | undefined;
  /** Messages passed to the model. @default empty */
  readonly given?: readonly BaseMessage[];
}
