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
import { isGraphBubbleUp } from "@langchain/langgraph";
import { InvalidModelError, withoutSecrets } from "../errors/index.js";
import { readsEvents, runStreams, tokenCallbacks } from "../langgraph/callbacks-below.js";
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
import { type GraphRun, onThread, openRun } from "./graph-run.js";
import { generationOf, tellChunk, tellEvents, withEvents } from "./shown-answer.js";
import { structuredAnswer } from "./structured-answer.js";

export interface GraphChatModelCallOptions extends BaseChatModelCallOptions {
  /** Bound to the models inside that give answers, never to judges and routers. */
  readonly tools?: BindToolsInput[];
  readonly strict?: boolean;
  /** Run settings of this call. */
  readonly context?: RunContext;
}

/** What a graph is as a chat model. */
export interface GraphAsModel extends Pick<ResolvedModel, "subgraph" | "kind"> {
  readonly name: string;
  readonly context: RunContext | undefined;
  readonly profile: ModelProfile;
  /** Tokens come as they are made. */
  readonly live: boolean;
  readonly cache: AnswerCache | undefined;
  /** What tells its answers in a cache from those of others, in other processes too where it has a name. */
  readonly owner: string;
}

/** A graph as a chat model; made by `asChatModel`. */
export class GraphChatModel extends CheckedChatModel<GraphChatModelCallOptions> {
  /** What is run; a pattern that is given this model sees it, and counts its calls as those of a nested pattern. */
  readonly graph: Runnable;
  readonly context: RunContext | undefined;
  private readonly pattern: boolean;
  private readonly known: ModelProfile;
  private readonly live: boolean;
  private readonly owner: string;

  static override lc_name(): string {
    return "GraphChatModel";
  }

  constructor({ subgraph, kind, name, context, profile, live, cache, owner }: GraphAsModel) {
    super({ metadata: { multimodel_chat_model: true }, ...(cache && { cache }) });
    this.graph = subgraph!;
    this.name = name;
    this.context = context;
    this.pattern = kind === "pattern";
    this.known = profile;
    this.owner = owner;
    this.live = live && this.pattern; // a token of a foreign graph may belong to any of its steps
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
    return marksOf("langgraph-multimodel", this.getName(), stop);
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

  override withConfig(
    config: Partial<GraphChatModelCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, GraphChatModelCallOptions> {
    return withEvents(super.withConfig(config), this);
  }

  /**
   * Within a graph that is streamed, LangChain would put the answer together from the tokens or events that were shown. An answer that
   * breaks off can be taken back there (`attempt_discarded`), so the answer of the graph is returned, whatever was shown on the way.
   * On a thread of a checkpointer the graph is always run: a cached answer would be missing there.
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
    const run = this.open(messages, options, runManager);
    try {
      const message = await this.shown(run, runManager);
      return { generations: [{ text: message.text, message }] };
    } catch (error) {
      throw withLedger(error, run);
    }
  }

  /** The answer, told to whoever reads tokens or events off the callbacks of the run. */
  private async shown(run: GraphRun, runManager: CallbackManagerForLLMRun | undefined): Promise<AIMessage> {
    const asEvents = readsEvents(runManager?.handlers);
    if (!asEvents && !runStreams(runManager?.handlers)) {
      return run.answerOf(await watchingRequests(() => this.graph.invoke(run.input, run.config)));
    }
    let message: AIMessage | undefined;
    const chunks = this.chunks(run, (state) => (message = run.answerOf(state)), "by id");
    if (asEvents) {
      const told = await tellEvents(runManager, chunks);
      return keepLedger(copyWithId(told, message?.id), keptLedger(message)); // another id where a model repeats its own
    }
    for await (const chunk of chunks) await tellChunk(runManager, generationOf(chunk));
    return message!;
  }

  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatModelStreamEvent> {
    const run = this.open(messages, options, runManager);
    try {
      yield* answerEvents(this.chunks(run, run.answerOf, "final"));
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
      for await (const message of this.chunks(run, run.answerOf, "final")) {
        const chunk = generationOf(message);
        yield chunk;
        await tellChunk(listeners, chunk);
      }
    } catch (error) {
      throw withLedger(error, run);
    }
  }

  private async *chunks(
    { input, config }: GraphRun,
    answerOf: GraphRun["answerOf"],
    taken: "final" | "by id",
  ): AsyncGenerator<AIMessageChunk> {
    const streamMode = this.live ? ["messages", "values", "custom"] : ["values"];
    const settings = { ...config, streamMode } as RunnableConfig;
    const events = await watchingRequests(() => this.graph.stream(input, settings));
    yield* answerChunks(events as AsyncIterable<GraphEvent>, answerOf, taken);
  }

  /** The configuration of a call is needed below: LangChain drops it here. */
  protected override _separateRunnableConfigFromCallOptionsCompat(
    given?: Partial<GraphChatModelCallOptions>,
  ): [RunnableConfig, this["ParsedCallOptions"]] {
    return withRunConfig(super._separateRunnableConfigFromCallOptionsCompat(given), given);
  }

  /** What an answer depends on, beside the messages; the rest of a call is where it is made. */
  override _getSerializedCacheKeyParametersForCall(options: GraphChatModelCallOptions): string {
    return answerKey(this.owner, { options: answerOptionsOf(options), context: options.context });
  }

  protected override _getCallOptionsForTracing(options: this["ParsedCallOptions"]): this["ParsedCallOptions"] {
    return answerOptionsOf(options) as this["ParsedCallOptions"];
  }

  private open(messages: BaseMessage[], options: object, runManager: CallbackManagerForLLMRun | undefined): GraphRun {
    const { graph, context, pattern } = this;
    return openRun({ graph, name: this.getName(), context, pattern }, messages, options, runManager);
  }
}

/** Keeps what was paid with the error that ended a run, where the graph could not (an abort, an answer given up). */
function withLedger(thrown: unknown, { calls, nested }: GraphRun): unknown {
  const error = isGraphBubbleUp(thrown) ? thrown : withoutSecrets(thrown);
  if (error !== thrown) keepLedger(error, keptLedger(thrown));
  if (!nested && keptLedger(error).calls.length === 0) keepLedger(error, { calls, decisions: [] });
  return error;
}
