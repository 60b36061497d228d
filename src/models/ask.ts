import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { CallTimeoutError, InvalidModelError, ModelCallError } from "../errors/index.js";
import { type Classified, classifyError } from "../resilience/classify-error.js";
import { coolDown, warmUp } from "../resilience/cooldown.js";
import { withinLimits } from "../resilience/deadline.js";
import { timed } from "../resilience/latency.js";
import { retryDelay, sleep } from "../resilience/retry.js";
import type { Decision } from "../state/decision.js";
import { keptLedger, type ModelCall } from "../state/ledger.js";
import type { Steps } from "../state/steps.js";
import { LedgerHandler } from "../tracing/ledger-handler.js";
import { redactError, withoutSecrets } from "../tracing/redact.js";
import { type Answer, checkAnswer, withSystem } from "./answer.js";
import { type AnswerOptions, forcesTool, withAnswerOptions } from "./answer-options.js";
import { closeCall, failCall, isOpen, openCall } from "./call-record.js";
import { runStreams } from "./callbacks-below.js";
import { type Attempt, discard, invokeChat, invokeOpaque, invokePattern } from "./invoke.js";
import type { ResolvedModel } from "./resolve.js";
import { forgetCall, handUp, nestingBelow, noteCall, noteDecision, noteSteps, type Site } from "./site.js";
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
  /** Structured output, where the client can; the answer may be text all the same. */
  readonly schema?: StructuredSchema;
  /** True when the run may return it: it is then asked with what the run's caller asked for. @default for role "answer" and what is not hidden */
  readonly returned?: boolean;
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
  const prompt = withSystem(messages, [model.entry.systemPrompt, options.instruction]);
  const stops = [site.config.signal, options.signal];
  let done: Steps = [];
  for (let attempt = 1; ; attempt++) {
    const left: Left = { tokens: false, steps: [] };
    try {
      const once = () => attemptOnce(model, [...prompt, ...done], site, options, attempt, left);
      const answer = await model.slot(
        () => (options.role === "answer" ? timed(model.client, once, stops) : once()),
        stops,
      );
      warmUp(model.client);
      const steps = [...done, ...(answer.steps ?? [])];
      return { ...answer, steps: steps.length > 0 ? steps : undefined };
    } catch (error) {
      if (isControlFlow(error, site, options.signal)) throw error;
      done = [...done, ...left.steps];
      const failure = classifyError(error, model.entry.retry !== undefined); // a pattern is asked again only where its entry says so
      const moveOn = left.tokens && options.spare === true; // half an answer was seen: another model gives the whole one
      const wait = moveOn ? undefined : retryDelay(model.retry, attempt, failure);
      if (wait === undefined) {
        if (model.kind === "chat") coolDown(model.client, failure);
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
  if (opaque) refuseTools(model, wanted, site);
  const form = options.schema && formOptions(options.schema);
  const below = nestingBelow(site, hidden, opaque, opaque ? model.options : { ...(model.options ?? wanted), ...form });
  let handler: LedgerHandler | undefined;
  try {
    return await withinLimits({ timeout }, [site.config.signal, stop], async (signal) => {
      const attempt: Attempt = { model, messages, site, hidden, signal, onToken: () => {} };
      if (!opaque) return invokePattern(attempt, below);
      const { path, node, turnId } = site;
      const inner = { ...site, ...below.nesting }; // in order with those of patterns below
      const note = (call: ModelCall) => noteCall(inner, call);
      const decided = (decision: Decision) => noteDecision(inner, decision);
      const known = below.nesting.calls;
      handler = new LedgerHandler({ path, node, turnId, role, price, signal, note, decided, known, given: messages });
      const answer = await invokeOpaque(attempt, below, handler);
      handUp(site, below.nesting);
      noteSteps(site, answer.steps ?? []);
      return answer;
    });
  } catch (error) {
    const { calls, decisions } = below.nesting;
    const kept = keptLedger(error); // has also what was called before an interrupt
    const before = kept.calls.filter(({ id }) => !calls.some((call) => call.id === id));
    handUp(site, { calls: [...before, ...calls], decisions: [...kept.decisions, ...decisions] });
    if (isGraphBubbleUp(error)) throw error;
    const late = CallTimeoutError.isInstance(error);
    handler?.close(late ? "timeout" : "cancelled");
    if (late) for (const call of calls) if (isOpen(call)) call.status = "timeout";
    left.steps = handler?.steps() ?? below.nesting.steps;
    noteSteps(site, left.steps);
    if (handler === undefined || isControlFlow(error, site, stop)) throw error;
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
  const { runnable, rest } =
    schema === undefined && wanted !== undefined
      ? withAnswerOptions(model, wanted, site.path)
      : { runnable: withSchema(model.runnable, schema), rest: undefined };
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
      const place: Attempt = { model, messages, site, hidden, signal, onToken, again: attempt > 1 };
      const { message, fault } = await invokeChat(place, runnable, rest);
      signal.throwIfAborted(); // nobody waits for it any more, and its line is closed
      closeCall(call, model, message); // an answer that is none is paid all the same
      if (fault !== undefined) throw fault;
      return { message: checkAnswer(message), modelUsed: site.path };
    };
    const { signal } = site.config;
    const limited = timeout !== undefined || firstTokenTimeout !== undefined || options.signal !== undefined;
    if (!limited && signal !== undefined) return await work(signal, () => {}); // LangGraph itself ends a run that is aborted
    return await withinLimits({ timeout, firstTokenTimeout }, [signal, options.signal], work);
  } catch (error) {
    const began = call.timeToFirstTokenMs !== undefined;
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

/** What the caller of the run asks of this answer; of one that it never gets (a judge's, a router's), nothing. */
function answerOptions({ caller }: Site, { role, hidden = true, returned }: AskOptions): AnswerOptions | undefined {
  return (returned ?? (role === "answer" || !hidden)) ? caller?.options : undefined;
}

/** An agent answers with its own tools; where a call of the caller's is forced, it cannot. */
function refuseTools({ subgraph }: ResolvedModel, { tools = [], ...wanted }: AnswerOptions = {}, { path }: Site): void {
  if (tools.length === 0 || wanted.textWillDo === true || (subgraph !== undefined && !forcesTool(wanted))) return;
  const what = subgraph === undefined ? "a chain" : "an agent or foreign graph";
  throw new InvalidModelError(`${path} is ${what}, which cannot be given the tools its caller bound`);
}

function toCallError(
  error: unknown,
  failure: Classified,
  model: ResolvedModel,
  site: Site,
  steps: Steps,
): ModelCallError {
  const reason = redactError(error).split("\n\nTroubleshooting URL")[0]!;
  return new ModelCallError({
    path: site.path,
    class: failure.class,
    cause: withoutSecrets(error),
    reason,
    movesOn: failure.movesOn,
    steps,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    ...(failure.class === "authentication" && model.keyVariable !== undefined
      ? { hint: `check ${model.keyVariable}` }
      : {}),
  });
}
