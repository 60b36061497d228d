import type { AIMessage } from "@langchain/core/messages";
import type { StrategyTurn } from "../calls/turn.js";
import type { Failure } from "../errors/index.js";
import type { Mentioning } from "../models/mentions.js";
import type { VoteSummary } from "../state/orchestration-state.js";

/** An answer of one lane. */
export interface NamedAnswer {
  readonly name: string;
  readonly message: AIMessage;
}

/** What the lanes answered so far. */
export interface LaneAnswers {
  /** In key order of `models`. */
  readonly answers: readonly NamedAnswer[];
  readonly failures: readonly Failure[];
  /** Lanes asked, failed and cancelled ones included. */
  readonly asked: number;
  /** Names of the lanes asked, in key order; absent where they are unknown. */
  readonly lanes?: readonly string[];
}

/** What a strategy that combines answers is given. */
export interface AggregateTurn extends StrategyTurn, LaneAnswers {}

/** One answer out of several. */
export interface Aggregated {
  readonly message: AIMessage;
  /** 0..1; `null` when nothing measured it. */
  readonly confidence: number | null;
  readonly agreement?: VoteSummary["agreement"];
  readonly votes?: Readonly<Record<string, number>>;
  /** Whose answer it is; absent for a new text. */
  readonly winner?: string;
  readonly reason?: string;
}

/** Makes one answer out of several: a plain function. */
export type Aggregate = ((turn: AggregateTurn) => Aggregated | Promise<Aggregated>) & {
  /** True as soon as no further answer can change the outcome; lanes that are still at work are then cancelled. */
  readonly settled?: (answers: LaneAnswers) => boolean;
  /** True where it makes an answer without the model it asks, too: a busy one is then not waited for longer than a retry usually is. */
  readonly recovers?: boolean;
} & Mentioning;
