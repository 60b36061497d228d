export { type CalibrateOptions, type Calibration, calibrate } from "./calibration/calibrate.js";
export type { CalibrationFigures } from "./calibration/calibration-figures.js";
export type { CalibrationTarget } from "./calibration/choose-threshold.js";
export type { Reliability, ReliabilityBin } from "./calibration/reliability.js";
export {
  type CompareVariantsOptions,
  compareVariants,
  type VariantComparison,
} from "./compare-variants.js";
export type { Difference, Figure } from "./compared-figures.js";
export { type Feedback, type FeedbackOptions, feedback, feedbackScores, runIdOf } from "./feedback/feedback.js";
export { formatComparison } from "./format-comparison.js";
export { type Frontier, type FrontierEntry, type FrontierSources, frontier, plotFrontier } from "./frontier.js";
export type { Metric } from "./metrics.js";
export { type CompareOptions, compare, type PairedComparison } from "./paired/compare.js";
export { formatEvaluation } from "./paired/format-evaluation.js";
export { type ShadowedRun, type ShadowReportsOptions, shadowReports } from "./paired/shadow-reports.js";
export { type Sweep, type SweepOptions, type SweptPattern, sweep } from "./paired/sweep.js";
export type { RecordedAnswer, Recording } from "./recording.js";
export { loadRecordings } from "./recordings/load-recordings.js";
export { type RecordOptions, record } from "./recordings/record.js";
export {
  type RecordedModels,
  type RecordingProgress,
  type RecordModelsOptions,
  recordModels,
} from "./recordings/record-models.js";
export { type ReplayOptions, replay } from "./recordings/replay.js";
export { replayModels } from "./recordings/replay-models.js";
export type { ComparableRun, RunLedger } from "./run-facts.js";
export type { Dataset, Example } from "./runs/dataset.js";
export { type EvaluateOptions, type EvaluationProgress, evaluate } from "./runs/evaluate.js";
export type { EvaluatedItem } from "./runs/item.js";
export { type Cluster, loadReport, type Measure, type ModelShare, type Report } from "./runs/report.js";
export {
  type JudgeAgreement,
  type JudgeScorerOptions,
  judge,
  judgeAgreement,
  type LabelledAnswer,
} from "./scorers/judge.js";
export { choice, contains, exact, json, number, regex } from "./scorers/rules.js";
export type { Score, Scored, Scorer, ScorerArgs } from "./scorers/scorer.js";
export type { Moment, TimeRange } from "./sides.js";
export type { Estimate } from "./statistics/estimate.js";
