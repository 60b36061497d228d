import type { AIMessage } from "@langchain/core/messages";
import type { StructuredSchema } from "../calls/structured.js";
import type { StrategyTurn } from "../calls/turn.js";
import type { StageOutput } from "../state/orchestration-state.js";
import type { Verdict } from "../state/verdict.js";

/** LangGraph's `END`: no stage comes next. */
export const end = "__end__";

/** What a `next` is given. */
export interface StageTurn extends StrategyTurn {
  /** What the stages of this run gave so far, oldest first; the answer of this one is the last. */
  readonly outputs: readonly StageOutput[];
  /** What this stage answered just now. */
  readonly answer: AIMessage;
  /** How often this stage has answered in this run, this time included. */
  readonly visits: number;
}

/** A decision with its grounds; a bare name is one without. `name: undefined` is the stage that follows. */
export interface StageChoice<Name extends string = string> {
  readonly name: Name | typeof end | undefined;
  /** Becomes `verdict` of the state; its `answer` replaces this stage's output. */
  readonly verdict?: Verdict;
  readonly reason?: string;
}

/** What a `next` returns: a stage, `END`, or nothing for the stage that follows. */
type Chosen<Name extends string> = Name | typeof end | StageChoice<Name> | undefined;

/**
 * Chooses the stage that comes next: a plain function. `undefined` means: the one that follows.
 *
 * It is asked after the stage has been paid: one that interrupts has its stage paid again when the run goes on, so let a person
 * decide in a stage of their own. Written as a method so that a choice among some of the stages is a choice of that pipeline.
 */
export type NextStage<Name extends string = string> = {
  next(turn: StageTurn): Chosen<Name> | Promise<Chosen<Name>>;
}["next"] & {
  /** Added to what the stage's model is asked, e.g. "say whether you approve". */
  readonly instruction?: string;
  /** The form the stage's model is asked to answer in, where its client can; the answer may be text all the same. */
  readonly schema?: StructuredSchema;
  /**
   * All it may name, where that is known (`END` too): only these are drawn, and a name that is no stage is refused before anything
   * runs. `undefined`, the stage that follows, needs no mention.
   */
  readonly targets?: readonly (Name | typeof end)[];
  /** True where it only sends work back: targets that are no stage before its own are then refused. */
  readonly backward?: true;
};

/** The decision in its long form. */
export function toStageChoice(chosen: Chosen<string>): StageChoice {
  return typeof chosen === "object" && chosen !== null ? chosen : { name: chosen };
}
