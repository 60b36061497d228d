import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import type {
  BaseChatModel,
  BaseChatModelCallOptions,
  BindToolsInput,
  LangSmithParams,
} from "@langchain/core/language_models/chat_models";
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { ModelProfile } from "@langchain/core/language_models/profile";
import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk, ChatResult } from "@langchain/core/outputs";
import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import type { AttemptDiscarded } from "../calls/attempt.js";
import { InvalidModelError } from "../errors/index.js";
import { readsEvents, runStreams, tokenCallbacks } from "../langgraph/callbacks-below.js";
import { CompiledPattern } from "../langgraph/compiled-pattern.js";
import { copyWithId } from "../langgraph/constructor-fields.js";
import { withRunConfig } from "../langgraph/run-keys.js";
import { marksOf } from "../langgraph/trace-marks.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import { answerOptionsOf } from "../models/answer-options.js";
import type { ResolvedModel } from "../models/resolve.js";
import { watchingRequests } from "../secrets/sent-secrets.js";
import type { RunContext } from "../state/run-context.js";
import { type AnswerCache, answerKey } from "./answer-cache.js";
import { answerEvents } from "./answer-events.js";
import { answerChunks, type GraphEvent } from "./answer-stream.js";
import { CheckedChatModel } from "./checked-chat-model.js";
import { type GraphRun, onThread, openRun, type Reader, type StreamMode } from "./graph-run.js";
import { withLedger, writeLedger } from "./run-ledger.js";
import { generationOf, reportChunk, reportEvents, withEvents } from "./shown-answer.js";
import { structuredAnswer } from "./structured-answer.js";

export interface GraphChatModelCallOptions extends BaseChatModelCallOptions {
  /** Tools for the models that answer; judges and routers do not get them. */
  readonly tools?: BindToolsInput[];
  readonly strict?: boolean;
  /** Run context of this call. */
  readonly context?: RunContext;
}

/** A resolved graph with the options of its chat model. */
export interface GraphAsModel extends Pick<ResolvedModel, "subgraph" | "kind"> {
  readonly name: string;
  readonly context: RunContext | undefined;
  readonly profile: ModelProfile;
  /** What it streams; a graph that is no pattern always comes whole. */
  readonly stream: StreamMode;
  readonly cache: AnswerCache | undefined;
  /** Prefix of cache keys; stable across processes when the model has a name. */
  readonly owner: string;
  /**
   * True in a middleware: a call is a part of the agent's step, so the graph has no steps of its own where that is possible, and its
   * ledger goes to `calls` and `decisions` of the agent's state.
   */
  readonly within?: boolean;
}

/** A graph as a chat model; made by `asChatModel`. */
export class GraphChatModel extends CheckedChatModel<GraphChatModelCallOptions> {
  /** The wrapped graph; an outer pattern recognizes it and counts its calls as nested. */
  readonly graph: Runnable;
  readonly context: RunContext | undefined;
  private readonly pattern: boolean;
  private readonly known: ModelProfile;
  private readonly mode: StreamMode;
  private readonly owner: string;
  private readonly within: boolean;

  static override lc_name(): string {
    return "GraphChatModel";
  }

  constructor({ subgraph, kind, name, context, profile, stream, cache, owner, within = false }: GraphAsModel) {
    super({ metadata: { multimodel_chat_model: true }, ...(cache && { cache }) });
    this.graph = subgraph!;
    this.name = name;
    this.context = context;
    this.pattern = kind === "pattern";
    this.known = profile;
    this.owner = owner;
    this.within = within;
    this.mode = this.pattern ? stream : "whole"; // tokens of a foreign graph may belong to any of its steps
    this.withStructuredOutput = structuredAnswer(this) as BaseChatModel["withStructuredOutput"];
  }

