import type { Hold, Purse } from "../ledger/purse.js";
import type { NanoUsd } from "../ledger/worst-case.js";

/** Limit of one run, in this process. */
export class Allowance implements Purse {
  readonly name = "maxCostUsd";
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
