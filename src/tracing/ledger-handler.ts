import { randomUUID } from "node:crypto";
import { BaseCallbackHandler, type NewTokenIndices } from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { lookUpPrice } from "../cost/price.js";
import { costOf, estimateMessages, estimateTokens, usageOf } from "../cost/usage.js";
import { classifyError } from "../resilience/classify-error.js";
import type { ModelCall, Price } from "../state/ledger.js";
import { redact } from "./redact.js";

/** Where the calls below an opaque model belong in the ledger. */
export interface LedgerPlace {
  readonly path: string;
  readonly node: string;
  readonly turnId: string;
  readonly role: ModelCall["role"];
  /** Price of every call below, where the entry names one. */
  readonly price: Price | null | undefined;
  readonly note: (call: ModelCall) => void;
}

/**
 * Writes the ledger of a model nobody can look into: an agent, a foreign graph, a chain.
 *
 * It sees every chat-model call below it, failed ones included. Models the library calls itself do not need it.
 */
export class LedgerHandler extends BaseCallbackHandler {
  override readonly name = "multimodel_ledger";
  override readonly awaitHandlers = true;
  private readonly seen = new Set<string | undefined>();
  private readonly open = new Map<string, ModelCall>();

  constructor(private readonly place: LedgerPlace) {
    super();
  }

  override handleChatModelStart(
    _model: Serialized,
    messages: BaseMessage[][],
    runId: string,
    _parentRunId?: string,
    _extra?: Record<string, unknown>,
    _tags?: string[],
    metadata: Record<string, unknown> = {},
  ): void {
    const { path, node, turnId, role } = this.place;
    const inner = metadata.langgraph_node;
    const call: ModelCall = {
      id: randomUUID(),
      turnId,
      path: typeof inner === "string" && inner !== node ? `${path}/${inner}` : path,
      node,
      model: typeof metadata.ls_model_name === "string" ? metadata.ls_model_name : node,
      role,
      status: "cancelled",
      attempt: 1,
      startedAt: Date.now(),
      latencyMs: 0,
      usage: { inputTokens: estimateMessages(messages.flat()), outputTokens: 0 },
      estimated: true,
      costUsd: null,
    };
    this.settle(call, {});
    this.open.set(runId, call);
    this.place.note(call);
  }

  override handleLLMNewToken(_token: string, _indices: NewTokenIndices, runId: string): void {
    const call = this.open.get(runId);
    if (call !== undefined && call.timeToFirstTokenMs === undefined)
      call.timeToFirstTokenMs = Date.now() - call.startedAt;
  }

  override handleLLMEnd(output: LLMResult, runId: string): void {
    const call = this.open.get(runId);
    if (call === undefined) return;
    const message = (output.generations[0]?.[0] as { message?: AIMessage } | undefined)?.message;
    this.seen.add(message?.id);
    const usage = message === undefined ? undefined : usageOf(message);
    const estimate = { inputTokens: call.usage?.inputTokens ?? 0, outputTokens: estimateTokens(message?.text ?? "") };
    this.settle(call, { status: "ok", usage: usage ?? estimate, estimated: usage === undefined ? true : undefined });
    this.open.delete(runId);
  }

  override handleLLMError(error: unknown, runId: string): void {
    const call = this.open.get(runId);
    if (call === undefined) return;
    const { class: kind, status } = classifyError(error);
    const failed = error instanceof Error ? error : new Error(String(error));
    if (kind !== "timeout" && call.timeToFirstTokenMs === undefined) delete call.usage; // rejected before it began: not billed
    this.settle(call, {
      status: kind === "timeout" ? "timeout" : "error",
      error: {
        name: failed.name,
        class: kind,
        message: redact(failed.message),
        ...(status === undefined ? {} : { status }),
      },
    });
    this.open.delete(runId);
  }

  /**
   * Adds answers no callback told of: those of a runnable that is no chat model, and those an agent gave before an
   * interrupt paused it, whose node was then started anew.
   */
  account(made: readonly unknown[]): void {
    for (const message of made) {
      if (!AIMessage.isInstance(message) || this.seen.has(message.id)) continue;
      const usage = usageOf(message);
      if (usage === undefined && (made.length > 1 || this.seen.size > 0)) continue;
      const { path, node, turnId, role } = this.place;
      const served = message.response_metadata?.model_name;
      const model = typeof served === "string" ? served : node;
      const call: ModelCall = {
        id: randomUUID(),
        turnId,
        path,
        node,
        model,
        role,
        status: "ok",
        attempt: 1,
        startedAt: Date.now(),
        latencyMs: 0,
        costUsd: null,
      };
      this.settle(call, {
        usage: usage ?? { inputTokens: 0, outputTokens: estimateTokens(message.text) },
        estimated: usage === undefined ? true : undefined,
      });
      this.place.note(call);
    }
  }

  private settle(call: ModelCall, fields: Partial<ModelCall>): void {
    const price = this.place.price ?? (this.place.price === null ? null : lookUpPrice(call.model));
    Object.assign(call, fields, { latencyMs: Date.now() - call.startedAt, price });
    if (call.usage === undefined || (fields.usage !== undefined && fields.estimated === undefined))
      delete call.estimated;
    call.costUsd = call.usage === undefined ? 0 : costOf(call.usage, price);
  }
}
