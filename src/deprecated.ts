import type { LaneAnswers } from "./aggregation/aggregate.js";
import type { AskModel, StrategyTurn } from "./calls/turn.js";
import { MovedError } from "./errors/option-errors.js";
import type { CallUsage } from "./ledger/model-call.js";
import type { PlanWork } from "./nodes/map-reduce/plan.js";
import type { ReduceAnswers } from "./nodes/map-reduce/reduce.js";
import type { StageOutput, VoteSummary } from "./state/orchestration-state.js";

/** @deprecated Named `VoteSummary` since 0.2. */
export type Agreement = VoteSummary;
/** @deprecated Named `AskModel` since 0.2. */
export type Ask = AskModel;
/** @deprecated Named `StageOutput` since 0.2. */
export type Output = StageOutput;
/** @deprecated Named `PlanWork` since 0.2. */
export type Plan = PlanWork;
/** @deprecated Named `LaneAnswers` since 0.2. */
export type Poll = LaneAnswers;
/** @deprecated Named `ReduceAnswers` since 0.2. */
export type Reduce = ReduceAnswers;
/** @deprecated Named `StrategyTurn` since 0.2. */
export type Turn = StrategyTurn;
/** @deprecated Named `CallUsage` since 0.2. */
export type Usage = CallUsage;

const moved =
  (name: string) =>
  (..._ignored: readonly unknown[]): never => {
    throw new MovedError(name, "langgraph-multimodel/learned");
  };

/**
 * @deprecated Throws; import it from `langgraph-multimodel/learned`.
 * @example `import { loadRouter } from "langgraph-multimodel/learned"`
 */
export const loadRouter = moved("loadRouter");

/**
 * @deprecated Throws; import it from `langgraph-multimodel/learned`.
 * @example `import { trainRouter } from "langgraph-multimodel/learned"`
 */
export const trainRouter = moved("trainRouter");

/**
 * @deprecated Throws; import it from `langgraph-multimodel/learned`.
 * @example `import { localEmbeddings } from "langgraph-multimodel/learned"`
 */
export const localEmbeddings = moved("localEmbeddings");
