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
import type { LedgerPlace } from "./ledger-place.js";
import { ToolSteps } from "./tool-steps.js";

/**
 * Writes the ledger of a model nobody can look into: an agent, a foreign graph, a chain.
 *
 * It sees every chat-model call below it, failed ones included. Models the library calls itself do not need it.
 */
export class LedgerHandler extends BaseCallbackHandler {
  override readonly name = "multimodel_ledger";
  override readonly awaitHandlers = true;
  private readonly seen = new Map<string | undefined, ModelCall | undefined>();
  private readonly open = new Map<string, ModelCall>();
  private readonly counted = new Set<string>();
  /** Attempts that failed one after the other, by path. */
  private readonly failed = new Map<string, number>();
  private readonly given: ReadonlySet<string | undefined>;
  private readonly toolSteps: ToolSteps;
  /** Ids of messages whose tokens may have been shown. */
  readonly shown = new Set<string>();

  constructor(private readonly place: LedgerPlace) {
    super();
    this.given = new Set(place.given?.map(({ id }) => id));
    this.toolSteps = new ToolSteps(place.given);
  }

  override handleChatModelStart(
    model: Serialized,
    messages: BaseMessage[][],
    runId: string,
    _parentRunId?: string,
    _extra?: Record<string, unknown>,
    _tags?: string[],
    metadata: Record<string, unknown> = {},
  ): void {
    for (const message of messages.flat()) {
      if (message.id === undefined) continue; // examples in a prompt have no id
      this.toolSteps.note(message); // of before an interrupt, as is what carries a ledger
      if (!this.given.has(message.id)) this.takeOver(message);
    }
    if ((metadata.multimodel_path ?? metadata.multimodel_chat_model) !== undefined) {
      this.counted.add(runId); // a pattern below counts it, or it is one itself
      return;
    }
    const { path, node, price: own } = this.place;
    const { node: inner, model: name = node, provider: kind } = tracedCall(metadata);
    const hosting = kindNamed(kind)?.hosting;
    const price =
      own === undefined ? (localPrice({ hosting, modelId: name, apiUrl: addressIn(model) }) ?? lookUpPrice(name)) : own;
    const place = { ...this.place, path: inner !== undefined && inner !== node ? `${path}/${inner}` : path };
    const attempt = 1 + (this.failed.get(place.path) ?? 0);
    const call = openLine(place, { model: name, prompt: messages.flat(), price, attempt });
    this.open.set(runId, call);
    this.place.note(call);
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
    closeLine(call);
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

  /** Ends the lines of calls that nothing waits for any more. */
  close(status: "cancelled" | "timeout"): void {
    for (const call of this.open.values()) {
      abandonLine(call, status);
      closeLine(call);
    }
    this.open.clear();
  }

  /** Tool calls and their results: what must not run again, whatever became of the answer. */
  steps(): readonly BaseMessage[] {
    return this.toolSteps.taken();
  }

  override handleLLMError(error: unknown, runId: string): void {
    const call = this.open.get(runId);
    if (call === undefined || this.place.signal.aborted) return;
    this.open.delete(runId);
    this.failed.set(call.path, call.attempt);
    failLine(call, error, classifyError(error), call.timeToFirstTokenMs === undefined ? undefined : "");
    closeLine(call);
  }

  /** Checks the answer of the run; the line of one that is none says why, and what was paid for it. */
  judge(answer: AIMessage, check: (answer: AIMessage) => AIMessage): AIMessage {
    try {
      return check(answer);
    } catch (error) {
      const call = this.seen.get(answer.id);
      if (call !== undefined) failLine(call, error, classifyError(error));
      throw error;
    }
  }

  /**
   * Adds answers no callback told of: those of a runnable that is no chat model, and those given before a pause or a crash, whose
   * node was then started anew.
   *
   * @param options.called a model gave them, whether or not they show it
   */
  account(made: readonly unknown[], { called = false }: { readonly called?: boolean } = {}): void {
    for (const message of made) {
      this.toolSteps.note(message);
      if (!AIMessage.isInstance(message) || this.takeOver(message) || this.seen.has(message.id)) continue;
      const usage = usageOf(message);
      const served = message.response_metadata?.model_name;
      if (usage === undefined && served === undefined && !called) continue; // a function gave it
      const orchestration = orchestrationOf(message);
      const named = typeof served === "string" && orchestration === undefined;
      const model = named ? served : this.place.node;
      const price = this.place.price === undefined ? lookUpPrice(model) : this.place.price;
      const call = openLine(this.place, { model, prompt: [], price });
      settleLine(call, message, price);
      closeLine(call);
      if (orchestration !== undefined) sumUp(call, orchestration);
      this.seen.set(message.id, call);
      this.place.note(call);
    }
  }

  /** Adds what a pattern below did before a pause or a crash; false where the message carries no ledger. */
  private takeOver(message: BaseMessage): boolean {
    const { ledger } = orchestrationOf(message) ?? {};
    if (ledger === undefined) return false;
    const { known = new Ledger(), turnId, note, decided } = this.place;
    const { calls } = Ledger.of(ledger).since(known);
    for (const call of calls) note({ ...call, turnId }); // a run that is started anew may have another id
    if (calls.length > 0) for (const decision of ledger.decisions) decided?.(decision);
    return true;
  }
}

/** Makes a line that of a whole run, at what the run says it cost: its models have different prices. */
function sumUp(call: ModelCall, { costUsd = null }: Orchestration): void {
  delete call.price;
  Object.assign(call, { costUsd, summed: true });
}
