import type { ConfigFile } from "./config-file.js";
import type { BudgetSpec } from "./rows/budget-spec.js";
import type { Complain } from "./text/problems.js";

/** Reports budgets of one name whose values differ: they would be one budget. */
export function checkBudgets({ models, graphs = {} }: ConfigFile, complain: Complain): void {
  const first = new Map<string, { readonly section: string; readonly owner: string; readonly spec: BudgetSpec }>();
  for (const [section, entries] of Object.entries({ models, graphs })) {
    for (const [owner, { budget: spec }] of Object.entries(entries)) {
      if (spec === undefined) continue;
      const name = spec.name ?? owner;
      const known = first.get(name);
      if (known === undefined) first.set(name, { section, owner, spec });
      else if (valuesOf(known.spec) !== valuesOf(spec)) {
        const place = `${known.section}.${known.owner}.budget`;
        complain(
          [section, owner, "budget"],
          `has the name of ${place}, but other values; write the same values, since budgets of one name are one, or another name`,
        );
      }
    }
  }
}

/** Returns the values of a budget in a fixed order. */
function valuesOf({ name: _, ...spec }: BudgetSpec): string {
  return JSON.stringify(Object.entries(spec).sort(([one], [other]) => one.localeCompare(other)));
}
