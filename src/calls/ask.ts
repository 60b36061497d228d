import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError } from "../errors/index.js";
import { runStreams } from "../langgraph/callbacks-below.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import { asFormCall, lacksForm } from "../models/answer-form.js";
import type { Bound } from "../models/answer-options.js";
import type { ResolvedModel } from "../models/resolve.js";
import { classifyError } from "../resilience/classify-error.js";
import { watched } from "../resilience/cooldown.js";
import { withinLimits } from "../resilience/deadline.js";
import { timed } from "../resilience/latency.js";
import { asksToWait, retryDelay, sleep } from "../resilience/retry.js";
import type { Decision } from "../state/decision.js";
import type { Steps } from "../state/steps.js";
import { LedgerHandler } from "../tracing/ledger-handler.js";
import { type Answer, checkAnswer, withSystem } from "./answer.js";
import { answerOptions, refuseTools } from "./asked-for.js";
import { toCallError } from "./call-failure.js";
import { closeCall, failCall, isOpen, noteHit, openCall } from "./call-record.js";
import { isControlFlow, isFault, noteMistake } from "./control-flow.js";
import { type Attempt, discard, invokeChat, invokeOpaque, invokePattern } from "./invoke.js";
import { optionsBelow, preparedFor } from "./prepared.js";
import { forgetCall, nestingBelow, noteCall, noteDecision, noteSteps, type Site, type Sooner } from "./scope.js";
import { formOptions, type StructuredSchema, withSchema } from "./structured.js";

export interface AskOptions {
  readonly role: ModelCall["role"];
  /** False for an answer that is certain to be returned if it completes: its tokens may stream. @default true */
  readonly hidden?: boolean;
  /** Ends this call, beside the signal of the run. */
  readonly signal?: AbortSignal;
  /** Added to the system message: what a verifier wants said. */
  readonly instruction?: string;
  /** True when another model can answer instead: half an answer that was shown is then not asked for again here. */
  readonly spare?: boolean;
  /** Attempts on this model that the run has behind it: they count as retries. @default 0 */
  readonly attempts?: number;
  /** True when another model can answer sooner than after `waitMs`, which the provider asks for: this one is then not waited for. */
  readonly sooner?: Sooner;
  /** Structured output, where the client can; the answer may be text all the same. */
  readonly schema?: StructuredSchema;
  /** True where an answer of the client's own cache would say nothing new. @default false */
  readonly fresh?: boolean;
  /** True when the run may return it: it is then asked with what the run's caller asked for. @default for role "answer" and what is not hidden */
  readonly returned?: boolean;
}

/**
 * Asks one model, with its system prompt, limits and retries; the only place that invokes models. Every attempt becomes a line of
 * the site's ledger. Interrupts and aborts are passed on as they are; any other failure becomes a `ModelCallError`.
 */
export async function ask(
  model: ResolvedModel,
  messages: readonly BaseMessage[],
  site: Site,
  options: AskOptions,
): Promise<Answer> {
  const prompt = withSystem(messages, [model.entry.systemPrompt, options.instruction]);
  const stops = [site.config.signal, options.signal];
  let done: Steps = [];
  for (let attempt = 1 + (options.attempts ?? 0); ; attempt++) {
    const left: Left = { tokens: false, steps: [] };
    try {
      const asked = () => attemptOnce(model, [...prompt, ...done], site, options, attempt, left);
      const once = () => (model.kind === "chat" ? watched(model.client, asked, stops, model.entry.coolDown) : asked());
      const answer = await model.slot(
        () => (options.role === "answer" ? timed(model.client, once, stops) : once()),
        stops,
      );
      const steps = [...done, ...(answer.steps ?? [])];
      return { ...answer, steps: steps.length > 0 ? steps : undefined };
    } catch (error) {
      if (isControlFlow(error, site, options.signal)) throw error;
      if (left.formless && attempt-- > 0) continue; // asked in another way, it is no retry
      done = [...done, ...left.steps];
      if (isFault(error)) throw error;
      const failed = classifyError(error, model.entry.retry !== undefined); // a pattern is asked again only where its entry says so
      const failure = left.unwaitedMs === undefined ? failed : { ...failed, retryAfterMs: left.unwaitedMs };
      const seen = left.tokens && options.spare === true; // half an answer: another model gives the whole one
      const wait = seen ? undefined : retryDelay(model.retry, attempt, failure);
      if (wait === undefined || (asksToWait(failure) && options.sooner?.(failure, wait) === true)) {
        throw toCallError(error, failure, model, site, done);
      }
      await sleep(wait, stops);
    }
  }
}

/** What an attempt that failed leaves behind. */
interface Left {
  /** Tokens of it were shown. */
  tokens: boolean;
  /** Tool calls it completed. */
  steps: Steps;
  /** Milliseconds a pattern did not wait, since another model can answer sooner. */
  unwaitedMs?: number | undefined;
  /** The client's server has no response format, and is asked by tool from now on. */
  formless?: boolean;
}

async function attemptOnce(
  model: ResolvedModel,
  messages: BaseMessage[],
  site: Site,
  options: AskOptions,
  attempt: number,
  left: Left,
): Promise<Answer> {
  for (const source of [site.config.signal, options.signal]) source?.throwIfAborted();
  return model.kind === "chat"
    ? attemptChat(model, messages, site, options, attempt, left)
    : attemptGraph(model, messages, site, options, left);
}

