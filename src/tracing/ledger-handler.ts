import {
  BaseCallbackHandler,
  type HandleLLMNewTokenCallbackFields,
  type NewTokenIndices,
} from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { tracedCall } from "../langgraph/trace-marks.js";
import { Ledger } from "../ledger/ledger.js";
import { abandonLine, closeLine, failLine, noteFirstToken, openLine, settleHit, settleLine } from "../ledger/line.js";
import { addressIn, localPrice } from "../ledger/local-price.js";
import type { ModelCall } from "../ledger/model-call.js";
import { lookUpPrice } from "../ledger/price.js";
import { usageOf } from "../ledger/usage.js";
import { kindNamed } from "../models/client-kinds.js";
import { classifyError } from "../resilience/classify-error.js";
import { type Orchestration, orchestrationOf } from "./carried-ledger.js";
import type { LedgerPlace, SettleCall } from "./ledger-place.js";
import { ToolSteps } from "./tool-steps.js";

/**
 * Fills the ledger of an opaque runnable (agent, foreign graph, chain) from callbacks of all chat-model calls below it, also failed
 * ones.
 */
export class LedgerHandler extends BaseCallbackHandler {
  override readonly name = "multimodel_ledger";
  override readonly awaitHandlers = true;
  /** True so that a call that does not fit its budget is not made. */
  override raiseError: boolean;
  private readonly settling = new Map<ModelCall, SettleCall>();
  private readonly seen = new Map<string | undefined, ModelCall | undefined>();
  private readonly open = new Map<string, ModelCall>();
  private readonly counted = new Set<string>();
  /** Number of consecutive failed attempts, by path. */
  private readonly failed = new Map<string, number>();
  private readonly given: ReadonlySet<string | undefined>;
  private readonly toolSteps: ToolSteps;
  /** Ids of messages with tokens that may have been shown. */
  readonly shown = new Set<string>();

  constructor(private readonly place: LedgerPlace) {
    super();
    this.raiseError = place.reserve !== undefined;
    this.given = new Set(place.given?.map(({ id }) => id));
    this.toolSteps = new ToolSteps(place.given);
  }

  override handleChatModelStart(
    model: Serialized,
    messages: BaseMessage[][],
    runId: string,
    _parentRunId?: string,
    extra: Record<string, unknown> = {},
    _tags?: string[],
    metadata: Record<string, unknown> = {},
  ): void | Promise<void> {
    for (const message of messages.flat()) {
      if (message.id === undefined) continue; // examples in a prompt have no id
      this.toolSteps.note(message); // may date from before an interrupt
      if (!this.given.has(message.id)) this.mergeCarried(message);
    }
    if ((metadata.multimodel_path ?? metadata.multimodel_chat_model) !== undefined) {
      this.counted.add(runId); // a nested pattern writes its line, or the model is a pattern
      return;
    }
    const { path, node, price: own } = this.place;
    const { node: inner, model: name = node, provider: kind } = tracedCall(metadata);
    const hosting = kindNamed(kind)?.hosting;
    const price =
      own === undefined ? (localPrice({ hosting, modelId: name, apiUrl: addressIn(model) }) ?? lookUpPrice(name)) : own;
    const place = { ...this.place, path: inner !== undefined && inner !== node ? `${path}/${inner}` : path };
    const attempt = 1 + (this.failed.get(place.path) ?? 0);
    const begin = (settle?: SettleCall) => {
      const call = openLine(place, { model: name, prompt: messages.flat(), price, attempt, id: runId });
      if (settle !== undefined) this.settling.set(call, settle);
      this.open.set(runId, call);
      this.place.note(call);
    };
    const { invocation_params: parameters = {} } = extra as { readonly invocation_params?: Record<string, unknown> };
    const reserved = this.place.reserve?.({
      path: place.path,
      messages: messages.flat(),
      price: price ?? null,
      parameters,
    });
    return reserved instanceof Promise ? reserved.then(begin) : begin(reserved);
  }

  override handleLLMNewToken(
    _token: string,
    _indices: NewTokenIndices,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    fields?: HandleLLMNewTokenCallbackFields,
  ): void {
    const id = (fields?.chunk as { message?: AIMessage } | undefined)?.message?.id;
    if (id !== undefined) this.shown.add(id);
    const call = this.open.get(runId);
    if (call !== undefined) noteFirstToken(call);
  }

