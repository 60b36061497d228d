import type { Budget } from "../../ledger/purse.js";
import { BudgetSpec } from "./budget-spec.js";
import type { Field } from "./field.js";

/** The budget of a graph. */
export const budget: Field<typeof BudgetSpec, Budget> = {
  schema: BudgetSpec,
  build: (spec, { budgetOf }) => budgetOf(spec),
  references: () => [],
};
