import { randomUUID } from "node:crypto";
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { lookUpPrice } from "../cost/price.js";
import { costOf, estimateMessages, estimateTokens, usageOf } from "../cost/usage.js";
import { InvalidModelError, ModelCallError } from "../errors.js";
import { type Classified, classifyError } from "../resilience/classify-error.js";
import { coolDown, warmUp } from "../resilience/cooldown.js";
import { withinLimits } from "../resilience/deadline.js";
import { retryDelay, sleep } from "../resilience/retry.js";
import type { ModelCall } from "../state/ledger.js";
import { redact } from "../tracing/redact.js";
import { type Answer, withSystem } from "./answer.js";
import { type Attempt, discard, invokeChat, invokeOpaque, invokePattern } from "./invoke.js";
import type { ResolvedModel } from "./resolve.js";
import { forgetCall, noteCall, type Site } from "./site.js";
import { type StructuredSchema, withSchema } from "./structured.js";

export interface AskOptions {
  readonly role: ModelCall["role"];
  /** False for an answer that is certain to be returned if it completes: its tokens may stream. @default true */
  readonly hidden?: boolean;
  /** Ends this call, beside the signal of the run. */
  readonly signal?: AbortSignal;
  /** Added to the system message: what a verifier wants said. */
  readonly instruction?: string;
  /** Structured output, where the client can; the answer may be text all the same. */
  readonly schema?: StructuredSchema;
}

/**
 * Asks one model, with its system prompt, limits and retries; the only place that invokes models.
 *
 * Every attempt becomes a line of the site's ledger, whatever came of it. Interrupts and aborts are passed on as they are;
 * any other failure becomes a `ModelCallError`.
 */
export async function ask(
  model: ResolvedModel,
  messages: readonly BaseMessage[],
  site: Site,
  options: AskOptions,
): Promise<Answer> {
  const { entry, kind } = model;
  const prompt = withSystem(messages, [entry.systemPrompt, options.instruction]);
  const retry = entry.retry ?? (kind === "chat" ? undefined : false); // what is inside a graph has retries of its own
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await model.slot(() => attemptOnce(model, prompt, site, options, attempt));
      warmUp(model.client);
      return answer;
    } catch (error) {
      if (isControlFlow(error, site, options.signal) || InvalidModelError.isInstance(error)) throw error;
      const failure = classifyError(error);
      const wait = retryDelay(retry, attempt, failure);
      if (wait === undefined) {
        if (kind === "chat") coolDown(model.client, failure);
        throw toCallError(error, failure, model, site);
      }
      await sleep(wait, [site.config.signal, options.signal]);
    }
  }
}

/** True for what is no failure: an interrupt, a command, an abort. It is passed on, never retried, never fallen back from. */
export function isControlFlow(error: unknown, site: Pick<Site, "config">, signal?: AbortSignal): boolean {
  return isGraphBubbleUp(error) || site.config.signal?.aborted === true || signal?.aborted === true;
}

async function attemptOnce(
  model: ResolvedModel,
  messages: BaseMessage[],
  site: Site,
  options: AskOptions,
  attempt: number,
): Promise<Answer> {
  const { entry, kind } = model;
  const limits = { timeout: entry.timeout, firstTokenTimeout: entry.firstTokenTimeout };
  const sources = [site.config.signal, options.signal];
  const hidden = options.hidden ?? true;
  for (const source of sources) source?.throwIfAborted();
  if (kind !== "chat") {
    return withinLimits(limits, sources, (signal) => {
      const call: Attempt = { model, messages, site, path: site.path, hidden, signal, onToken: () => {} };
      if (kind === "pattern") return invokePattern(call);
      const { path, node, turnId } = site;
      return invokeOpaque(call, { path, node, turnId, role: options.role, price: entry.price });
    });
  }
  const call = openCall(model, messages, site, options.role, attempt);
  noteCall(site, call);
  const started = performance.now();
  let streamed = "";
  let messageId: string | undefined;
  try {
    return await withinLimits(limits, sources, async (signal, firstToken) => {
      const onToken = (chunk: AIMessageChunk) => {
        if (chunk.text === "" && !chunk.tool_call_chunks?.length) return;
        if (call.timeToFirstTokenMs === undefined) {
          call.timeToFirstTokenMs = performance.now() - started;
          firstToken();
        }
        messageId ??= chunk.id;
        streamed += chunk.text;
      };
      const place: Attempt = { model, messages, site, path: site.path, hidden, signal, onToken };
      const answer = await invokeChat(place, withSchema(model.runnable, options.schema));
      close(call, model, answer);
      return answer;
    });
  } catch (error) {
    const shown = !hidden && !site.hidden && streamed !== "";
    fail(call, model, error, { streamed, stopped: isControlFlow(error, site, options.signal) });
    if (isGraphBubbleUp(error)) forgetCall(site, call);
    else if (shown) discard({ site, path: site.path }, messageId, call.error?.class ?? call.status);
    throw error;
  } finally {
    call.latencyMs = performance.now() - started;
  }
}

/** A line that says "cancelled" until the call has ended: whoever reads the ledger early reads the truth. */
function openCall(
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
    id: randomUUID(),
    turnId,
    path,
    node,
    model: model.modelId ?? node,
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

function close(call: ModelCall, model: ResolvedModel, { message }: Answer): void {
  const reported = usageOf(message);
  const served = message.response_metadata?.model_name;
  call.status = "ok";
  if (model.price === undefined) {
    call.price = typeof served === "string" ? lookUpPrice(served, model.catalogue) : null;
  }
  call.usage = reported ?? { inputTokens: call.usage!.inputTokens, outputTokens: estimateTokens(message.text) };
  if (reported !== undefined) delete call.estimated;
  call.costUsd = costOf(call.usage, call.price ?? null);
}

/** A request that was refused before it began is not billed; one that was stopped or cut is, as far as is known. */
function fail(
  call: ModelCall,
  model: ResolvedModel,
  error: unknown,
  { streamed, stopped }: { streamed: string; stopped: boolean },
): void {
  if (call.status === "ok") return;
  const failure = classifyError(error);
  const began = stopped || streamed !== "" || failure.class === "timeout";
  if (began) call.usage = { inputTokens: call.usage!.inputTokens, outputTokens: estimateTokens(streamed) };
  else delete call.usage;
  if (!began) delete call.estimated;
  call.costUsd = call.usage === undefined ? 0 : costOf(call.usage, model.price ?? null);
  if (stopped) return;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  call.status = failure.class === "timeout" ? "timeout" : "error";
  call.error = {
    name,
    class: failure.class,
    message: redact(message),
    ...(failure.status === undefined ? {} : { status: failure.status }),
  };
}

function toCallError(error: unknown, failure: Classified, model: ResolvedModel, site: Site): ModelCallError {
  const reason = redact(error instanceof Error ? error.message : String(error)).split("\n\nTroubleshooting URL")[0]!;
  return new ModelCallError({
    path: site.path,
    class: failure.class,
    cause: error,
    reason,
    movesOn: failure.movesOn,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.class === "authentication" && model.keyVariable !== undefined
      ? { hint: `check ${model.keyVariable}` }
      : {}),
  });
}
