import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
  type LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { InvalidModelError, InvalidOptionError, withoutSecrets } from "../errors/index.js";
import { keepLedger, keptLedger } from "../state/ledger.js";
import type { RunContext } from "../state/limits.js";
import { answerOptionsOf } from "./answer-options.js";
import { answerChunks, type GraphEvent } from "./answer-stream.js";
import { runStreams, tokenCallbacks } from "./callbacks-below.js";
import { type GraphRun, openRun } from "./graph-run.js";
import type { MessagesGraph, MessagesGraphBuilder } from "./model.js";
import { type ResolvedModel, resolve } from "./resolve.js";
import { structuredAnswer } from "./structured-answer.js";

export interface ChatModelOptions {
  /** What traces call it. @default the name of the graph */
  readonly name?: string;
  /** Run settings of every call; those given with a call win. @default none */
  readonly context?: RunContext;
  /**
   * What it can do, for whoever asks. With `{ structuredOutput: true }` an agent gets its `responseFormat` as JSON text, which is
   * verified and voted on; without it as the call of a tool, which is taken for a step and is not. Say it where the models
   * inside have JSON schema output. @default unknown
   */
  readonly profile?: ModelProfile;
}

export interface GraphChatModelCallOptions extends BaseChatModelCallOptions {
  /** Bound to the models inside that give answers, never to judges and routers. */
  readonly tools?: BindToolsInput[];
  readonly strict?: boolean;
  /** Run settings of this call. */
  readonly context?: RunContext;
}

/** A graph as a chat model; made by `asChatModel`. */
export class GraphChatModel extends BaseChatModel<GraphChatModelCallOptions> {
  /** What is run; a pattern that is given this model sees it, and counts its calls as those of a nested pattern. */
  readonly graph: Runnable;
  readonly context: RunContext | undefined;
  private readonly pattern: boolean;
  private readonly known: ModelProfile;

  static override lc_name(): string {
    return "GraphChatModel";
  }

  constructor({ subgraph, kind }: ResolvedModel, { name, context, profile = {} }: ChatModelOptions) {
    super({ metadata: { multimodel_chat_model: true } });
    this.graph = subgraph!;
    this.name = name ?? this.graph.getName();
    this.context = context;
    this.pattern = kind === "pattern";
    this.known = profile;
    this.withStructuredOutput = structuredAnswer(this) as BaseChatModel["withStructuredOutput"]; // with LangChain's own overloads
  }

  /** Traces call it by its own name, not by that of the class. */
  override get lc_id(): string[] {
    return [...this.lc_namespace, this.getName()];
  }

  override _llmType(): string {
    return "langgraph_multimodel";
  }

  override get profile(): ModelProfile {
    return this.known;
  }

  override getLsParams({ stop }: this["ParsedCallOptions"]): LangSmithParams {
    const name = this.getName();
    return {
      ls_model_type: "chat",
      ls_provider: "langgraph-multimodel",
      ls_model_name: name,
      ...(stop && { ls_stop: stop }),
    };
  }

