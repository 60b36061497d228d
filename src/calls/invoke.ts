import { stampRetryable } from "@langchain/core/errors";
import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { mergeConfigs, type Runnable, type RunnableConfig } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { ReplyTooLargeError } from "../errors/index.js";
import { runStreams } from "../langgraph/callbacks-below.js";
import { stepLimit } from "../langgraph/step-limit.js";
import { summable } from "../ledger/usage.js";
import type { AnswerOptions } from "../models/answer-options.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { RunContext } from "../state/run-context.js";
import { joinSteps, stepsOf } from "../state/steps.js";
import { carrying, orchestrationOf } from "../tracing/carried-ledger.js";
import type { LedgerHandler } from "../tracing/ledger-handler.js";
import { type Answer, checkAnswer, copyMessage, newMessages, toAnswerChunk, toMessage } from "./answer.js";
import { charactersOf } from "./characters-of.js";
import { hasCache, hearingHits } from "./client-cache.js";
import { finishReason } from "./finish-reason.js";
import type { Below, Site } from "./scope.js";

/** What one attempt needs to know. */
export interface Attempt {
  readonly model: ResolvedModel;
  readonly messages: BaseMessage[];
  readonly site: Site;
  /** The answer may be discarded, so none of its tokens may be shown. */
  readonly hidden: boolean;
  readonly signal: AbortSignal;
  readonly onToken: (chunk: AIMessageChunk) => void;
  /** Called when the client took the answer from its cache. */
  readonly onHit?: () => void;
  /** The answer must not be one of the client's cache. */
  readonly fresh?: boolean;
  /** The model was asked before, and is asked again. */
  readonly again?: boolean;
}

/** What a chat model said. */
interface Said {
  readonly message: AIMessage;
  /** Why it is no answer all the same, where the way it came says so. */
  readonly fault?: Error;
}

/**
 * Calls a chat model once. It streams where the run streams, where the first token matters, where the client would ignore its
 * signal otherwise, and where its cache must be passed by, which streams do; concatenated chunks keep the finish reason that
 * `invoke` loses while a run streams.
 *
 * @param options call options of the client, where the caller of the run asked for some
 */
export async function invokeChat(attempt: Attempt, runnable: Runnable, options?: AnswerOptions): Promise<Said> {
  const { model, messages, site, onHit, fresh } = attempt;
  const { path } = site;
  const config = { ...options, ...callConfig(attempt), maxRetries: 0 };
  const cache = hasCache(runnable);
  const streams = model.alwaysStream || model.entry.firstTokenTimeout !== undefined || (fresh === true && cache);
  if (!streams && !runStreams(config.callbacks)) {
    if (cache && onHit !== undefined) config.callbacks = hearingHits(config.callbacks, onHit);
    return { message: toMessage(await runnable.invoke(messages, config), path) };
  }
  let whole: AIMessageChunk | undefined;
  let cacheRead = 0;
  let unread = false;
  let characters = 0;
  for await (const given of (await runnable.stream(messages, config)) as AsyncIterable<AIMessageChunk>) {
    const chunk = counted(toAnswerChunk(given) ?? given);
    unread ||= !AIMessageChunk.isInstance(given) && chunk.text === "" && finishReason(chunk) === undefined;
    characters += charactersOf(chunk);
    if (characters > model.replyBytes) throw new ReplyTooLargeError(model.replyBytes); // of clients whose connection is not ours
    attempt.onToken(chunk);
    whole = whole === undefined ? chunk : whole.concat(chunk);
    cacheRead = Math.max(cacheRead, chunk.usage_metadata?.input_token_details?.cache_read ?? 0);
  }
  const details = whole?.usage_metadata?.input_token_details;
  if (details?.cache_read) details.cache_read = cacheRead; // Gemini repeats it in every chunk, and concat adds it up
  if (whole === undefined) {
    if (model.finishes) throw unfinished(attempt);
    return { message: toMessage("", path) };
  }
  const message = toMessage(whole, path);
  const reason = finishReason(whole);
  if (model.finishes && reason === undefined) return { message, fault: unfinished(attempt) };
  return unread && reason === "tool_calls" ? { message, fault: new Error(noRole) } : { message };
}

const noRole = "the tool calls of this stream have no role, and the client reads none without it";

/** Makes the error of a cut that looks like an end, which may be that of a server that never says more: one more request is enough. */
function unfinished({ again }: Attempt): Error {
  const error = new Error(
    "terminated: the stream ended without a finish reason; where its server never names one, set `finishReason: false` on the entry of the model",
  );
  return again ? stampRetryable(error, false) : error;
}

