import type { Budget, Purse } from "../../ledger/purse.js";
import { limitInNano, type NanoUsd } from "../../ledger/worst-case.js";
import { unlistedBudget } from "../../resilience/budget.js";
import type { RunContext } from "../../state/run-context.js";

/** Field of the run context that holds the position of the example. */
export const exampleField = "evaluatedExample";

/** Budget of an evaluation: every call of every run reserves its worst case from it. */
export class Spending implements Budget {
  readonly name = "evaluate.budgetUsd";
  readonly #limit: NanoUsd;
  #used: NanoUsd = 0;
  /** Positions of examples that lacked money, so that their answers count for nothing. */
  readonly #short = new Set<unknown>();

  constructor(readonly limitUsd: number) {
    this.#limit = limitInNano(limitUsd);
    unlistedBudget(this);
  }

  /** Returns true, once, if a call of the example did not fit. */
  lacked(example: unknown): boolean {
    return this.#short.delete(example);
  }

  purse(context: RunContext): Purse {
    const refuse = (): undefined => void this.#short.add(context[exampleField]);
    const { name, limitUsd } = this;
    return {
      ...{ name, limitUsd, refuse, used: () => this.#used / 1e9 },
      reserve: (amount) => {
        if (this.#used + amount > this.#limit) return refuse();
        this.#used += amount;
        return {
          settle: (spent) => {
            this.#used += spent - amount;
          },
        };
      },
    };
  }
}
