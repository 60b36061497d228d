import type { BaseMessage } from "@langchain/core/messages";
import type { StrategyTurn } from "../calls/turn.js";
import type { StageOutput } from "../state/orchestration-state.js";

/** What a context strategy is given. */
export interface ContextTurn extends StrategyTurn {
  /** What earlier stages of this run gave, oldest first; a stage that ran twice is there twice. */
  readonly outputs: readonly StageOutput[];
  /** Tokens the model that will read it takes, where that is known. */
  readonly contextWindow?: number;
}

/** Says what a model sees of the conversation and of the stages before it: a plain function. */
export type Context = ((turn: ContextTurn) => readonly BaseMessage[] | Promise<readonly BaseMessage[]>) & {
  /** Called once the model has answered, for a strategy that remembers; what it throws does not undo the answer. */
  readonly keep?: (turn: ContextTurn, output: StageOutput) => Promise<void>;
};
