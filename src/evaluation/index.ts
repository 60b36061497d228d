export {
  type CompareVariantsOptions,
  compareVariants,
  type VariantComparison,
} from "./compare-variants.js";
export type { Difference, Figure } from "./compared-figures.js";
export { formatComparison } from "./format-comparison.js";
export type { Metric } from "./metrics.js";
export type { ComparableRun, RunLedger } from "./run-facts.js";
export type { Moment, TimeRange } from "./sides.js";
