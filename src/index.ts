// Patterns

export type { PlanWork } from "./nodes/map-reduce/plan.js";
export type { ReduceAnswers, ReduceTurn } from "./nodes/map-reduce/reduce.js";
export type { ProgressEvent } from "./nodes/map-reduce/worker.js";
export type { OnUnverified } from "./nodes/verifier.js";
export { type CascadeOptions, createCascade } from "./patterns/create-cascade.js";
export { createEnsemble, type EnsembleOptions } from "./patterns/create-ensemble.js";
export { createExperiment, type ExperimentOptions } from "./patterns/create-experiment.js";
export { createFallback, type FallbackOptions } from "./patterns/create-fallback.js";
export { createMapReduce, type MapReduceOptions } from "./patterns/create-map-reduce.js";
export { createPipeline, type PipelineOptions, type Stage } from "./patterns/create-pipeline.js";
export { createQualityGate, type QualityGateOptions } from "./patterns/create-quality-gate.js";
export { createRouter, type RouterOptions, type Specialist } from "./patterns/create-router.js";
export type { Shadow } from "./patterns/experiment-parts.js";
export type { GraphOptions } from "./patterns/graph-options.js";

// Privacy

export { keepLocal } from "./calls/keep-local.js";
export type { EntrySeen } from "./calls/mark.js";
export type { Detect, Detecting, KeepLocalOptions, Privacy } from "./state/privacy.js";

// Patterns as chat models

export { asChatModel, type ChatModelOptions } from "./chat-model/as-chat-model.js";
export type { GraphChatModel, GraphChatModelCallOptions } from "./chat-model/chat-model.js";

// Explanations

export { type ExplainInput, type ExplainOptions, explain } from "./explanation/explain.js";
export type { ExplainedStep, Explanation } from "./explanation/explanation.js";

// Batches

export type { BatchInput, BatchMessage, BatchQuestion } from "./batch/batch-input.js";
export type { BatchOptions, BatchProgress } from "./batch/batch-options.js";
export type { BatchQueue } from "./batch/batch-queue.js";
export type { BatchRow } from "./batch/batch-row.js";
export { runBatch } from "./batch/run-batch.js";

// Models

export type { Budget } from "./ledger/purse.js";
export type { ModelName } from "./models/by-name/named-providers.js";
export { defineModels } from "./models/define-models.js";
export type {
  Capabilities,
  Capability,
  MessagesGraph,
  MessagesGraphBuilder,
  Model,
  ModelEntry,
  ModelParameters,
  ModelPool,
  Models,
} from "./models/model.js";
export type { BreakerOptions } from "./resilience/breaker-options.js";
export { type BudgetOptions, budget } from "./resilience/budget.js";
export type { Cache, CachePlace, CacheRequest } from "./resilience/cache.js";
export { type Classified, classifyError } from "./resilience/classify-error.js";
export { type ExactCacheOptions, exactCache } from "./resilience/exact-cache.js";
export type { HedgeOptions } from "./resilience/hedge.js";
export type { ObservedLatency } from "./resilience/latency.js";
export type { LimitOptions } from "./resilience/limit-options.js";
export { type MemoryStoreOptions, memoryStore } from "./resilience/memory-store.js";
export type { RetryOptions } from "./resilience/retry.js";
export { type SemanticCacheOptions, semanticCache } from "./resilience/semantic-cache.js";
export type { Reservation, Store } from "./resilience/store.js";

// Streaming

export type { AttemptDiscarded } from "./calls/attempt.js";

// Strategies of your own

export { readStructured, type StructuredSchema } from "./calls/structured.js";
export type { AskModel, StrategyTurn } from "./calls/turn.js";
export type { Mention, Mentioning } from "./models/mentions.js";

// Routing

export type { Affinity } from "./nodes/affinity.js";
export type { Adapt, Reward, RewardTurn, Shares } from "./routing/adapting/adapt.js";
export { type Thompson, type ThompsonOptions, thompson } from "./routing/adapting/thompson.js";
export type { ThompsonState } from "./routing/adapting/thompson-state.js";
export { byCapability, type CapabilityOptions } from "./routing/by-capability.js";
export { byComplexity, type ComplexityOptions } from "./routing/by-complexity.js";
export { byContextWindow, type ContextWindowOptions } from "./routing/by-context-window.js";
export { byCost, type CostOptions, type Ratings } from "./routing/by-cost.js";
export { byKeyword } from "./routing/by-keyword.js";
export { byLatency, type LatencyOptions } from "./routing/by-latency.js";
export { byPhase, type PhaseOptions } from "./routing/by-phase.js";
export { bySimilarity, type SimilarityOptions } from "./routing/by-similarity.js";
export { byTask, type TaskOptions } from "./routing/by-task.js";
export { byTokens } from "./routing/by-tokens.js";
export { type ClassifyOptions, classifyWith } from "./routing/classify-with.js";
export { type Complexity, detectComplexity } from "./routing/detect-complexity.js";
export { firstOf } from "./routing/first-of.js";
export { latencyOptimized } from "./routing/latency-optimized.js";
export type { NextStage, StageChoice, StageTurn } from "./routing/next-stage.js";
export { qualityFocused } from "./routing/quality-focused.js";
export type { RoutableModel, Route, RouteChoice, RouteTurn } from "./routing/route.js";
export { untilApproved } from "./routing/until-approved.js";
export { type WeightedOptions, weighted } from "./routing/weighted.js";

