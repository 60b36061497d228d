import type { AIMessage } from "@langchain/core/messages";
import type { StrategyTurn } from "../calls/turn.js";
import type { Failure } from "../errors/index.js";
import type { Mentioning } from "../models/mentions.js";
import type { VoteSummary } from "../state/orchestration-state.js";

/** Answer of one lane. */
export interface NamedAnswer {
  readonly name: string;
  readonly message: AIMessage;
}

/** Answers of the lanes so far. */
export interface LaneAnswers {
  /** In key order of `models`. */
  readonly answers: readonly NamedAnswer[];
  readonly failures: readonly Failure[];
  /** Number of lanes, including failed and cancelled ones. */
  readonly asked: number;
  /** Names of all lanes, in key order; unset if unknown. */
  readonly lanes?: readonly string[];
}

/** Input of an aggregation. */
export interface AggregateTurn<Own = object> extends StrategyTurn<Own>, LaneAnswers {}

/** One answer made from several. */
export interface Aggregated {
  readonly message: AIMessage;
  /** 0..1; `null` if nothing measured it. */
  readonly confidence: number | null;
  readonly agreement?: VoteSummary["agreement"];
  readonly votes?: Readonly<Record<string, number>>;
  /** Model whose answer it is; unset for a new text. */
  readonly winner?: string;
  readonly reason?: string;
}

/** Makes one answer from several: a plain function. */
export type Aggregate<Own = object> = ((turn: AggregateTurn<Own>) => Aggregated | Promise<Aggregated>) & {
  /** Returns true once no further answer can change the outcome; lanes still running are then cancelled. */
  readonly settled?: (answers: LaneAnswers) => boolean;
  /** True if it also makes an answer without its model: a busy model is then awaited no longer than a usual retry. */
  readonly recovers?: boolean;
} & Mentioning;
