import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { InvalidOptionError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Model, ModelEntry } from "../models/model.js";
import { type ResolvedModel, resolve } from "../models/resolve.js";
import { checkConversation } from "../state/message-input.js";
import { askStructured } from "./ask-structured.js";
import type { Scope, Sooner } from "./scope.js";
import type { StructuredSchema } from "./structured.js";

/** The way a strategy reaches a model, so that it is billed, retried and traced like any other. */
export type AskModel = (
  messages: readonly BaseMessage[],
  options?: {
    /** @default in a `Verify` the model that is judged; elsewhere there is none */
    readonly model?: Model | ModelEntry;
    /** What the ledger calls it. @default `judge`, `router` or `aggregator`, after the strategy that asks */
    readonly role?: ModelCall["role"];
    /** Structured output, where the client has it; read it with `readStructured`. */
    readonly schema?: StructuredSchema;
    /** True where the answer is returned as it is: its tokens may then stream. @default false */
    readonly returned?: boolean;
    /** True where an answer of the client's own cache would say nothing new: the same question is asked again. @default false */
    readonly fresh?: boolean;
  },
) => Promise<AIMessage>;

/**
 * What every strategy is given.
 *
 * @typeParam Own keys that `state` of the factory adds, by which `turn.state` is typed. @default those of any graph
 */
export interface StrategyTurn<Own = object> {
  /** The conversation, as the run got it. */
  readonly messages: readonly BaseMessage[];
  readonly ask: AskModel;
  /** Own keys of the graph's `state` that are set, as the node read them; `{}` without `state`. */
  readonly state: Own;
  readonly config: LangGraphRunnableConfig;
}

interface AskFromOptions {
  /** The model that is asked where the strategy names none. */
  readonly judged?: ResolvedModel | undefined;
  /** True when the run has better to do than to wait for the model. */
  readonly sooner?: Sooner;
}

/** Lets a strategy ask from the scope of the node it runs in. */
export function askFrom(scope: Scope, role: ModelCall["role"], { judged, sooner }: AskFromOptions = {}): AskModel {
  return async (messages, options = {}) => {
    const model = options.model === undefined ? judged : resolve(options.model, `${scope.node}.ask.model`);
    if (model === undefined)
      throw new InvalidOptionError(`${scope.node}.ask.model`, undefined, "name the model to ask");
    checkConversation(messages, `${scope.node}.ask`);
    const { schema, fresh = false } = options;
    const said = { ...(schema && { schema }), ...(sooner && { sooner }) };
    const asked = { role: options.role ?? role, hidden: options.returned !== true, fresh, ...said };
    return (await askStructured(model, messages, scope, asked)).message;
  };
}
