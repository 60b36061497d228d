import {
  BaseCallbackHandler,
  type HandleLLMNewTokenCallbackFields,
  type NewTokenIndices,
} from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import type { ModelCall } from "../ledger/ledger.js";
import { addressIn, localPrice } from "../ledger/local-price.js";
import { lookUpPrice } from "../ledger/price.js";
import { costOf, estimateMessages, usageOf } from "../ledger/usage.js";
import { classifyError } from "../resilience/classify-error.js";
import { redact, redactError, shownName } from "../secrets/redact.js";
import { type Orchestration, orchestrationOf } from "./carried-ledger.js";
import type { LedgerPlace } from "./ledger-place.js";
import { ToolSteps } from "./tool-steps.js";

/** What LangChain and LangGraph say of a call. */
type Traced = Readonly<Partial<Record<"langgraph_node" | "ls_model_name" | "ls_provider", string>>>;

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
    const { path, node } = this.place;
    const { langgraph_node: inner, ls_model_name: name, ls_provider: kind } = metadata as Traced;
    const price = localPrice({ kind, modelId: name, apiUrl: addressIn(model) });
    const call = this.line(name ?? node, {
      path: inner !== undefined && inner !== node ? `${path}/${inner}` : path,
      ...(price === undefined ? {} : { price }),
      usage: { inputTokens: estimateMessages(messages.flat()), outputTokens: 0 },
      estimated: true,
    });
    this.settle(call, {});
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
    if (call !== undefined) call.timeToFirstTokenMs ??= Date.now() - call.startedAt;
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
    if (cached === true) {
      delete call.usage;
      this.settle(call, { status: "cached" });
      return;
    }
    const usage = message === undefined ? undefined : usageOf(message);
    const estimate = {
      inputTokens: call.usage?.inputTokens ?? 0,
      outputTokens: message === undefined ? 0 : estimateMessages([message]),
    };
    this.settle(call, { status: "ok", usage: usage ?? estimate, estimated: usage === undefined ? true : undefined });
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

  /** Ends what is still out: nobody waits for it any more. */
  close(status: "cancelled" | "timeout"): void {
    for (const call of this.open.values()) Object.assign(call, { status, latencyMs: Date.now() - call.startedAt });
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
    const failed = failure(error);
    if (failed.status !== "timeout" && call.timeToFirstTokenMs === undefined) delete call.usage; // rejected before it began: not billed
    this.settle(call, failed);
  }

  /** Checks the answer of the run; the line of one that is none says why, and what was paid for it. */
  judge(answer: AIMessage, check: (answer: AIMessage) => AIMessage): AIMessage {
    try {
      return check(answer);
    } catch (error) {
      const call = this.seen.get(answer.id);
      if (call !== undefined) Object.assign(call, failure(error));
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
      const call = this.line(named ? served : this.place.node, { status: "ok" });
      this.settle(call, {
        usage: usage ?? { inputTokens: 0, outputTokens: estimateMessages([message]) },
        estimated: usage === undefined ? true : undefined,
      });
      if (orchestration !== undefined) sumUp(call, orchestration);
      this.seen.set(message.id, call);
      this.place.note(call);
    }
  }

  /** Adds what a pattern below did before a pause or a crash; false where the message carries no ledger. */
  private takeOver(message: BaseMessage): boolean {
    const { ledger } = orchestrationOf(message) ?? {};
    if (ledger === undefined) return false;
    const { known = [], turnId, note, decided } = this.place;
    const fresh = ledger.calls.filter(({ id }) => !known.some((call) => call.id === id));
    for (const call of fresh) note({ ...call, turnId }); // a run that is started anew may have another id
    if (fresh.length > 0) for (const decision of ledger.decisions) decided?.(decision);
    return true;
  }

  /** A new line of the ledger; it says "cancelled" until its call has ended. */
  private line(model: string, fields: Partial<ModelCall>): ModelCall {
    const { path, node, turnId, role } = this.place;
    const place = {
      id: crypto.randomUUID(),
      turnId,
      path,
      node,
      model: shownName(model),
      role,
      attempt: 1,
      startedAt: Date.now(),
      latencyMs: 0,
    };
    return { ...place, status: "cancelled", costUsd: null, ...fields };
  }

  private settle(call: ModelCall, fields: Partial<ModelCall>): void {
    const { price = call.price ?? lookUpPrice(call.model) } = this.place;
    Object.assign(call, fields, { latencyMs: Date.now() - call.startedAt, price });
    if (call.usage === undefined || (fields.usage !== undefined && fields.estimated === undefined))
      delete call.estimated;
    call.costUsd = call.usage === undefined ? 0 : costOf(call.usage, price);
  }
}

/** What a line says of a call that failed. */
function failure(error: unknown): Pick<ModelCall, "status" | "error"> {
  const { class: kind, status } = classifyError(error);
  return {
    status: kind === "timeout" ? "timeout" : "error",
    error: {
      name: error instanceof Error ? redact(error.name) : "Error",
      class: kind,
      message: redactError(error),
      ...(status === undefined ? {} : { status }),
    },
  };
}

/** Makes a line that of a whole run, at what the run says it cost: its models have different prices. */
function sumUp(call: ModelCall, { costUsd = null }: Orchestration): void {
  delete call.price;
  Object.assign(call, { costUsd, summed: true });
}