/** Runs a model that counts its own calls; what was paid below is kept even if nothing came of it. */
async function attemptGraph(
  model: ResolvedModel,
  messages: BaseMessage[],
  site: Site,
  options: AskOptions,
  left: Left,
): Promise<Answer> {
  const { timeout, price } = model.entry;
  const { role, hidden = true, signal: stop } = options;
  const wanted = answerOptions(site, options);
  const opaque = model.kind === "opaque";
  refuseTools(model, wanted, site);
  const form = options.schema && formOptions(options.schema);
  const sooner = opaque ? undefined : options.sooner; // an agent may be in the middle of its work
  const own = opaque ? model.options : optionsBelow(model, wanted, form);
  const below = nestingBelow(site, { hidden, opaque, sooner }, own);
  let handler: LedgerHandler | undefined;
  try {
    return await withinLimits({ timeout }, [site.config.signal, stop], async (signal) => {
      const attempt: Attempt = { model, messages, site, hidden, signal, onToken: () => {} };
      if (!opaque) return invokePattern(attempt, below);
      const { path, node, turnId } = site;
      const inner = { ...site, ledger: below.nesting.ledger }; // in order with those of patterns below
      const note = (call: ModelCall) => noteCall(inner, call);
      const decided = (decision: Decision) => noteDecision(inner, decision);
      const known = below.nesting.ledger;
      handler = new LedgerHandler({ path, node, turnId, role, price, signal, note, decided, known, given: messages });
      const answer = await invokeOpaque(attempt, below, handler);
      site.ledger.merge(known);
      noteSteps(site, answer.steps ?? []);
      return answer;
    });
  } catch (error) {
    const { ledger } = below.nesting;
    site.ledger.merge(Ledger.of(keptLedger(error), ledger)); // the error has also what was called before an interrupt
    if (isGraphBubbleUp(error)) throw error;
    const late = CallTimeoutError.isInstance(error);
    handler?.close(late ? "timeout" : "cancelled");
    if (late) for (const call of ledger.calls) if (isOpen(call)) call.status = "timeout";
    left.unwaitedMs = below.nesting.unwaitedMs;
    left.steps = handler?.steps() ?? below.nesting.steps;
    noteSteps(site, left.steps);
    if (handler === undefined || isControlFlow(error, site, stop)) throw error;
    if (role !== "answer") noteMistake(error); // a judge with a bug is no judge that is down
    left.tokens = !hidden && !site.hidden && handler.shown.size > 0;
    if (left.tokens) for (const id of handler.shown) discard(site, id, classifyError(error).class);
    throw error;
  }
}

async function attemptChat(
  model: ResolvedModel,
  messages: BaseMessage[],
  site: Site,
  options: AskOptions,
  attempt: number,
  left: Left,
): Promise<Answer> {
  const { timeout, firstTokenTimeout } = model.entry;
  const { hidden = true, role, schema } = options;
  const wanted = answerOptions(site, options);
  if (schema === undefined) refuseTools(model, wanted, site);
  const asked: Bound =
    schema === undefined && wanted !== undefined
      ? preparedFor(model, wanted)
      : { runnable: withSchema(model.runnable, schema), rest: {} };
  const { runnable, rest, native = false } = asked;
  const call = openCall(model, messages, site, role, attempt);
  noteCall(site, call);
  const started = performance.now();
  let streamed = "";
  let messageId: string | undefined;
  try {
    const work = async (signal: AbortSignal, firstToken: () => void): Promise<Answer> => {
      const onToken = (chunk: AIMessageChunk) => {
        messageId ??= chunk.id; // that of the first chunk is shown for all of them
        if (chunk.text === "" && !chunk.tool_call_chunks?.length) return;
        if (call.timeToFirstTokenMs === undefined) {
          call.timeToFirstTokenMs = performance.now() - started;
          firstToken();
        }
        streamed += chunk.text;
      };
      const onHit = () => noteHit(call);
      const { fresh = false } = options;
      const place: Attempt = { model, messages, site, hidden, signal, onToken, onHit, fresh, again: attempt > 1 };
      const { message, fault } = await invokeChat(place, runnable, rest);
      signal.throwIfAborted(); // nobody waits for it any more, and its line is closed
      closeCall(call, model, message); // an answer that is none is paid all the same
      if (fault !== undefined) throw fault;
      const answer = checkAnswer(message);
      const form = native && (hidden || site.hidden) ? wanted?.form : undefined;
      return { message: form === undefined ? answer : asFormCall(answer, form), modelUsed: site.path };
    };
    const { signal } = site.config;
    const limited = timeout !== undefined || firstTokenTimeout !== undefined || options.signal !== undefined;
    if (!limited && signal !== undefined) return await work(signal, () => {}); // LangGraph itself ends a run that is aborted
    return await withinLimits({ timeout, firstTokenTimeout }, [signal, options.signal], work);
  } catch (error) {
    const began = call.timeToFirstTokenMs !== undefined;
    left.formless = native && !began && lacksForm(runnable, error);
    left.tokens = began && !hidden && !site.hidden && runStreams(site.config.callbacks);
    const stopped = isControlFlow(error, site, options.signal);
    const late = stopped && CallTimeoutError.isInstance(site.config.signal?.reason); // that of a pattern around
    failCall(call, model, error, { streamed, began, stopped, late });
    if (isGraphBubbleUp(error)) forgetCall(site, call);
    else if (left.tokens) discard(site, messageId, call.error?.class ?? call.status);
    throw error;
  } finally {
    call.latencyMs = performance.now() - started;
  }
}
