import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { toAnswerChunk } from "../calls/answer.js";
import { writtenCalls } from "../calls/written-calls.js";
import { AnswerDiscardedError } from "../errors/index.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import { callTypes } from "./answer-pieces.js";

/** What a graph streams in the modes `messages`, `values` and `custom`. */
export type GraphEvent = readonly [mode: string, payload: unknown];

/**
 * The answer of a run as chunks: its tokens as they come, and in the last chunk what is known of the whole; an answer that did
 * not stream comes whole, as one chunk, its text before its tool calls.
 *
 * @param answerOf reads the answer out of the final state
 * @param taken `"final"` where streamed tokens cannot be taken back; `"by id"` where the reader drops the tokens of an abandoned
 * answer by the id of its message
 * @throws {AnswerDiscardedError} when the answer whose tokens were given for good is not the one that is returned
 */
export async function* answerChunks(
  events: AsyncIterable<GraphEvent>,
  answerOf: (state: unknown) => AIMessage,
  taken: "final" | "by id",
): AsyncGenerator<AIMessageChunk> {
  let shown: Shown | undefined;
  let state: unknown;
  for await (const [mode, payload] of events) {
    if (mode === "values") state = payload;
    const given = taken === "final" ? shown?.id : undefined;
    if (mode === "custom" && given !== undefined) refuseDiscarded(payload, given);
    if (mode !== "messages") continue;
    const [streamed, { multimodel_path: path }] = payload as [BaseMessage, Record<string, unknown>];
    const message = toAnswerChunk(streamed);
    if (path === undefined || message === undefined) continue;
    if (isBlank(message)) {
      if (hasThought(message)) yield new AIMessageChunk({ content: "", additional_kwargs: message.additional_kwargs }); // a thought does not commit the stream to this answer
      continue;
    }
    if (given !== undefined && message.id !== given) throw new AnswerDiscardedError(String(path), "another one began");
    const { content, id, name, additional_kwargs, tool_call_chunks } = message;
    shown = withChunk(shown?.id === id ? shown : undefined, message);
    yield new AIMessageChunk({ content, id, name, additional_kwargs, tool_call_chunks });
  }
  const answer = answerOf(state);
  const kept = keptLedger(answer);
  if (shown !== undefined) {
    yield keepLedger(lastChunk(answer, shown), kept);
    return;
  }
  const whole = wholeChunk(answer);
  const { content, id, name, tool_call_chunks } = whole;
  const isBoth = typeof content === "string" && content !== "" && tool_call_chunks!.length > 0;
  if (isBoth) yield new AIMessageChunk({ content, id, name }); // who takes calls off a chunk overlooks its text
  yield keepLedger(isBoth ? wholeChunk(answer, "") : whole, kept);
}

function refuseDiscarded(event: unknown, shown: string): void {
  const { type, path, messageId, reason } = (event ?? {}) as Record<string, unknown>;
  if (type === "attempt_discarded" && messageId === shown) throw new AnswerDiscardedError(String(path), String(reason));
}

function isBlank({ content, tool_call_chunks }: AIMessageChunk): boolean {
  return content.length === 0 && !tool_call_chunks?.length;
}

/** True for a part of what the model thinks before it answers, as servers of OpenAI's format stream it. */
function hasThought({ additional_kwargs: { reasoning_content: thought } }: AIMessageChunk): boolean {
  return typeof thought === "string" && thought !== "";
}

function wholeChunk(answer: AIMessage, content = answer.content): AIMessageChunk {
  const { id, name, additional_kwargs, usage_metadata, response_metadata } = answer;
  const tool_call_chunks = writtenCalls(answer).map((call, index) => ({
    ...call,
    type: "tool_call_chunk" as const,
    index,
  }));
  return new AIMessageChunk({
    ...{ content, id, name, additional_kwargs, tool_call_chunks, usage_metadata, response_metadata },
  });
}

/** What of an answer was shown already. */
interface Shown {
  readonly id: string | undefined;
  readonly text: string;
  /** Ids of its tool calls. */
  readonly calls: readonly string[];
  readonly hasCalls: boolean;
  /** Keys of its `additional_kwargs`. */
  readonly kwargs: readonly string[];
  /** No part of it but text: clients that tell of their tokens as text leave out the rest. */
  readonly isText: boolean;
}

function withChunk(before: Shown | undefined, chunk: AIMessageChunk): Shown {
  const { id, text, content, tool_call_chunks: calls = [], additional_kwargs } = chunk;
  return {
    id,
    text: (before?.text ?? "") + text,
    calls: [...(before?.calls ?? []), ...calls.flatMap((call) => call.id || [])],
    hasCalls: before?.hasCalls === true || calls.length > 0,
    kwargs: [...new Set([...(before?.kwargs ?? []), ...Object.keys(additional_kwargs)])],
    isText: before?.isText !== false && typeof content === "string",
  };
}

/** What is known of the whole, and what of it was not shown. */
function lastChunk(answer: AIMessage, shown: Shown): AIMessageChunk {
  const { usage_metadata, response_metadata, text } = answer;
  const { tool_calls: _written, ...kwargs } = answer.additional_kwargs;
  const isNew = ({ id }: { readonly id?: string }) => (id ? !shown.calls.includes(id) : !shown.hasCalls);
  const calls = writtenCalls(answer).filter(isNew);
  const rest = text.startsWith(shown.text) ? text.slice(shown.text.length) : "";
  const blocks = shown.isText && typeof answer.content !== "string" ? answer.content.filter(isOther) : [];
  return new AIMessageChunk({
    content: blocks.length > 0 ? [...(rest === "" ? [] : [{ type: "text", text: rest }]), ...blocks] : rest,
    id: shown.id,
    tool_call_chunks: calls.map((call, index) => ({
      ...call,
      type: "tool_call_chunk" as const,
      index: shown.calls.length + index,
    })),
    additional_kwargs: Object.fromEntries(Object.entries(kwargs).filter(([key]) => !shown.kwargs.includes(key))),
    usage_metadata,
    response_metadata,
  });
}

/** True for a block that neither text nor a tool call says as well. */
function isOther({ type }: { readonly type?: string }): boolean {
  return type !== "text" && !(type !== undefined && callTypes.has(type));
}
