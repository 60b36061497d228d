export { type Drawable, type DrawOptions, drawGraph } from "./draw-graph.js";
export { type DrawStepsOptions, drawSteps } from "./draw-steps.js";
export { type FrontierOptions, type FrontierPoint, frontierChart } from "./frontier-chart.js";
export type { Highlight } from "./graph-dot.js";
export { ledgerTable } from "./ledger-table.js";
export { type Step, type Steppable, step } from "./step.js";
export { toPng } from "./to-png.js";