// Verification

export type { Verdict } from "./state/verdict.js";
export { readApproval } from "./text/judgements/read-approval.js";
export { type AgreementOptions, agreement } from "./verification/agreement.js";
export { allOf } from "./verification/all-of.js";
export { anyOf } from "./verification/any-of.js";
export { check } from "./verification/check.js";
export { type ConsistencyOptions, consistency } from "./verification/consistency.js";
export { type GroundedOptions, groundedIn } from "./verification/grounded-in.js";
export { type JudgeOptions, judgeWith } from "./verification/judge-with.js";
export { type LogprobsOptions, logprobs } from "./verification/logprobs.js";
export { matchesSchema } from "./verification/matches-schema.js";
export { type SelfReportedOptions, selfReported } from "./verification/self-reported.js";
export type { Verify, VerifyTurn } from "./verification/verify.js";

// Aggregation

export type { Aggregate, Aggregated, AggregateTurn, LaneAnswers, NamedAnswer } from "./aggregation/aggregate.js";
export { type BestOfOptions, bestOf } from "./aggregation/best-of.js";
export { firstAnswer } from "./aggregation/first-answer.js";
export { longest } from "./aggregation/longest.js";
export { type MajorityVoteOptions, majorityVote } from "./aggregation/majority-vote.js";
export { type SynthesizeOptions, synthesizeWith } from "./aggregation/synthesize-with.js";
export { type WeightedVoteOptions, weightedVote } from "./aggregation/weighted-vote.js";

// Normalizers

export { type Normalize, normalizeText, textOf } from "./text/normalizers/normalize.js";
export { normalizeChoice } from "./text/normalizers/normalize-choice.js";
export { normalizeJson } from "./text/normalizers/normalize-json.js";
export { normalizeNumber } from "./text/normalizers/normalize-number.js";
export { normalizeYesNo } from "./text/normalizers/normalize-yes-no.js";

// Context

export type { Context, ContextTurn } from "./context/context.js";
export { extractWith } from "./context/extract-with.js";
export { fullHistory } from "./context/full-history.js";
export { lastMessages } from "./context/last-messages.js";
export { latestOnly } from "./context/latest-only.js";
export { type SharedMemoryOptions, sharedMemory } from "./context/shared-memory.js";
export { type SummarizeOptions, summarizeWith } from "./context/summarize-with.js";

// State

export { MessagesInput, type PatternGraph } from "./langgraph/pattern-graph.js";
export type { Decision } from "./state/decision.js";
export {
  type Candidate,
  OrchestrationState,
  type OrchestrationUpdate,
  type StageOutput,
  type VoteSummary,
} from "./state/orchestration-state.js";
export type { Prompt } from "./state/prompt.js";
export { RunContext } from "./state/run-context.js";

// Ledger

export { callsOf } from "./ledger/kept-ledger.js";
export type { CallUsage, ModelCall, Price } from "./ledger/model-call.js";
export { lookUpPrice } from "./ledger/price.js";
export { formatReport, type Savings, savings } from "./ledger/report.js";
export { byModel, type ModelSummary, totalCost, totalTokens } from "./ledger/totals.js";

// Events

export type { BreakerEvent, BudgetEvent, DecisionEvent, DriftEvent, Events } from "./events/publish.js";
export { type Subscriptions, subscribe } from "./events/subscribe.js";

// Errors

export {
  AllModelsFailedError,
  AnswerDiscardedError,
  CallTimeoutError,
  CircuitOpenError,
  type Failure,
  ModelCallError,
  QuorumNotReachedError,
  StepLimitError,
} from "./errors/call-errors.js";
export { type ErrorClass, type ErrorRule, errorClasses } from "./errors/error-classes.js";
export { ForeignError } from "./errors/foreign-error.js";
export { BudgetExceededError, DeadlineExceededError } from "./errors/limit-errors.js";
export { LimitReachedError } from "./errors/limit-reached.js";
export { NotAllowedError } from "./errors/not-allowed-error.js";
export {
  ConfigError,
  type ConfigProblem,
  InvalidInputError,
  InvalidModelError,
  InvalidModelNameError,
  InvalidOptionError,
  MissingPackageError,
  MovedError,
  NoRouteError,
  UnavailableModelError,
  UnknownRouteError,
} from "./errors/option-errors.js";
export { OrchestrationError } from "./errors/orchestration-error.js";
export { RecordingMissError } from "./errors/recording-miss-error.js";

// Deprecated names

export {
  type Agreement,
  type Ask,
  loadRouter,
  localEmbeddings,
  type Output,
  type Plan,
  type Poll,
  type Reduce,
  type Turn,
  trainRouter,
  type Usage,
} from "./deprecated.js";
