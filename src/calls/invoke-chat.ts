import { stampRetryable } from "@langchain/core/errors";
import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { ReplyTooLargeError } from "../errors/index.js";
import { readsEvents, runStreams } from "../langgraph/callbacks-below.js";
import { eachChunk } from "../langgraph/each-chunk.js";
import { withTracerCosts } from "../langgraph/tracer-costs.js";
import { runningUsage, summable } from "../ledger/usage.js";
import type { AnswerOptions } from "../models/answer-options.js";
import type { ResolvedModel } from "../models/resolve.js";
import { contentText } from "../text/content-text.js";
import { toAnswerChunk, toMessage } from "./answer.js";
import { callConfig } from "./call-config.js";
import { charactersOf } from "./characters-of.js";
import { hasCache, withHitListener } from "./client-cache.js";
import { withEventListener } from "./event-listener.js";
import { finishReason } from "./finish-reason.js";
import { joinChunks } from "./join-chunks.js";
import type { Scope } from "./scope.js";
import { costOfAnswer } from "./served-price.js";
import type { Showing } from "./showing.js";

interface ChatRequest {
  /** Id of the call in the ledger, and of its run in LangChain's callbacks. */
  readonly id: string;
  readonly model: ResolvedModel;
  readonly messages: BaseMessage[];
  readonly scope: Scope;
  readonly showing: Showing;
  readonly signal: AbortSignal;
  readonly onToken: (chunk: AIMessageChunk) => void;
  /** Called if the answer came from the client's cache. */
  readonly onHit?: () => void;
  /** True to bypass the client's cache. */
  readonly fresh?: boolean;
  /** True for a retry. */
  readonly again?: boolean;
}

interface ChatResult {
  readonly message: AIMessage;
  /** Set if the stream shows that the message is incomplete. */
  readonly fault?: Error;
}

/**
 * Calls a chat model once. Streams if the run streams (`invoke` would then lose the finish reason), if there is a first-token timeout,
 * if the client ignores signals on `invoke`, or to bypass its cache.
 */
export async function invokeChat(
  request: ChatRequest,
  runnable: Runnable,
  options?: AnswerOptions,
): Promise<ChatResult> {
  const { model, messages, scope, onHit, fresh } = request;
  const { path } = scope;
  const config = { ...options, ...callConfig(request), runId: request.id, maxRetries: 0 };
  config.callbacks = withTracerCosts(config.callbacks, (message) => costOfAnswer(model, message));
  const cache = hasCache(runnable);
  const streams = model.ignoresCallOptions || model.entry.firstTokenTimeout !== undefined || (fresh === true && cache);
  if (!streams && !runStreams(config.callbacks)) {
    if (cache && onHit !== undefined) config.callbacks = withHitListener(config.callbacks, onHit);
    if (readsEvents(config.callbacks)) config.callbacks = withEventListener(config.callbacks, request.onToken);
    return { message: toMessage(await runnable.invoke(messages, config), path) };
  }
  const chunks: AIMessageChunk[] = [];
  let cacheRead = 0;
  let unread = false;
  let characters = 0;
  await eachChunk(runnable, messages, config, (streamed) => {
    const given = streamed as AIMessageChunk;
    const chunk = withSummableUsage(toAnswerChunk(given) ?? given);
    unread ||= !AIMessageChunk.isInstance(given) && contentText(chunk) === "" && finishReason(chunk) === undefined;
    characters += charactersOf(chunk);
    if (characters > model.bounds.bytes) throw new ReplyTooLargeError(model.bounds.bytes); // for clients whose `fetch` cannot be limited
    request.onToken(chunk);
    chunks.push(chunk);
    cacheRead = Math.max(cacheRead, chunk.usage_metadata?.input_token_details?.cache_read ?? 0);
  });
  const whole = joinChunks(chunks);
  const running = runningUsage(chunks.map(({ usage_metadata }) => usage_metadata));
  if (whole !== undefined && running !== undefined) whole.usage_metadata = running;
  const details = whole?.usage_metadata?.input_token_details;
  if (details?.cache_read) details.cache_read = cacheRead; // Gemini repeats it in every chunk, and concat sums it
  if (whole === undefined) {
    if (model.namesFinishReason) throw unfinishedError(request);
    return { message: toMessage("", path) };
  }
  const message = toMessage(whole, path);
  const reason = finishReason(whole);
  if (model.namesFinishReason && reason === undefined) return { message, fault: unfinishedError(request) };
  return unread && reason === "tool_calls" ? { message, fault: new Error(noRole) } : { message };
}

const noRole = "the tool calls of this stream have no role, and the client reads none without it";

/** Makes the error of a stream without finish reason. It is retried once only, since some servers never send a reason. */
function unfinishedError({ again }: ChatRequest): Error {
  const error = new Error(
    "terminated: the stream ended without a finish reason; where its server never names one, set `finishReason: false` on the entry of the model",
  );
  return again ? stampRetryable(error, false) : error;
}

/** Copies a chunk with usage in numbers, so that concat sums it. */
function withSummableUsage(chunk: AIMessageChunk): AIMessageChunk {
  const { usage_metadata: usage } = chunk;
  if (usage === undefined) return chunk;
  return Object.assign(Object.create(Object.getPrototypeOf(chunk)), chunk, { usage_metadata: summable(usage) });
}
