import type { Budget, Hold, Purse } from "../ledger/purse.js";
import { limitInNano, type NanoUsd } from "../ledger/worst-case.js";

/** A budget as one item sees it. */
export interface ItemBudget extends Budget {
  /** Whether it had no room for a call of the item. */
  readonly refused: () => boolean;
}

/** Makes a budget for one batch, in this process: dollars that its calls may cost together. */
export function budgetOfBatch(usd: number): Budget {
  const limit = limitInNano(usd);
  let used: NanoUsd = 0;
  const reserve = (amount: NanoUsd): Hold | undefined => {
    if (used + amount > limit) return undefined;
    used += amount;
    return {
      settle: (spent) => {
        used += spent - amount;
      },
    };
  };
  const purse: Purse = {
    name: "the budget of the batch",
    limitUsd: usd,
    used: () => used / 1e9,
    refuse: () => {},
    reserve,
  };
  return { name: purse.name, limitUsd: usd, purse: () => purse };
}

/** Watches a budget for one item. */
export function forItem(budget: Budget): ItemBudget {
  let refused = false;
  const watched = (purse: Purse): Purse => ({
    ...{ name: purse.name, limitUsd: purse.limitUsd, assumePrice: purse.assumePrice },
    used: () => purse.used(),
    refuse: () => {
      refused = true;
      purse.refuse();
    },
    reserve: (amount) => {
      const noted = (hold: Hold | undefined) => {
        refused ||= hold === undefined;
        return hold;
      };
      const hold = purse.reserve(amount);
      return hold instanceof Promise ? hold.then(noted) : noted(hold);
    },
  });
  return {
    ...{ name: budget.name, limitUsd: budget.limitUsd },
    purse: (context, tags) => {
      const purse = budget.purse(context, tags);
      return purse && watched(purse);
    },
    refused: () => refused,
  };
}
