import type { Budget } from "../../ledger/purse.js";
import { type BudgetOptions, budget } from "../../resilience/budget.js";
import type { Store } from "../../resilience/store.js";
import type { BudgetSpec } from "../rows/budget-spec.js";
import { contextField } from "./context-field.js";

/** Returns the budget of a model or graph; those of one name are the same object. */
export type BudgetOf = (owner: string, spec: BudgetSpec) => Budget;

/** Makes the budgets of one file, kept so that graphs that are built anew go on with what is spent. */
export function budgetsOfFile(store?: Store): BudgetOf {
  const made = new Map<string, Budget>();
  return (owner, { by, ...spec }) => {
    const name = spec.name ?? owner;
    const field = by === undefined ? undefined : contextField(by);
    const key: BudgetOptions["key"] = field && (({ context }) => field(context));
    const known =
      made.get(name) ?? budget({ ...spec, name, ...(key && { key }), ...(store && { store }) } as BudgetOptions);
    made.set(name, known);
    return known;
  };
}
