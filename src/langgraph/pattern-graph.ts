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
import { InvalidInputError } from "../errors/index.js";
import type { Budget } from "../ledger/purse.js";
import { checkBudget } from "../resilience/budget.js";
import { keepSettings } from "../state/graph-settings.js";
import { Conversation, messagesReducer, refuseInput } from "../state/message-input.js";
import { OrchestrationState, type OrchestrationUpdate } from "../state/orchestration-state.js";
import { type OwnFields, ownFields, type SharedFields } from "../state/own-keys.js";
import { checkPrivacy, type Privacy, sensitive } from "../state/privacy.js";
import { givenPrompt, type Prompt } from "../state/prompt.js";
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
export type PatternGraph<Node extends string = string, Fields extends SharedFields = SharedFields> = StateGraph<
  StateSchema<Fields>,
  StateSchema<Fields>["State"],
  UpdateOf<Fields>,
  Node | typeof START,
  InputOf<Fields>,
  StateSchema<Fields>,
  RunContextDefinition
>;

/** What a node may return: a list is appended, an `Overwrite` replaces it. */
type UpdateOf<Fields extends SharedFields> = keyof Fields extends keyof SharedFields
  ? OrchestrationUpdate
  : OrchestrationUpdate & Omit<StateSchema<Fields>["Update"], keyof OrchestrationUpdate>;

/** What a pattern is called with: messages, and the own keys of its state. */
type InputOf<Fields extends SharedFields> = keyof Fields extends keyof SharedFields
  ? typeof MessagesInput
  : StateSchema<(typeof MessagesInput)["fields"] & Omit<Fields, keyof SharedFields>>;

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
 * @throws {InvalidOptionError} when `state` does not spread `OrchestrationState.fields`, or `system` is no prompt
 */
export function patternGraph(
  name: string,
  depth: number,
  { state, system, budget, privacy, verify }: GraphOptions = {},
): PatternGraph {
  const own = ownFields(state, `${name}.state`);
  checkBudget(budget, `${name}.budget`);
  checkPrivacy(privacy, `${name}.privacy`);
  const fields = { ...OrchestrationState.fields, ...own, ...(privacy && { sensitive }) };
  const channels = Object.entries(new StateSchema(fields).getChannels()).map(([key, channel]) => [
    key,
    initialized(channel),
  ]);
  const shared: Record<string, BaseChannel> = Object.fromEntries(channels);
  const definition = Annotation.Root(shared as unknown as StateDefinition);
  const forms =
    Object.keys(own).length === 0
      ? { input, output }
      : {
          input: new OwnInput({ messages: Conversation, ...own }, shared),
          output: new SameChannels(fields, shared),
        };
  const context = contextForm(system, verify?.judge);
  const graph = new PatternBuilder({ state: definition, ...forms, context } as never);
  const given = system === undefined ? undefined : givenPrompt(system, `${name}.system`);
  const nodes = new Map<string, readonly string[]>();
  keepSettings(graph, {
    ...{ owner: name, own, system: given, budget, privacy, prompts: given === undefined ? [] : [given] },
    noteNode: (node, keys) => nodes.set(node, keys),
    written: () =>
      Object.keys(graph.nodes).every((node) => nodes.has(node)) ? [...nodes.values()].flat() : Object.keys(own),
  });
  return Object.assign(graph, { factory: name, depth }) as object as PatternGraph;
}

/** What every factory takes for its whole graph. */
interface GraphOptions {
  readonly state?: unknown;
  readonly system?: Prompt | undefined;
  readonly budget?: Budget | undefined;
  readonly privacy?: Privacy | undefined;
  readonly verify?: { readonly judge?: Judge } | undefined;
}

/** Settings of a judge that a run may replace. */
interface Judge {
  readonly rubric: Prompt;
  readonly threshold: number;
  readonly scale: readonly [number, number];
}

/** Makes the form of a run's settings: prompts can be edited at their nodes in Studio, and a judge's only where there is a judge. */
function contextForm(system: Prompt | undefined, judge: Judge | undefined) {
  const { systemPrompt, judgeRubric, judgeThreshold } = RunContext.shape;
  const form = RunContext.omit({ judgeRubric: true, judgeThreshold: true }).extend({
    systemPrompt: marked(systemPrompt, { langgraph_type: "prompt", default: system }),
  });
  if (judge === undefined) return form;
  const { rubric, threshold, scale } = judge;
  const atVerifier = { langgraph_nodes: ["verifier"] };
  const [minimum, maximum] = scale;
  return form.extend({
    judgeRubric: marked(judgeRubric, { ...atVerifier, langgraph_type: "prompt", default: rubric }),
    judgeThreshold: marked(judgeThreshold, { ...atVerifier, minimum, maximum, default: threshold }),
  });
}

/** Adds to a field's schema, with its default for the form if that can be written in one. */
function marked<Schema extends z.ZodType>(
  schema: Schema,
  { default: shown, ...marks }: Record<string, unknown>,
): Schema {
  const isShown = typeof shown === "string" || typeof shown === "number";
  return schema.meta({ ...schema.meta(), ...marks, ...(isShown && { default: shown }) });
}

/**
 * Schema whose own keys have the channels of the state. LangGraph compares the channels of state, input and output, and takes two that
 * are untracked for different ones.
 */
class SameChannels extends StateSchema<OwnFields> {
  constructor(
    fields: OwnFields,
    private readonly state: Readonly<Record<string, BaseChannel>>,
  ) {
    super(fields);
  }

  override getChannels(): Record<string, BaseChannel> {
    const own = super.getChannels();
    const isUntracked = (key: string) => own[key]!.lc_graph_name === "UntrackedValue";
    return Object.fromEntries(Object.keys(own).map((key) => [key, isUntracked(key) ? this.state[key]! : own[key]!]));
  }
}

/** Input with own keys: those that are given are checked, and those that are not are kept as they are. */
class OwnInput extends SameChannels {
  override async validateInput<Given>(given: Given): Promise<Given> {
    if (typeof given !== "object" || given === null) refuseInput(given);
    try {
      return await super.validateInput(given);
    } catch (error) {
      throw InvalidInputError.isInstance(error) ? error : new InvalidInputError(readableIssue(error));
    }
  }
}

/** Says which key of an input is wrong, and why. */
function readableIssue(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, key, issues] = /^Validation failed for field "([^"]*)": (.*)$/s.exec(text) ?? [];
  if (key === undefined) return text;
  const { message = "it is not what its schema asks for" } = (JSON.parse(issues!) as { message?: string }[])[0] ?? {};
  return `The input's ${key} is not what \`state\` says: ${message}`;
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
