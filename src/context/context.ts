import type { BaseMessage } from "@langchain/core/messages";
import type { StrategyTurn } from "../calls/turn.js";
import type { StageOutput } from "../state/orchestration-state.js";

/** Input of a context strategy. */
export interface ContextTurn<Own = object> extends StrategyTurn<Own> {
  /** Outputs of earlier stages in this run, oldest first; a stage that ran twice appears twice. */
  readonly outputs: readonly StageOutput[];
  /** Context window of the stage's model in tokens, if known. */
  readonly contextWindow?: number;
}

/** Selects what a model sees of the conversation and of earlier stages: a plain function. */
export type Context<Own = object> = ((
  turn: ContextTurn<Own>,
) => readonly BaseMessage[] | Promise<readonly BaseMessage[]>) & {
  /** Called after the model has answered, for strategies with a memory; an error does not undo the answer. */
  readonly keep?: (turn: ContextTurn<Own>, output: StageOutput) => Promise<void>;
};