  /** Uses the model's name in traces instead of the class name. */
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
    return marksOf("langgraph-multimodel", this.getName(), stop);
  }

  /** @throws {InvalidModelError} for a foreign graph, because it is unknown which of its models answers */
  override bindTools(
    tools: BindToolsInput[],
    options: Partial<GraphChatModelCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, GraphChatModelCallOptions> {
    if (!this.pattern && tools.length > 0) {
      throw new InvalidModelError(
        `${this.getName()} is a foreign graph and does not accept tools; bind them to the models inside it`,
      );
    }
    return this.withConfig({ ...options, tools });
  }

  override withConfig(
    config: Partial<GraphChatModelCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, GraphChatModelCallOptions> {
    return withEvents(super.withConfig(config), this);
  }

  /**
   * Returns the graph's own answer in a streamed run, where LangChain would assemble it from streamed tokens, abandoned ones
   * included. Disables the cache on a checkpointer thread, where a cached answer would be missing.
   */
  override generate(...call: Parameters<BaseChatModel["generate"]>): ReturnType<BaseChatModel["generate"]> {
    const [, options, callbacks] = call;
    const config = (Array.isArray(options) ? {} : options) as RunnableConfig | undefined;
    const given = config?.callbacks ?? callbacks;
    const view = Object.create(this, {
      ...((runStreams(given) || readsEvents(given)) && { disableStreaming: { value: true } }),
      ...(onThread(this.graph, config ?? {}) && { cache: { value: undefined } }),
    });
    return super.generate.apply(view, call);
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const run = this.open(messages, options, runManager, "run");
    try {
      const message = await this.shown(run, runManager);
      if (this.within) writeLedger(options, message);
      return { generations: [{ text: message.text, message }] };
    } catch (error) {
      const thrown = withLedger(error, run);
      if (this.within) writeLedger(options, thrown);
      throw thrown;
    }
  }

  /** Runs the graph and reports tokens or events to the callbacks of the run. */
  private async shown(run: GraphRun, runManager: CallbackManagerForLLMRun | undefined): Promise<AIMessage> {
    const asEvents = readsEvents(runManager?.handlers);
    if (!asEvents && !runStreams(runManager?.handlers)) {
      return run.answerOf(await watchingRequests(() => this.result(run)));
    }
    let message: AIMessage | undefined;
    const answerOf = (state: unknown) => (message = run.answerOf(state));
    const chunks = this.chunks({ ...run, answerOf }, "by id", runManager);
    if (asEvents) {
      const assembled = await reportEvents(runManager, chunks);
      return keepLedger(copyWithId(assembled, message?.id), keptLedger(message)); // differs when a model reuses message ids
    }
    for await (const chunk of chunks) await reportChunk(runManager, generationOf(chunk));
    return message!;
  }

  private result({ input, config }: GraphRun): Promise<unknown> {
    const { graph, within } = this;
    if (!within || !(graph instanceof CompiledPattern)) return graph.invoke(input, config);
    return graph.runWithin(input as never, config);
  }

  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatModelStreamEvent> {
    const run = this.open(messages, options, runManager, "events");
    try {
      yield* answerEvents(this.chunks(run, "final", runManager));
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
      for await (const message of this.chunks(run, "final", runManager)) {
        const chunk = generationOf(message);
        yield chunk;
        await reportChunk(listeners, chunk);
      }
    } catch (error) {
      throw withLedger(error, run);
    }
  }

  private async *chunks(
    { input, config, mode, answerOf, discarded }: GraphRun,
    taken: "final" | "by id",
    runManager: CallbackManagerForLLMRun | undefined,
  ): AsyncGenerator<AIMessageChunk> {
    const streamMode = mode === "whole" ? ["values"] : ["messages", "values", "custom"];
    const settings = { ...config, streamMode } as RunnableConfig;
    const events = await watchingRequests(() => this.graph.stream(input, settings));
    const report = async (event: AttemptDiscarded) =>
      runManager?.handleCustomEvent(event.type, event, runManager.runId);
    const reading = { taken: mode === "live" ? mode : taken, answerOf, discarded, report };
    yield* answerChunks(events as AsyncIterable<GraphEvent>, reading);
  }

  /** Keeps the call configuration for the run, because LangChain drops it here. */
  protected override _separateRunnableConfigFromCallOptionsCompat(
    given?: Partial<GraphChatModelCallOptions>,
  ): [RunnableConfig, this["ParsedCallOptions"]] {
    return withRunConfig(super._separateRunnableConfigFromCallOptionsCompat(given), given);
  }

  /** Uses the call options that affect an answer. */
  override _getSerializedCacheKeyParametersForCall(options: GraphChatModelCallOptions): string {
    return answerKey(this.owner, { options: answerOptionsOf(options), context: options.context });
  }

  protected override _getCallOptionsForTracing(options: this["ParsedCallOptions"]): this["ParsedCallOptions"] {
    return answerOptionsOf(options) as this["ParsedCallOptions"];
  }

  private open(
    messages: BaseMessage[],
    options: object,
    runManager: CallbackManagerForLLMRun | undefined,
    reader: Reader = "caller",
  ): GraphRun {
    const { graph, context, pattern, mode } = this;
    return openRun({ graph, name: this.getName(), context, pattern, mode, reader }, messages, options, runManager);
  }
}
