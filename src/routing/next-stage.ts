import type { AIMessage } from "@langchain/core/messages";
import type { StructuredSchema } from "../calls/structured.js";
import type { StrategyTurn } from "../calls/turn.js";
import type { StageOutput } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";

/** LangGraph's `END`; strategies do not import LangGraph. */
export const end = "__end__";

/** Input of a `next`. */
export interface StageTurn<Own = object> extends StrategyTurn<Own> {
  /** Outputs of the stages in this run, oldest first; the answer of this stage is the last. */
  readonly outputs: readonly StageOutput[];
  readonly answer: AIMessage;
  /** Number of answers this stage gave in this run, this one included. */
  readonly visits: number;
}

/** A decision with its reason. `name: undefined` goes to the stage that follows. */
export interface StageChoice<Name extends string = string> {
  readonly name: Name | typeof end | undefined;
  /** Written to `verdict` of the state; its `answer` replaces this stage's output. */
  readonly verdict?: Verdict;
  readonly reason?: string;
}

type Chosen<Name extends string> = Name | typeof end | StageChoice<Name> | undefined;

/**
 * Chooses the next stage: a plain function. `undefined` goes to the stage that follows.
 *
 * It runs after the stage's model call: if it interrupts, resuming pays for that call again, so let a person decide in a stage of
 * their own. (A method, so that a choice among some of the stages fits a pipeline with more.)
 */
export type NextStage<Name extends string = string, Own = object> = {
  next(turn: StageTurn<Own>): Chosen<Name> | Promise<Chosen<Name>>;
}["next"] & {
  /** Added to the prompt of the stage's model, e.g. "say whether you approve". */
  readonly instruction?: string;
  /** Structured output the stage's model is called with, where its client supports it; the answer may still be text. */
  readonly schema?: StructuredSchema;
  /** All names it may return, where they are known (`END` too): the edges that are drawn, and checked before anything runs. */
  readonly targets?: readonly (Name | typeof end)[];
  /** True if it only sends work back: each target must then be a stage before its own. */
  readonly backward?: true;
};

export function toStageChoice(chosen: Chosen<string>): StageChoice {
  return typeof chosen === "object" && chosen !== null ? chosen : { name: chosen };
}
