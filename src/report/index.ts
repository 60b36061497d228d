export { runTimeline, type TimelineOptions } from "../drawing/run-timeline.js";
export { type BatchReportOptions, batchReport } from "./batch-report.js";
export type { BatchRun } from "./batch-runs.js";
export type { ReportOptions } from "./report-options.js";
export type { ReportState } from "./report-state.js";
export { runReport } from "./run-report.js";
export type { StepsPicture } from "./steps-picture.js";
