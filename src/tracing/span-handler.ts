import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { MissingPackageError } from "../errors/index.js";
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

interface Parts {
  readonly spans: RunSpans;
  readonly calls: CallSpans;
  readonly steps: StepSpans;
}

/** Turns callbacks and the ledger into spans and metrics. */
export class SpanHandler extends BaseCallbackHandler implements LedgerReader {
  override readonly name = spanHandlerName;
  override readonly awaitHandlers = true;
  override raiseError = false;
  private parts: Parts | undefined;

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
    return this.with(({ steps }) => steps.begin({ chain, inputs, id, parentId, tags, metadata, name }));
  }

  override handleChainEnd(outputs: unknown, id: string): void {
    this.parts?.steps.end(id, outputs);
  }

  override handleChainError(error: unknown, id: string): void {
    this.parts?.steps.fail(id, error);
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
    return this.with(({ calls }) => calls.begin({ model, messages, id, parentId, extra, tags, metadata, name }));
  }

  /** Treats a model that completes a text like one that chats. */
  override handleLLMStart(model: Serialized, prompts: string[], ...given: LlmStart): void | Promise<void> {
    return this.handleChatModelStart(model, [prompts.map((prompt) => new HumanMessage(prompt))], ...given);
  }

  override handleLLMNewToken(_token: string, _indices: unknown, id: string): void {
    this.parts?.calls.noteToken(id);
  }

  override handleLLMEnd(output: LLMResult, id: string): void {
    this.parts?.calls.end(id, output);
  }

  override handleLLMError(error: unknown, id: string): void {
    this.parts?.calls.fail(id, error);
  }

  override handleToolStart(
    ...[tool, input, id, parentId, , metadata, name, callId]: Parameters<
      Required<BaseCallbackHandler>["handleToolStart"]
    >
  ): void | Promise<void> {
    return this.with(({ steps }) =>
      steps.beginTool({ chain: tool, inputs: input, id, parentId, metadata, name, callId }),
    );
  }

  override handleToolEnd(output: unknown, id: string): void {
    this.parts?.steps.endTool(id, output);
  }

  override handleToolError(error: unknown, id: string): void {
    this.parts?.steps.fail(id, error);
  }

  override handleRetrieverStart(
    ...[retriever, query, id, parentId, , metadata, name]: Parameters<
      Required<BaseCallbackHandler>["handleRetrieverStart"]
    >
  ): void | Promise<void> {
    return this.with(({ steps }) =>
      steps.beginRetriever({ chain: retriever, inputs: query, id, parentId, metadata, name }),
    );
  }

  override handleRetrieverEnd(documents: unknown, id: string): void {
    this.parts?.steps.end(id, documents);
  }

  override handleRetrieverError(error: unknown, id: string): void {
    this.parts?.steps.fail(id, error);
  }

  callBegan(call: ModelCall, nodeRunId: string | undefined): void {
    this.parts?.spans.follow(call, nodeRunId);
  }

  decided(decision: Decision, turnId: string, nodeRunId: string | undefined): void {
    this.parts?.spans.decide(decision, turnId, nodeRunId);
  }

  /** Runs at once, except for the first callback, which waits for the API. */
  private with(work: (parts: Parts) => void): void | Promise<void> {
    return this.parts === undefined ? this.prepare().then(work) : work(this.parts);
  }

  private async prepare(): Promise<Parts> {
    try {
      const spans = await this.load();
      const { content } = this;
      this.parts ??= { spans, calls: new CallSpans(spans, content), steps: new StepSpans(spans, content) };
      return this.parts;
    } catch (error) {
      if (MissingPackageError.isInstance(error)) this.raiseError = true; // a broken provider is logged, and the run goes on untraced
      throw error;
    }
  }
}
