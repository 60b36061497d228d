import type { Price } from "../ledger/model-call.js";
import type { NanoUsd } from "../ledger/worst-case.js";

/** Reserved part of a budget, to settle when its call has ended. */
export interface Hold {
  /** Replaces the reservation by what was really spent. */
  settle(spent: NanoUsd): void | Promise<void>;
}

/** A limit on spending that calls reserve from. */
export interface Purse {
  /** Name for messages: `maxCostUsd`, or that of a budget. */
  readonly name: string;
  readonly limitUsd: number;
  /** Price of models whose price is unknown; without it they are refused. */
  readonly assumePrice?: Price | undefined;
  /** True for the limit of one run, which ends when nothing fits any more. */
  readonly ofRun: boolean;
  /** Settled and reserved dollars; `undefined` if only a shared store knows. */
  used(): number | undefined;
  /** Reserves an amount; `undefined` if it does not fit. */
  reserve(amount: NanoUsd): Hold | undefined | Promise<Hold | undefined>;
}

/** Limit of one run, in this process. */
export class Allowance implements Purse {
  readonly name = "maxCostUsd";
  readonly ofRun = true;
  readonly #limit: NanoUsd;
  #used: NanoUsd;

  /** @param spent what calls of before cost, when a run goes on after a pause */
  constructor(
    readonly limitUsd: number,
    spent: NanoUsd = 0,
  ) {
    this.#limit = Math.floor(Number((limitUsd * 1e9).toPrecision(15)));
    this.#used = spent;
  }

  used(): number {
    return this.#used / 1e9;
  }

  reserve(amount: NanoUsd): Hold | undefined {
    if (this.#used + amount > this.#limit) return undefined;
    this.#used += amount;
    return {
      settle: (spent) => {
        this.#used += spent - amount;
      },
    };
  }
}
