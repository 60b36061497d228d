import type { LoopbackRequest } from "./loopback-request.js";
import type { AnswerReply, ReplyDeltas, ReplyFinishReason, ReplyLogprob, ReplyToolCall, ReplyUsage } from "./reply.js";

const DEFAULT_CHUNKS = 4;
const DEFAULT_LOGPROB = -0.1;

/** An answer reply with all provider-independent defaults filled in. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  /** The text cut into stream pieces. */
  readonly pieces: readonly string[];
  readonly thoughts?: string;
  readonly toolCalls: readonly ReplyToolCall[];
  readonly refusal?: string;
  readonly finishReason: ReplyFinishReason;
  readonly usage?: Required<ReplyUsage>;
  readonly deltas: ReplyDeltas;
  /** Log-probabilities of each piece. */
  readonly logprobs: readonly (readonly ReplyLogprob[])[];
}

export function toAnswer(reply: AnswerReply, request: LoopbackRequest, id: string): Answer {
  const { text = "", toolCalls = [], refusal, thoughts } = reply;
  const pieces = split(text, reply.chunks ?? DEFAULT_CHUNKS);
  return {
    id,
    model: reply.servedModel ?? request.model,
    text,
    pieces,
    toolCalls,
    ...(thoughts === undefined ? {} : { thoughts }),
    ...(refusal === undefined ? {} : { refusal }),
    deltas: reply.deltas ?? {},
    finishReason: reply.finishReason ?? (toolCalls.length > 0 ? "tool_calls" : "stop"),
    ...(reply.usage === null ? {} : { usage: { ...estimate(reply, request), ...reply.usage } }),
    logprobs: spread(reply.logprobs ?? pieces.map((token) => ({ token, logprob: DEFAULT_LOGPROB })), pieces.length),
  };
}

function estimate(reply: AnswerReply, request: LoopbackRequest): Required<ReplyUsage> {
  const inputLength = request.messages.reduce((sum, message) => sum + message.text.length, 0);
  const calls = reply.toolCalls?.map(({ name, args }) => name + JSON.stringify(args)).join("") ?? "";
  const { text = "", refusal = "", thoughts = "" } = reply;
  const outputLength = text.length + refusal.length + thoughts.length + calls.length;
  return {
    inputTokens: Math.ceil(inputLength / 4),
    outputTokens: Math.ceil(outputLength / 4),
    cachedTokens: 0,
    reasoningTokens: 0,
    audioInputTokens: 0,
    audioOutputTokens: 0,
  };
}

/** Cuts a text into `count` pieces of similar length without splitting surrogate pairs. */
export function split(text: string, count: number): string[] {
  const pieces: string[] = [];
  const total = Math.max(1, Math.min(Math.floor(count), text.length));
  let from = 0;
  for (let piece = 1; piece <= total; piece++) {
    let to = Math.round((piece * text.length) / total);
    if (/^[\uDC00-\uDFFF]/.test(text.slice(to, to + 1)) && /[\uD800-\uDBFF]$/.test(text.slice(0, to))) to += 1;
    if (to > from) pieces.push(text.slice(from, to));
    from = Math.max(from, to);
  }
  return pieces;
}

function spread<Item>(items: readonly Item[], count: number): Item[][] {
  return Array.from({ length: count }, (_, index) =>
    items.slice(Math.round((index * items.length) / count), Math.round(((index + 1) * items.length) / count)),
  );
}
