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

/** What every pattern is called with: `{ messages }`; a string is taken as one human message. */
export const MessagesInput = new StateSchema({ messages: Conversation });

const messages = z.any().optional() as unknown as z.ZodType<BaseMessage[], BaseMessage[]>;
const conversation = withLangGraph(messages, { ...MessagesZodMeta, reducer: { fn: messagesReducer } });
const input = z.object({ messages: conversation }, { error: ({ input }) => refuseInput(input) });
/** The whole state, as a schema a server can publish. */
const output = z.object({ ...valuesOf(OrchestrationState.fields), ...input.shape });

type RunSettings = z.infer<typeof RunContext>;

/** The run context as LangGraph types it, with every key optional: a zod object would make all of them required. */
type RunContextDefinition = { [Key in keyof RunSettings]?: () => LastValue<NonNullable<RunSettings[Key]>> };

/**
 * What a factory returns: a graph that is not compiled yet, so persistence, name and interrupts are the caller's.
 * Every run setting of `context` is optional.
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

/** A builder whose graph knows how many steps it takes. */
class PatternBuilder extends StateGraph<typeof OrchestrationState> {
  /** What the graph is called where it is compiled without a name. */
  factory = "";
  /** The most steps a run takes. */
  depth = 0;

  override compile(options?: Parameters<Builder["compile"]>[0]): never {
    const name = options?.name ?? this.factory;
    const fields: object = { ...super.compile({ ...options, name }), depth: this.depth };
    return new CompiledPattern(fields as PatternFields) as never; // PatternGraph has its type
  }
}

/**
 * An empty graph over the shared state.
 *
 * Built from the channels of `OrchestrationState` and a zod input: our own writes are not validated again, nested runs take
 * messages only, and Studio is given what it shows (both forms, messages and context, and what comes out).
 *
 * @param name of the factory: traces, Studio and chat models show it where the graph is compiled without one
 * @param depth the most steps a run takes: nodes one after the other, as often as they are visited
 */
export function patternGraph(name: string, depth: number): PatternGraph {
  const channels = Object.entries(OrchestrationState.getChannels()).map(([key, channel]) => [key, filled(channel)]);
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
 * A channel that begins with `undefined` instead of nothing: LangGraph reads an empty one by throwing an error and catching
 * it, for every optional key, before every node and edge, which costs a run a few per cent.
 */
function filled(channel: BaseChannel): BaseChannel {
  if (channel.lc_graph_name !== "LastValue" || channel.isAvailable()) return channel;
  return new (channel.constructor as new (initial: () => undefined) => BaseChannel)(() => undefined);
}
