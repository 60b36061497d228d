import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { MissingPackageError } from "../errors/index.js";
import { isPrivateRun } from "../langgraph/without-tracers.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";
import type { LedgerReader } from "./ledger-reader.js";
import { CallSpans } from "./spans/call-spans.js";
import type { RunSpans } from "./spans/run-spans.js";
import { StepSpans } from "./spans/step-spans.js";

/** Name under which LangChain knows the handler; a run has one at most. */
export const spanHandlerName = "multimodel_open_telemetry";

type LlmStart =
  Parameters<Required<BaseCallbackHandler>["handleLLMStart"]> extends [unknown, unknown, ...infer Rest] ? Rest : never;

interface Writers {
  readonly calls: CallSpans;
  readonly steps: StepSpans;
}

interface Parts {
  readonly spans: RunSpans;
  readonly usual: Writers;
  /** Writers of runs whose contents no trace may hold. */
  readonly reserved: Writers;
}

/** Turns callbacks and the ledger into spans and metrics. */
export class SpanHandler extends BaseCallbackHandler implements LedgerReader {
  override readonly name = spanHandlerName;
  override readonly awaitHandlers = true;
  override raiseError = false;
  private parts: Parts | undefined;
  /** Ids of open runs whose contents no trace may hold. */
  private readonly reserved = new Set<string>();

  /**
   * @param load loads the API of OpenTelemetry with the first run
   * @param content true to record what models read and write
   */
  constructor(
    private readonly load: () => Promise<RunSpans>,
    private readonly content: boolean,
  ) {
    super();
  }

  override handleChainStart(
    ...[chain, inputs, id, parentId, tags, metadata, , name]: Parameters<
      Required<BaseCallbackHandler>["handleChainStart"]
    >
  ): void | Promise<void> {
    return this.with(id, metadata, ({ steps }) => steps.begin({ chain, inputs, id, parentId, tags, metadata, name }));
  }

  override handleChainEnd(outputs: unknown, id: string): void {
    this.closing(id)?.steps.end(id, outputs);
  }

  override handleChainError(error: unknown, id: string): void {
    const shown = this.shown(id, error);
    this.closing(id)?.steps.fail(id, shown);
  }

  override handleChatModelStart(
    model: Serialized,
    [messages = []]: BaseMessage[][],
    id: string,
    parentId?: string,
    extra: Record<string, unknown> = {},
    tags?: string[],
    metadata?: Record<string, unknown>,
    name?: string,
  ): void | Promise<void> {
    return this.with(id, metadata, ({ calls }) =>
      calls.begin({ model, messages, id, parentId, extra, tags, metadata, name }),
    );
  }

  /** Treats a model that completes a text like one that chats. */
  override handleLLMStart(model: Serialized, prompts: string[], ...given: LlmStart): void | Promise<void> {
    return this.handleChatModelStart(model, [prompts.map((prompt) => new HumanMessage(prompt))], ...given);
  }

  override handleLLMNewToken(_token: string, _indices: unknown, id: string): void {
    this.writersOf(id)?.calls.noteToken(id);
  }

  override handleLLMEnd(output: LLMResult, id: string): void {
    this.closing(id)?.calls.end(id, output);
  }

  override handleLLMError(error: unknown, id: string): void {
    const shown = this.shown(id, error);
    this.closing(id)?.calls.fail(id, shown);
  }

  override handleToolStart(
    ...[tool, input, id, parentId, , metadata, name, callId]: Parameters<
      Required<BaseCallbackHandler>["handleToolStart"]
    >
  ): void | Promise<void> {
    return this.with(id, metadata, ({ steps }) =>
      steps.beginTool({ chain: tool, inputs: input, id, parentId, metadata, name, callId }),
    );
  }

  override handleToolEnd(output: unknown, id: string): void {
    this.closing(id)?.steps.endTool(id, output);
  }

  override handleToolError(error: unknown, id: string): void {
    const shown = this.shown(id, error);
    this.closing(id)?.steps.fail(id, shown);
  }

  override handleRetrieverStart(
    ...[retriever, query, id, parentId, , metadata, name]: Parameters<
      Required<BaseCallbackHandler>["handleRetrieverStart"]
    >
  ): void | Promise<void> {
    return this.with(id, metadata, ({ steps }) =>
      steps.beginRetriever({ chain: retriever, inputs: query, id, parentId, metadata, name }),
    );
  }

  override handleRetrieverEnd(documents: unknown, id: string): void {
    this.closing(id)?.steps.end(id, documents);
  }

  override handleRetrieverError(error: unknown, id: string): void {
    const shown = this.shown(id, error);
    this.closing(id)?.steps.fail(id, shown);
  }

  callBegan(call: ModelCall, nodeRunId: string | undefined): void {
    this.parts?.spans.follow(call, nodeRunId);
  }

  decided(decision: Decision, turnId: string, nodeRunId: string | undefined): void {
    this.parts?.spans.decide(decision, turnId, nodeRunId);
  }

  /** Runs at once, except for the first callback, which waits for the API. */
  private with(
    id: string,
    metadata: Record<string, unknown> | undefined,
    work: (writers: Writers) => void,
  ): void | Promise<void> {
    if (isPrivateRun(metadata)) this.reserved.add(id);
    const begin = () => {
      work(this.writersOf(id)!);
      const run = this.reserved.has(id) ? this.parts?.spans.find(id) : undefined;
      if (run !== undefined) run.isReserved = true;
    };
    return this.parts === undefined ? this.prepare().then(begin) : begin();
  }

  private writersOf(id: string): Writers | undefined {
    return this.reserved.has(id) ? this.parts?.reserved : this.parts?.usual;
  }

  /** Replaces an error whose message may quote what no trace may hold. */
  private shown(id: string, error: unknown): unknown {
    if (!this.reserved.has(id) || isGraphBubbleUp(error)) return error;
    const { name = "Error" } = Object(error) as { readonly name?: string };
    return Object.assign(new Error("left out of traces, as privacy asks"), { name });
  }

  /** Returns the writers of a run that ends. */
  private closing(id: string): Writers | undefined {
    const writers = this.writersOf(id);
    this.reserved.delete(id);
    return writers;
  }

  private async prepare(): Promise<Parts> {
    try {
      const spans = await this.load();
      const { content } = this;
      const writers = (shown: boolean) => ({ calls: new CallSpans(spans, shown), steps: new StepSpans(spans, shown) });
      this.parts ??= { spans, usual: writers(content), reserved: writers(false) };
      return this.parts;
    } catch (error) {
      if (MissingPackageError.isInstance(error)) this.raiseError = true; // a broken provider is logged, and the run goes on untraced
      throw error;
    }
  }
}