/** A chunk whose usage can be added up. */
function counted(chunk: AIMessageChunk): AIMessageChunk {
  const { usage_metadata: usage } = chunk;
  if (usage === undefined) return chunk;
  return Object.assign(Object.create(Object.getPrototypeOf(chunk)), chunk, { usage_metadata: summable(usage) });
}

/** Runs another pattern as a model, below `nesting`; it hands up its own ledger, decisions and tool calls. */
export async function invokePattern(attempt: Attempt, { configurable, nesting }: Below): Promise<Answer> {
  const { model, messages, site } = attempt;
  const config = { ...nestedConfig(attempt), configurable };
  const state = (await model.runnable.invoke({ messages }, config)) as OrchestrationState;
  site.calls.push(...state.calls);
  site.decisions.push(...state.decisions);
  const message = checkAnswer(toMessage(state.messages.at(-1), site.path));
  const { modelUsed = site.path, confidence } = state;
  return { message, modelUsed, confidence, steps: joinSteps(nesting.steps, stepsOf(state)) };
}

/** Runs a model nobody can look into, with a callback handler that writes the ledger. */
export async function invokeOpaque(attempt: Attempt, { configurable }: Below, handler: LedgerHandler): Promise<Answer> {
  const { model, messages, site } = attempt;
  const config = mergeConfigs(nestedConfig(attempt), { callbacks: [handler] });
  const graph = model.subgraph !== undefined;
  const input = graph ? { messages } : messages;
  const output = await model.runnable.invoke(input, { ...config, configurable, ...(graph ? {} : { maxRetries: 0 }) });
  const made = graph ? newMessages((output as { messages?: BaseMessage[] }).messages ?? [], messages) : [output];
  const last = toMessage(made.at(-1), site.path);
  handler.account(made, { called: !graph });
  const answer = handler.judge(last, checkAnswer);
  const carried = orchestrationOf(answer)?.ledger !== undefined; // it is in the ledger now
  const message = carried ? copyMessage(answer, { response_metadata: carrying(answer, undefined) }) : answer;
  return { message, modelUsed: site.path, steps: handler.steps() };
}

function callConfig({ model, site, hidden, signal }: Attempt): RunnableConfig {
  const { config, namespace } = site;
  const context = config.context as RunContext | undefined;
  const metadata = {
    ...((site.nesting ?? site.caller) === undefined ? {} : { multimodel_path: site.path }),
    ...(context?.sessionId === undefined ? {} : { session_id: context.sessionId }),
    ...(namespace === undefined ? {} : { langgraph_checkpoint_ns: namespace }),
  };
  const tags = [...(context?.tags ?? []), ...(model.entry.tags ?? []), ...(hidden || site.hidden ? ["nostream"] : [])];
  return {
    signal,
    callbacks: config.callbacks,
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(tags.length > 0 ? { tags } : {}),
  };
}

/** The whole configuration of the node, so that checkpoints, interrupts and context reach the graph below. */
function nestedConfig(attempt: Attempt): LangGraphRunnableConfig {
  const { runName: _node, ...config } = attempt.site.config as LangGraphRunnableConfig & RunnableConfig;
  const { tags = [], signal } = callConfig(attempt);
  const { context, kind, runnable } = attempt.model;
  const { config: own } = runnable as { readonly config?: RunnableConfig };
  const hidden = attempt.hidden || attempt.site.hidden;
  return {
    ...config,
    tags: [...(config.tags ?? []), ...tags],
    signal,
    recursionLimit: kind === "pattern" ? undefined : (stepLimit(config) ?? own?.recursionLimit ?? 25), // a pattern knows its own
    ...(context === undefined ? {} : { context: { ...context, ...config.context } }),
    ...(hidden ? { callbacks: quiet(config.callbacks) } : {}),
  };
}

/** Callbacks without the one that shows what nodes return: what is below may be discarded, and is shown when it is accepted. */
function quiet(callbacks: RunnableConfig["callbacks"]): RunnableConfig["callbacks"] {
  if (callbacks === undefined || Array.isArray(callbacks)) return callbacks;
  const shown = callbacks.copy();
  for (const handler of shown.handlers.filter(({ name }) => name === "StreamMessagesHandler"))
    shown.removeHandler(handler);
  return shown;
}

/** Tells whoever reads the custom stream that the tokens of an attempt are void. */
export function discard({ config, path }: Site, messageId: string | undefined, reason: string): void {
  config.writer?.({ type: "attempt_discarded", path, messageId, reason });
}