  /**
   * @throws {InvalidModelError} when the graph is none of this package's: nobody knows which of its models answers
   */
  override bindTools(
    tools: BindToolsInput[],
    options: Partial<GraphChatModelCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, GraphChatModelCallOptions> {
    if (!this.pattern && tools.length > 0) {
      throw new InvalidModelError(
        `${this.getName()} is a graph of its own and cannot be given tools; bind them to the models inside it`,
      );
    }
    return this.withConfig({ ...options, tools });
  }

  /**
   * Within a graph that is streamed, LangChain would put the answer together from the tokens that were shown. An answer that breaks
   * off can be taken back there (`attempt_discarded`), so the answer of the graph is returned, whatever was shown on the way.
   */
  override generate(...call: Parameters<BaseChatModel["generate"]>): ReturnType<BaseChatModel["generate"]> {
    const [, options, callbacks] = call;
    const given = Array.isArray(options)
      ? callbacks
      : ((options as RunnableConfig | undefined)?.callbacks ?? callbacks);
    const view = runStreams(given) ? Object.create(this, { disableStreaming: { value: true } }) : this;
    return super.generate.apply(view, call);
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const run = this.open(messages, options, runManager);
    try {
      let message: AIMessage | undefined;
      if (runStreams(runManager?.handlers)) {
        const answerOf = (state: unknown) => (message = run.answerOf(state));
        for await (const chunk of this.chunks(run, answerOf, "by id")) await tell(runManager, chunk);
      }
      message ??= run.answerOf(await this.graph.invoke(run.input, run.config));
      return { generations: [{ text: message.text, message }] };
    } catch (error) {
      throw withLedger(error, run);
    }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const run = this.open(messages, options, runManager);
    const listeners = tokenCallbacks(runManager);
    try {
      for await (const chunk of this.chunks(run, run.answerOf, "final")) {
        yield chunk;
        await tell(listeners, chunk);
      }
    } catch (error) {
      throw withLedger(error, run);
    }
  }

  private async *chunks(
    { input, config }: GraphRun,
    answerOf: GraphRun["answerOf"],
    taken: "final" | "by id",
  ): AsyncGenerator<ChatGenerationChunk> {
    const streamMode = this.pattern ? ["messages", "values", "custom"] : ["values"]; // a token of a foreign graph may belong to any of its steps
    const events = await this.graph.stream(input, { ...config, streamMode } as RunnableConfig);
    for await (const message of answerChunks(events as AsyncIterable<GraphEvent>, answerOf, taken)) {
      yield new ChatGenerationChunk({ text: message.text, message });
    }
  }

  /** The configuration of a call is needed below: LangChain drops it here. */
  protected override _separateRunnableConfigFromCallOptionsCompat(
    given?: Partial<GraphChatModelCallOptions>,
  ): [RunnableConfig, this["ParsedCallOptions"]] {
    const [config, options] = super._separateRunnableConfigFromCallOptionsCompat(given);
    const { configurable, tags, metadata, ...rest } = config;
    const recursionLimit = given?.recursionLimit; // LangChain's own default would take the place of the graph's
    const { context } = rest as { readonly context?: RunContext };
    return [config, { ...options, context: options.context ?? context, configurable, tags, metadata, recursionLimit }];
  }

  protected override _getCallOptionsForTracing(options: this["ParsedCallOptions"]): this["ParsedCallOptions"] {
    return answerOptionsOf(options) as this["ParsedCallOptions"];
  }

  private open(messages: BaseMessage[], options: object, runManager: CallbackManagerForLLMRun | undefined): GraphRun {
    const { graph, context, pattern } = this;
    return openRun({ graph, name: this.getName(), context, pattern }, messages, options, runManager);
  }
}

async function tell(run: CallbackManagerForLLMRun | undefined, chunk: ChatGenerationChunk): Promise<void> {
  await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
}

/** Keeps what was paid with the error that ended a run, where the graph could not (an abort, an answer given up). */
function withLedger(thrown: unknown, { calls, nested }: GraphRun): unknown {
  const error = isGraphBubbleUp(thrown) ? thrown : withoutSecrets(thrown);
  if (error !== thrown) keepLedger(error, keptLedger(thrown));
  if (!nested && keptLedger(error).calls.length === 0) keepLedger(error, { calls, decisions: [] });
  return error;
}

/**
 * Makes a graph a chat model: wherever LangChain takes a chat model - agents, supervisors, chains - it takes a pattern.
 *
 * **When to use** - code you do not own wants one model, and you want it routed, checked, voted on or backed up.
 * **Gotchas** - a chat model is told the whole conversation with every call, so each call is one run of the graph; on a thread of a
 * checkpointer (`configurable: { thread_id }`) its messages replace those there. Tools reach the models that give answers, never
 * judges and routers; an answer that calls tools is a step and is not verified. So is the `responseFormat` of `createAgent`, unless
 * `profile: { structuredOutput: true }` says the models have JSON output (`withStructuredOutput` is always verified). Verified and
 * voted answers stream as one chunk; a stream whose first tokens were given ends in `AnswerDiscardedError` when their model fails,
 * since nothing can take them back. `maxConcurrency` of an agent around it is not that of the graph.
 *
 * @param graph a pattern, compiled or not, or another graph or agent over `messages`
 * @example
 * ```ts
 * const model = asChatModel(createFallback({ models: { openai, gemini } }), { name: "support" });
 * for await (const chunk of await model.stream("Hi")) console.log(chunk.text);
 * const { usage_metadata, response_metadata } = await model.invoke("Hi"); // summed; what was decided is in .orchestration
 * ```
 * @returns a `BaseChatModel`
 * @throws {InvalidModelError} when `graph` is no graph over `messages`
 * @throws {InvalidOptionError} when `name` is no text
 */
export function asChatModel(
  graph: MessagesGraph | MessagesGraphBuilder,
  options: ChatModelOptions = {},
): GraphChatModel {
  const model = resolve(graph, "asChatModel.graph");
  const { channels } = (model.subgraph ?? {}) as { readonly channels?: object };
  if (model.entry.model !== graph || channels === undefined || !("messages" in channels)) {
    throw new InvalidModelError(
      "asChatModel.graph is no graph over messages; give a pattern, an agent or a compiled graph",
    );
  }
  const { name } = options;
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    throw new InvalidOptionError("asChatModel.name", name, "give a text");
  }
  return new GraphChatModel(model, options);
}
