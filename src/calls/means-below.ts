import type { ResolvedModel } from "../models/resolve.js";
import { narrowed, type RunMeans } from "./means.js";
import type { Scope } from "./scope.js";

/** Returns the means of a graph that runs as a model: those of the run, its entry's budget, and limits its own settings add. */
export function belowMeans({ entry, context }: ResolvedModel, { means, turnId }: Scope): RunMeans | undefined {
  return narrowed(means, { context, turnId, budget: entry.budget });
}
