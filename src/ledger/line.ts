import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import { redact, redactError, shownName } from "../secrets/redact.js";
import type { ModelCall, Price } from "./model-call.js";
import { costOf, estimateMessages, estimateTokens, usageOf } from "./usage.js";

/** Where in a graph a call is made, and what for. */
type LinePlace = Pick<ModelCall, "path" | "node" | "turnId" | "role">;

/** What a failed attempt is classified as. */
interface Failed {
  readonly class: string;
  readonly status?: number;
}

/** When each open call began, by a clock that is never set back. */
const began = new WeakMap<ModelCall, number>();

/** Opens the line of a call. It says "cancelled" until the call ends, so that a ledger that is read early is right. */
export function openLine(
  { path, node, turnId, role }: LinePlace,
  {
    model,
    prompt,
    price,
    attempt = 1,
  }: {
    /** Id of the model, as it is known before it answers. */
    readonly model: string;
    readonly prompt: readonly BaseMessage[];
    readonly price: Price | null;
    /** @default 1 */
    readonly attempt?: number;
  },
): ModelCall {
  const usage = { inputTokens: estimateMessages(prompt), outputTokens: 0 };
  const call: ModelCall = {
    ...{ id: crypto.randomUUID(), turnId, path, node, model: shownName(model), role, status: "cancelled", attempt },
    ...{ startedAt: Date.now(), latencyMs: 0, usage, price, costUsd: costOf(usage, price), estimated: true },
  };
  began.set(call, performance.now());
  return call;
}

/** True for a line whose call has not ended. */
export function isOpen(call: ModelCall): boolean {
  return began.has(call);
}

/** Notes that the first token came. */
export function noteFirstToken(call: ModelCall): void {
  call.timeToFirstTokenMs ??= Math.round(elapsed(call));
}

/** Settles the line of a call that was answered by the client's own cache: it used no tokens and cost nothing. */
export function settleHit(call: ModelCall): void {
  call.status = "cached";
  withoutUsage(call);
}

/**
 * Settles the line of a call that was answered, with what the provider reported, or with an estimate where it reported nothing.
 *
 * @param price of the model that answered
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
 * Fails the line of a call. A request that was refused before it began is not billed; one that was cut off is, as far as is known,
 * and one whose answer was refused after it came is billed whole.
 *
 * @param streamed the part of the answer that came, where any came or may have been made
 */
export function failLine(call: ModelCall, error: unknown, failure: Failed, streamed?: string): void {
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

/** Ends the line of a call that nothing waits for any more. */
export function abandonLine(call: ModelCall, status: "cancelled" | "timeout", streamed = ""): void {
  billPart(call, streamed);
  call.status = status;
}

/** Notes how long a call took, in whole milliseconds; its line does not change after that. */
export function closeLine(call: ModelCall): void {
  call.latencyMs = Math.round(elapsed(call));
  began.delete(call);
}

function billPart(call: ModelCall, streamed: string | undefined): void {
  if (call.status === "ok" || call.status === "cached") return; // an answer that is none is paid all the same
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
