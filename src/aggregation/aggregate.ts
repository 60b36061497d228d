import type { AIMessage } from "@langchain/core/messages";
import type { Turn } from "../calls/turn.js";
import type { Failure } from "../errors/index.js";
import type { Mentioning } from "../models/mentions.js";
import type { Aggregate as Agreement } from "../state/orchestration-state.js";

/** An answer of one lane. */
export interface NamedAnswer {
  readonly name: string;
  readonly message: AIMessage;
}

/** What the lanes gave so far. */
export interface Poll {
  /** In key order of `models`. */
  readonly answers: readonly NamedAnswer[];
  readonly failures: readonly Failure[];
  /** Lanes asked, failed and cancelled ones included. */
  readonly asked: number;
  /** Names of the lanes asked, in key order; absent where nobody knows them. */
  readonly lanes?: readonly string[];
}

/** One answer out of several. */
export interface Aggregated {
  readonly message: AIMessage;
  /** 0..1; `null` when nothing measured it. */
  readonly confidence: number | null;
  readonly agreement?: Agreement["agreement"];
  readonly votes?: Readonly<Record<string, number>>;
  /** Whose answer it is; absent for a new text. */
  readonly winner?: string;
  readonly reason?: string;
}

/** Makes one answer out of several: a plain function. */
export type Aggregate = ((turn: Turn & Poll) => Aggregated | Promise<Aggregated>) & {
  /** True as soon as no further answer can change the outcome; lanes that are still at work are then cancelled. */
  readonly settled?: (poll: Poll) => boolean;
} & Mentioning;
