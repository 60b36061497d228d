import type { RunContext } from "../state/run-context.js";
import type { Price } from "./model-call.js";
import type { NanoUsd } from "./worst-case.js";

/** Reserved part of a budget, to settle when its call has ended. */
export interface Hold {
  /** Notes that the call begins: if its process dies, the reservation counts. Resolves to false if it was given back after a long wait. */
  begin?(): Promise<boolean> | undefined;
  /**
   * Replaces the reservation by what was really spent.
   *
   * @param id line of the call in the ledger; unset without a line
   */
  settle(spent: NanoUsd, id?: string): void | Promise<void>;
}

/** A limit on spending that calls reserve from. */
export interface Purse {
  /** Name for messages: `maxCostUsd`, or that of a budget. */
  readonly name: string;
  readonly limitUsd: number;
  /** Price of models whose price is unknown; without it they are refused. */
  readonly assumePrice?: Price | undefined;
  /** Settled and reserved dollars; `undefined` if only a shared store knows. */
  used(): number | undefined;
  /** Publishes that a call is not made because it would not fit, once a run: its nodes look several times before they go another way. */
  refuse(): void;
  /** Reserves an amount; `undefined` if it does not fit. */
  reserve(amount: NanoUsd): Hold | undefined | Promise<Hold | undefined>;
}

/** A window budget, as `budget` makes it. */
export interface Budget {
  readonly name: string;
  readonly limitUsd: number;
  /** Returns what calls of one turn reserve from; `undefined` if the budget does not concern them. */
  purse(context: RunContext, tags: readonly string[], turnId?: string): Purse | undefined;
}
