import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { InvalidOptionError, isLimit, ModelCallError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Model, ModelEntry } from "../models/model.js";
import { type ResolvedModel, resolve } from "../models/resolve.js";
import { readConversation } from "../state/message-input.js";
import { askStructured } from "./ask-structured.js";
import type { Mark } from "./mark.js";
import type { Sooner } from "./nesting.js";
import type { Scope } from "./scope.js";
import type { StructuredSchema } from "./structured.js";

/** Calls a model from a strategy, with the ledger, retries and traces of any other call. */
export type AskModel = (
  messages: readonly BaseMessage[],
  options?: {
    /** @default the judged model in a `Verify`; required elsewhere */
    readonly model?: Model | ModelEntry;
    /** Role in the ledger. @default `judge`, `router` or `aggregator`, by the strategy */
    readonly role?: ModelCall["role"];
    /** Schema for structured output, if the client has tools; parse the answer with `readStructured`. */
    readonly schema?: StructuredSchema;
    /** True if the answer is returned unchanged, so its tokens may stream. @default false */
    readonly returned?: boolean;
    /** True to bypass caches, the entry's and the client's own, to sample the same prompt again. @default false */
    readonly fresh?: boolean;
  },
) => Promise<AIMessage>;

/**
 * Arguments of every strategy.
 *
 * @typeParam Own keys that `state` of the factory adds; they type `turn.state`. @default those of any graph
 */
export interface StrategyTurn<Own = object> {
  /** The conversation, as passed to the run. */
  readonly messages: readonly BaseMessage[];
  readonly ask: AskModel;
  /** Own keys of the graph's `state` that are set, as the node read them; `{}` without `state`. */
  readonly state: Own;
  readonly config: LangGraphRunnableConfig;
}

interface AskFromOptions {
  /** Model to call if the strategy names no other. */
  readonly judged?: ResolvedModel | undefined;
  /** Returns true if the run should not wait for the model. */
  readonly sooner?: Sooner;
}

/** Makes the `ask` of a strategy, for the scope of its node. */
export function askFrom(scope: Scope, role: ModelCall["role"], { judged, sooner }: AskFromOptions = {}): AskModel {
  const askModel: AskModel = async (messages, options = {}) => {
    const model = options.model === undefined ? judged : resolve(options.model, `${scope.node}.ask.model`);
    if (model === undefined)
      throw new InvalidOptionError(`${scope.node}.ask.model`, undefined, "name the model to ask");
    const conversation = readConversation(messages, `${scope.node}.ask`);
    const { schema, fresh = false } = options;
    const said = { ...(schema && { schema }), ...(sooner && { sooner }) };
    const asked = { role: options.role ?? role, hidden: options.returned !== true, fresh, ...said };
    const call = askStructured(model, conversation, scope, asked);
    scope.asking.add(call);
    try {
      return (await call).message;
    } catch (error) {
      if (ModelCallError.isInstance(error) && isLimit(error.class)) scope.limits.push(error);
      throw error;
    } finally {
      scope.asking.delete(call);
    }
  };
  marks.set(askModel, scope.privacy);
  return askModel;
}

/** Marks of the runs that strategies belong to, by what they ask with. */
const marks = new WeakMap<AskModel, Mark | undefined>();

/** Returns why a strategy must not call an embedder in this run, `undefined` if it may. */
export function barredEmbedder({ ask }: Pick<StrategyTurn, "ask">, embedder: object): string | undefined {
  return marks.get(ask)?.barredEmbedder(embedder);
}

/** Returns true in a run whose contents must not be kept outside. */
export function isSensitive({ ask }: Pick<StrategyTurn, "ask">): boolean {
  return marks.get(ask)?.isMarked === true;
}
