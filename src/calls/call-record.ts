import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { ModelCall } from "../ledger/ledger.js";
import { freeUnlessHosted, gatewayPrice } from "../ledger/local-price.js";
import { lookUpPrice } from "../ledger/price.js";
import { costOf, estimateMessages, estimateTokens, usageOf } from "../ledger/usage.js";
import type { ResolvedModel } from "../models/resolve.js";
import { classifyError } from "../resilience/classify-error.js";
import { redact, redactError, shownName } from "../secrets/redact.js";
import type { Site } from "./scope.js";

/** A line that says "cancelled" until the call has ended: whoever reads the ledger early reads the truth. */
export function openCall(
  model: ResolvedModel,
  messages: BaseMessage[],
  site: Site,
  role: ModelCall["role"],
  attempt: number,
): ModelCall {
  const { path, node, turnId } = site;
  const usage = { inputTokens: estimateMessages(messages), outputTokens: 0 };
  const price = model.price ?? null;
  const open = {
    id: crypto.randomUUID(),
    turnId,
    path,
    node,
    model: shownName(model.modelId ?? node),
    role,
    status: "cancelled",
  } as const;
  return {
    ...open,
    attempt,
    startedAt: Date.now(),
    latencyMs: 0,
    usage,
    price,
    costUsd: costOf(usage, price),
    estimated: true,
  };
}

/** True for a line whose call is still out. */
export function isOpen({ status, latencyMs }: ModelCall): boolean {
  return status === "cancelled" && latencyMs === 0;
}

/** Notes that the answer came from the cache of the client, before its line is completed. */
export function noteHit(call: ModelCall): void {
  call.status = "cached";
}

/** Completes a line with what the provider reported; an answer from the client's cache used no tokens and cost nothing. */
export function closeCall(call: ModelCall, model: ResolvedModel, message: AIMessage): void {
  if (call.status === "cached") {
    for (const key of ["usage", "estimated"] as const) delete call[key];
    call.costUsd = 0;
    return;
  }
  const reported = usageOf(message);
  const served = message.response_metadata?.model_name;
  call.status = "ok";
  if (typeof served === "string" && model.price === undefined) call.price = lookUpPrice(served, model.catalogue);
  if (typeof served === "string" && model.price === freeUnlessHosted) call.price = gatewayPrice(served);
  call.usage = reported ?? { inputTokens: call.usage!.inputTokens, outputTokens: estimateMessages([message]) };
  if (reported !== undefined) delete call.estimated;
  call.costUsd = costOf(call.usage, call.price ?? null);
}

/** A request that was refused before it began is not billed; one that was stopped or cut is, as far as is known. */
export function failCall(
  call: ModelCall,
  model: ResolvedModel,
  error: unknown,
  { streamed, began, stopped, late }: { streamed: string; began: boolean; stopped: boolean; late: boolean },
): void {
  const failure = classifyError(error);
  if (call.status !== "ok" && call.status !== "cached") {
    if (began || stopped || failure.class === "timeout")
      call.usage = { inputTokens: call.usage!.inputTokens, outputTokens: estimateTokens(streamed) };
    else for (const key of ["usage", "estimated"] as const) delete call[key];
    call.costUsd = call.usage === undefined ? 0 : costOf(call.usage, model.price ?? null);
  }
  call.status = late ? "timeout" : "cancelled";
  if (stopped) return;
  call.status = failure.class === "timeout" ? "timeout" : "error";
  call.error = {
    name: error instanceof Error ? redact(error.name) : "Error",
    class: failure.class,
    message: redactError(error),
    ...(failure.status === undefined ? {} : { status: failure.status }),
  };
}
