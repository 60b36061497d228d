import { publish } from "../events/publish.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Hold, Purse } from "../ledger/purse.js";
import { limitInNano, type NanoUsd, toNano } from "../ledger/worst-case.js";

/** What a limit has to know of a call that it did not reserve for. */
export type CallBefore = Pick<ModelCall, "id" | "costUsd">;

/** Limit of one run, in this process. */
export class Allowance implements Purse {
  readonly name = "maxCostUsd";
  readonly #limit: NanoUsd;
  #used: NanoUsd = 0;
  /** Ids of the calls that are counted. */
  readonly #counted = new Set<string>();
  #refused = false;

  constructor(
    readonly limitUsd: number,
    private readonly turnId?: string,
  ) {
    this.#limit = limitInNano(limitUsd);
  }

  /** Counts calls that were made before a pause, here or in another process; those that were counted here stay as they are. */
  countBefore(calls: readonly CallBefore[]): void {
    for (const { id, costUsd } of calls) {
      if (this.#counted.has(id)) continue;
      this.#counted.add(id);
      this.#used += toNano(costUsd ?? 0);
    }
  }

  used(): number {
    return this.#used / 1e9;
  }

  /** Publishes that a call does not fit, once. */
  refuse(): undefined {
    if (this.#refused) return;
    this.#refused = true;
    const { name, limitUsd, turnId } = this;
    publish("budget", () => ({
      ...{ kind: "refused", budget: name, limitUsd, usedUsd: this.used() },
      ...(turnId !== undefined && { turnId }),
    }));
  }

  reserve(amount: NanoUsd): Hold | undefined {
    if (this.#used + amount > this.#limit) return this.refuse();
    this.#used += amount;
    return {
      settle: (spent, id) => {
        this.#used += spent - amount;
        if (id !== undefined) this.#counted.add(id);
      },
    };
  }
}
