import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { v7 } from "@langchain/core/utils/uuid";
import { observed, publish } from "../events/publish.js";
import { redact, redactError, shownName } from "../secrets/redact.js";
import type { ModelCall, Price, Waits } from "./model-call.js";
import { costOf, estimateMessages, estimateTokens, usageOf } from "./usage.js";

type LinePlace = Pick<ModelCall, "path" | "node" | "turnId" | "role">;

interface Failed {
  readonly class: string;
  readonly status?: number;
  readonly unbilled?: true;
}

/** Lines of requests that no provider bills. */
const unbilled = new WeakSet<ModelCall>();

/** Returns true if the request of a failed line was not sent, or was rejected; after any other failure its cost is unknown. */
export function isUnbilledLine(call: ModelCall): boolean {
  return unbilled.has(call);
}

/** Start time of each open call, by a monotonic clock. */
const began = new WeakMap<ModelCall, number>();

interface Closing {
  /** True for a call that is not published. */
  readonly silent?: boolean;
}

/** Functions that wait for the end of an open call. */
const waiting = new WeakMap<ModelCall, ((closing: Closing) => void)[]>();

/** Opens the line of a call. Its status is "cancelled" until the call ends, so that a ledger read early is correct. */
export function openLine(
  { path, node, turnId, role }: LinePlace,
  {
    model,
    prompt,
    price,
    attempt = 1,
    hedge = 0,
    waits = {},
    id = v7(),
  }: {
    /** Id of the model, as known before the answer. */
    readonly model: string;
    readonly prompt: readonly BaseMessage[];
    readonly price: Price | null;
    /** @default 1 */
    readonly attempt?: number;
    /** 1 for the second request of a hedged call. @default 0 */
    readonly hedge?: number | undefined;
    /** @default it did not wait */
    readonly waits?: Waits | undefined;
    /** Id of its run in LangChain's callbacks. @default new; the call then takes it as the id of its run */
    readonly id?: string;
  },
): ModelCall {
  const usage = { inputTokens: estimateMessages(prompt), outputTokens: 0 };
  const call: ModelCall = {
    ...{ id, turnId, path, node, model: shownName(model), role, status: "cancelled", attempt },
    ...{ startedAt: Date.now(), latencyMs: 0, usage, price, costUsd: costOf(usage, price), estimated: true },
    ...(hedge > 0 && { hedge: true }),
    ...inMs("retryWaitMs", waits),
    ...inMs("queuedMs", waits),
  };
  began.set(call, performance.now());
  return call;
}

function inMs(name: keyof Waits, { [name]: ms = 0 }: Waits): Waits {
  return Math.round(ms) > 0 ? { [name]: Math.round(ms) } : {};
}

/** Returns true if the call has not ended. */
export function isOpen(call: ModelCall): boolean {
  return began.has(call);
}

/** Calls a function once when an open call ends; the call is then complete. */
export function whenClosed(call: ModelCall, then: (closing: Closing) => void): void {
  waiting.set(call, [...(waiting.get(call) ?? []), then]);
}

/** Records the time to the first token. */
export function noteFirstToken(call: ModelCall): void {
  call.timeToFirstTokenMs ??= Math.round(elapsed(call));
}

/**
 * Settles the line of a call answered by a cache, without usage and cost.
 *
 * @param paidOnce what the call used that first gave the answer, if known
 */
export function settleHit(call: ModelCall, paidOnce?: ModelCall["paidOnce"]): void {
  call.status = "cached";
  if (paidOnce !== undefined) call.paidOnce = paidOnce;
  withoutUsage(call);
}

/**
 * Settles the line of an answered call with the reported usage, or with an estimate.
 *
 * @param price price of the model that answered
 */
export function settleLine(call: ModelCall, answer: AIMessage | undefined, price: Price | null): void {
  if (call.status === "cached") return;
  const reported = answer && usageOf(answer);
  const outputTokens = answer === undefined ? 0 : estimateMessages([answer]);
  call.status = "ok";
  call.price = price;
  call.usage = reported ?? { inputTokens: call.usage?.inputTokens ?? 0, outputTokens };
  if (reported !== undefined) delete call.estimated;
  call.costUsd = costOf(call.usage, price);
}

/**
 * Fails the line of a call. A rejected request is not billed, a cut-off answer as far as known, and an answer that was rejected after
 * it arrived as a whole.
 *
 * @param streamed the received part of the answer; unset if the provider generated none
 */
export function failLine(call: ModelCall, error: unknown, failure: Failed, streamed?: string): void {
  if (failure.unbilled === true && streamed === undefined) unbilled.add(call);
  billPart(call, failure.class === "timeout" ? (streamed ?? "") : streamed);
  call.status = failure.class === "timeout" ? "timeout" : "error";
  call.error = {
    ...{
      name: error instanceof Error ? redact(error.name) : "Error",
      class: failure.class,
      message: redactError(error),
    },
    ...(failure.status !== undefined && { status: failure.status }),
  };
}

/** Ends the line of a cancelled or timed-out call. */
export function abandonLine(call: ModelCall, status: "cancelled" | "timeout", streamed = ""): void {
  billPart(call, streamed);
  call.status = status;
}

/**
 * Records the latency of a call, in whole milliseconds, closes its line and publishes it.
 *
 * @param options.silent true for a call that an interrupt paused, which starts again, and for a summary of calls that were published
 */
export function closeLine(call: ModelCall, { silent = false }: Closing = {}): void {
  call.latencyMs = Math.round(elapsed(call));
  began.delete(call);
  for (const then of waiting.get(call) ?? []) observed(() => then({ silent }));
  waiting.delete(call);
  if (!silent) publish("call", () => ({ ...call }));
}

function billPart(call: ModelCall, streamed: string | undefined): void {
  if (call.status === "ok" || call.status === "cached") return; // a rejected answer is billed as well
  if (streamed === undefined) {
    withoutUsage(call);
    return;
  }
  call.usage = { inputTokens: call.usage?.inputTokens ?? 0, outputTokens: estimateTokens(streamed) };
  call.costUsd = costOf(call.usage, call.price ?? null);
}

function withoutUsage(call: ModelCall): void {
  delete call.usage;
  delete call.estimated;
  call.costUsd = 0;
}

function elapsed(call: ModelCall): number {
  return performance.now() - (began.get(call) ?? performance.now() - call.latencyMs);
}
