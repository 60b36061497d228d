import type { BaseMessage } from "@langchain/core/messages";
import {
  Annotation,
  type BaseChannel,
  type LastValue,
  MessagesZodMeta,
  ReducedValue,
  type START,
  type StateDefinition,
  StateGraph,
  StateSchema,
} from "@langchain/langgraph";
import { withLangGraph } from "@langchain/langgraph/zod";
import { z } from "zod";
import { Conversation, messagesReducer, refuseInput } from "../state/message-input.js";
import { OrchestrationState, type OrchestrationUpdate } from "../state/orchestration-state.js";
import { RunContext } from "../state/run-context.js";
import { CompiledPattern, type PatternFields } from "./compiled-pattern.js";

/** Input of every pattern: `{ messages }`, where a string becomes one human message. */
export const MessagesInput = new StateSchema({ messages: Conversation });

const messages = z.any().optional() as unknown as z.ZodType<BaseMessage[], BaseMessage[]>;
const conversation = withLangGraph(messages, { ...MessagesZodMeta, reducer: { fn: messagesReducer } });
const input = z.object({ messages: conversation }, { error: ({ input }) => refuseInput(input) });
/** Schema of the whole state, which servers publish. */
const output = z.object({ ...valuesOf(OrchestrationState.fields), ...input.shape });

type RunSettings = z.infer<typeof RunContext>;

/** Type of the run context with every key optional; a zod object would make all keys required. */
type RunContextDefinition = { [Key in keyof RunSettings]?: () => LastValue<NonNullable<RunSettings[Key]>> };

/**
 * Uncompiled graph of a factory, so that the caller chooses persistence, name and interrupts. Every key of `context` is optional.
 */
export type PatternGraph<Node extends string = string> = StateGraph<
  typeof OrchestrationState,
  OrchestrationState,
  OrchestrationUpdate,
  Node | typeof START,
  typeof MessagesInput,
  typeof OrchestrationState,
  RunContextDefinition
>;

type Builder = StateGraph<typeof OrchestrationState>;

/** Builder whose compiled graph has a `depth`. */
class PatternBuilder extends StateGraph<typeof OrchestrationState> {
  /** Name of a graph that is compiled without one. */
  factory = "";
  /** Maximum number of steps in a run. */
  depth = 0;

  override compile(options?: Parameters<Builder["compile"]>[0]): never {
    const name = options?.name ?? this.factory;
    const fields: object = { ...super.compile({ ...options, name }), depth: this.depth };
    return new CompiledPattern(fields as PatternFields) as never; // PatternGraph has its type
  }
}

/**
 * Makes an empty graph over the shared state.
 *
 * It has channels and a zod input instead of one schema, so that updates of our nodes are not validated again, a nested run
 * receives messages only, and Studio shows both input forms (messages and context) and the output.
 *
 * @param name name of the factory: traces, Studio and chat models show it for a graph compiled without a name
 * @param depth maximum number of steps in a run; a node counts once per visit
 */
export function patternGraph(name: string, depth: number): PatternGraph {
  const channels = Object.entries(OrchestrationState.getChannels()).map(([key, channel]) => [
    key,
    initialized(channel),
  ]);
  const state = Annotation.Root(Object.fromEntries(channels) as StateDefinition);
  const graph = new PatternBuilder({ state, input, output, context: RunContext } as never);
  return Object.assign(graph, { factory: name, depth }) as object as PatternGraph;
}

function valuesOf(fields: typeof OrchestrationState.fields) {
  const schemas = Object.entries(fields).map(([key, field]) => [
    key,
    ReducedValue.isInstance(field) ? field.valueSchema : field,
  ]);
  return Object.fromEntries(schemas) as Record<string, z.ZodType>;
}

/**
 * Fills an empty channel with `undefined`. LangGraph reads an empty channel by throwing and catching an error, for every optional
 * key before every node and edge, which slows a run by a few per cent.
 */
function initialized(channel: BaseChannel): BaseChannel {
  if (channel.lc_graph_name !== "LastValue" || channel.isAvailable()) return channel;
  return new (channel.constructor as new (initial: () => undefined) => BaseChannel)(() => undefined);
}
