import { stampRetryable } from "@langchain/core/errors";
import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { ReplyTooLargeError } from "../errors/index.js";
import { runStreams } from "../langgraph/callbacks-below.js";
import { summable } from "../ledger/usage.js";
import type { AnswerOptions } from "../models/answer-options.js";
import type { ResolvedModel } from "../models/resolve.js";
import { contentText } from "../text/content-text.js";
import { toAnswerChunk, toMessage } from "./answer.js";
import { callConfig } from "./call-config.js";
import { charactersOf } from "./characters-of.js";
import { hasCache, hearingHits } from "./client-cache.js";
import { finishReason } from "./finish-reason.js";
import type { Scope } from "./scope.js";

/** One call of a chat client. */
interface ChatRequest {
  readonly model: ResolvedModel;
  readonly messages: BaseMessage[];
  readonly scope: Scope;
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
export async function invokeChat(request: ChatRequest, runnable: Runnable, options?: AnswerOptions): Promise<Said> {
  const { model, messages, scope, onHit, fresh } = request;
  const { path } = scope;
  const config = { ...options, ...callConfig(request), maxRetries: 0 };
  const cache = hasCache(runnable);
  const streams = model.ignoresCallOptions || model.entry.firstTokenTimeout !== undefined || (fresh === true && cache);
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
    unread ||= !AIMessageChunk.isInstance(given) && contentText(chunk) === "" && finishReason(chunk) === undefined;
    characters += charactersOf(chunk);
    if (characters > model.replyBytes) throw new ReplyTooLargeError(model.replyBytes); // of clients whose connection is not ours
    request.onToken(chunk);
    whole = whole === undefined ? chunk : whole.concat(chunk);
    cacheRead = Math.max(cacheRead, chunk.usage_metadata?.input_token_details?.cache_read ?? 0);
  }
  const details = whole?.usage_metadata?.input_token_details;
  if (details?.cache_read) details.cache_read = cacheRead; // Gemini repeats it in every chunk, and concat adds it up
  if (whole === undefined) {
    if (model.finishes) throw unfinished(request);
    return { message: toMessage("", path) };
  }
  const message = toMessage(whole, path);
  const reason = finishReason(whole);
  if (model.finishes && reason === undefined) return { message, fault: unfinished(request) };
  return unread && reason === "tool_calls" ? { message, fault: new Error(noRole) } : { message };
}

const noRole = "the tool calls of this stream have no role, and the client reads none without it";

/** Makes the error of a cut that looks like an end, which may be that of a server that never says more: one more request is enough. */
function unfinished({ again }: ChatRequest): Error {
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
