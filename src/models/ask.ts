import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError, InvalidModelError, ModelCallError } from "../errors.js";
import { type Classified, classifyError } from "../resilience/classify-error.js";
import { coolDown, warmUp } from "../resilience/cooldown.js";
import { withinLimits } from "../resilience/deadline.js";
import { timed } from "../resilience/latency.js";
import { retryDelay, sleep } from "../resilience/retry.js";
import type { ModelCall } from "../state/ledger.js";
import { redactError, withoutSecrets } from "../tracing/redact.js";
import { type Answer, checkAnswer, withSystem } from "./answer.js";
import { closeCall, failCall, openCall } from "./call-record.js";
import { type Attempt, discard, invokeChat, invokeOpaque, invokePattern } from "./invoke.js";
import type { ResolvedModel } from "./resolve.js";
import { forgetCall, nestingBelow, noteCall, type Site } from "./site.js";
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
  const retry = entry.retry ?? (model.subgraph === undefined ? undefined : false); // what is inside a graph has its own
  const stops = [site.config.signal, options.signal];
  for (let attempt = 1; ; attempt++) {
    try {
      const once = () => attemptOnce(model, prompt, site, options, attempt);
      const answer = await model.slot(() => (options.role === "answer" ? timed(model.client, once, stops) : once()));
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
      await sleep(wait, stops);
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
  for (const source of [site.config.signal, options.signal]) source?.throwIfAborted();
  return model.kind === "chat"
    ? attemptChat(model, messages, site, options, attempt)
    : attemptGraph(model, messages, site, options);
}

/** Runs a model that counts its own calls; what was paid below is kept even if nothing came of it. */
async function attemptGraph(
  model: ResolvedModel,
  messages: BaseMessage[],
  site: Site,
  { role, hidden = true, signal: stop }: AskOptions,
): Promise<Answer> {
  const { entry, kind } = model;
  const below = nestingBelow(site, hidden);
  try {
    return await withinLimits({ timeout: entry.timeout }, [site.config.signal, stop], (signal) => {
      const attempt: Attempt = { model, messages, site, hidden, signal, onToken: () => {} };
      return kind === "pattern"
        ? invokePattern(attempt, below)
        : invokeOpaque(attempt, below, { role, price: entry.price });
    });
  } catch (error) {
    if (kind === "pattern") {
      site.calls.push(...below.nesting.calls);
      site.decisions.push(...below.nesting.decisions);
    } else if (CallTimeoutError.isInstance(error)) {
      for (const call of site.calls) if (call.status === "cancelled") call.status = "timeout";
    }
    throw error;
  }
}

async function attemptChat(
  model: ResolvedModel,
  messages: BaseMessage[],
  site: Site,
  options: AskOptions,
  attempt: number,
): Promise<Answer> {
  const { timeout, firstTokenTimeout } = model.entry;
  const { hidden = true } = options;
  const call = openCall(model, messages, site, options.role, attempt);
  noteCall(site, call);
  const started = performance.now();
  let streamed = "";
  let messageId: string | undefined;
  try {
    return await withinLimits(
      { timeout, firstTokenTimeout },
      [site.config.signal, options.signal],
      async (signal, firstToken) => {
        const onToken = (chunk: AIMessageChunk) => {
          if (chunk.text === "" && !chunk.tool_call_chunks?.length) return;
          if (call.timeToFirstTokenMs === undefined) {
            call.timeToFirstTokenMs = performance.now() - started;
            firstToken();
          }
          messageId ??= chunk.id;
          streamed += chunk.text;
        };
        const place: Attempt = { model, messages, site, hidden, signal, onToken };
        const message = await invokeChat(place, withSchema(model.runnable, options.schema));
        signal.throwIfAborted(); // nobody waits for it any more, and its line is closed
        closeCall(call, model, message); // an answer that holds nothing is paid all the same
        return { message: checkAnswer(message), modelUsed: site.path };
      },
    );
  } catch (error) {
    const shown = !hidden && !site.hidden && streamed !== "";
    failCall(call, model, error, { streamed, stopped: isControlFlow(error, site, options.signal) });
    if (isGraphBubbleUp(error)) forgetCall(site, call);
    else if (shown) discard(site, messageId, call.error?.class ?? call.status);
    throw error;
  } finally {
    call.latencyMs = performance.now() - started;
  }
}

function toCallError(error: unknown, failure: Classified, model: ResolvedModel, site: Site): ModelCallError {
  const reason = redactError(error).split("\n\nTroubleshooting URL")[0]!;
  return new ModelCallError({
    path: site.path,
    class: failure.class,
    cause: withoutSecrets(error),
    reason,
    movesOn: failure.movesOn,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.class === "authentication" && model.keyVariable !== undefined
      ? { hint: `check ${model.keyVariable}` }
      : {}),
  });
}