  override handleLLMEnd(
    output: LLMResult,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    { cached }: Record<string, unknown> = {},
  ): void {
    if (this.place.signal.aborted) return;
    const message = (output.generations[0]?.[0] as { message?: AIMessage } | undefined)?.message;
    this.toolSteps.note(message);
    const call = this.open.get(runId);
    if (call !== undefined || this.counted.has(runId)) this.seen.set(message?.id, call);
    if (call === undefined) return;
    this.open.delete(runId);
    this.failed.delete(call.path);
    if (cached === true) settleHit(call);
    else settleLine(call, message, call.price ?? null);
    this.end(call);
  }

  override handleToolStart(
    _tool: Serialized,
    _input: string,
    _runId: string,
    _parentRunId?: string,
    _tags?: string[],
    _metadata?: Record<string, unknown>,
    _runName?: string,
    toolCallId?: string,
  ): void {
    this.toolSteps.begin(toolCallId);
  }

  override handleToolEnd(output: unknown): void {
    this.toolSteps.note(output);
  }

  private end(call: ModelCall): void {
    this.settling.get(call)?.(call);
    this.settling.delete(call);
    closeLine(call);
  }

  /** Ends the lines of open calls. */
  close(status: "cancelled" | "timeout"): void {
    for (const call of this.open.values()) {
      abandonLine(call, status);
      this.end(call);
    }
    this.open.clear();
  }

  /** Returns tool calls and their results, which must not run again even if the answer failed. */
  steps(): readonly BaseMessage[] {
    return this.toolSteps.messages();
  }

  override handleLLMError(error: unknown, runId: string): void {
    const call = this.open.get(runId);
    if (call === undefined || this.place.signal.aborted) return;
    this.open.delete(runId);
    this.failed.set(call.path, call.attempt);
    failLine(call, error, classifyError(error), call.timeToFirstTokenMs === undefined ? undefined : "");
    this.end(call);
  }

  /** Checks the answer of the run; on failure its line keeps the error and the cost. */
  checkAnswer(answer: AIMessage, check: (answer: AIMessage) => AIMessage): AIMessage {
    try {
      return check(answer);
    } catch (error) {
      const call = this.seen.get(answer.id);
      if (call !== undefined) failLine(call, error, classifyError(error));
      throw error;
    }
  }

  /**
   * Adds answers without a callback: those of runnables that are not chat models, and those from before a pause or crash, whose node
   * was restarted.
   *
   * @param options.called true if a model gave the answers, even without usage or model name
   */
  addUnreported(made: readonly unknown[], { called = false }: { readonly called?: boolean } = {}): void {
    for (const message of made) {
      this.toolSteps.note(message);
      if (!AIMessage.isInstance(message) || this.mergeCarried(message) || this.seen.has(message.id)) continue;
      const usage = usageOf(message);
      const served = message.response_metadata?.model_name;
      if (usage === undefined && served === undefined && !called) continue; // given by a function
      const orchestration = orchestrationOf(message);
      const named = typeof served === "string" && orchestration === undefined;
      const model = named ? served : this.place.node;
      const price = this.place.price === undefined ? lookUpPrice(model) : this.place.price;
      const call = openLine(this.place, { model, prompt: [], price });
      settleLine(call, message, price);
      this.place.note(call);
      closeLine(call, { silent: orchestration !== undefined });
      if (orchestration !== undefined) toRunSummary(call, orchestration);
      this.seen.set(message.id, call);
    }
  }

  /** Adds the ledger a nested pattern left on a message before a pause or crash. Returns false for a message without a ledger. */
  private mergeCarried(message: BaseMessage): boolean {
    const { ledger } = orchestrationOf(message) ?? {};
    if (ledger === undefined) return false;
    const { known = new Ledger(), turnId, note, decided } = this.place;
    const { calls } = Ledger.of(ledger).since(known);
    for (const call of calls) note({ ...call, turnId }); // a restarted run may have another id
    if (calls.length > 0) for (const decision of ledger.decisions) decided?.(decision);
    return true;
  }
}

/** Turns the line into a run summary: no unit price, cost as reported. */
function toRunSummary(call: ModelCall, { costUsd = null }: Orchestration): void {
  delete call.price;
  Object.assign(call, { costUsd, summed: true });
}
