export { type Drawable, type DrawOptions, drawGraph } from "../drawing/draw-graph.js";
export { type DrawStepsOptions, drawSteps } from "../drawing/draw-steps.js";
export type { Highlight } from "../drawing/graph-dot.js";
export { runTimeline, type TimelineOptions } from "../drawing/run-timeline.js";
export { toPng } from "../drawing/to-png.js";
export { type FrontierOptions, type FrontierPoint, frontierChart } from "../evaluation/frontier-chart.js";
export { ledgerTable } from "./ledger-table.js";
export { type Step, type Steppable, step } from "./step.js";
