import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { toAnswerChunk } from "../calls/answer.js";
import { type AttemptDiscarded, isDiscarded } from "../calls/attempt.js";
import { writtenCalls } from "../calls/written-calls.js";
import { AnswerDiscardedError } from "../errors/index.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import { callTypes } from "./answer-pieces.js";
import { OneDraft } from "./one-draft.js";

/** An event of a graph stream in mode `messages`, `values` or `custom`. */
export type GraphEvent = readonly [mode: string, payload: unknown];

/** How the tokens of a run are read. */
export interface Reading {
  /**
   * `"final"` when streamed tokens cannot be retracted; `"by id"` when the reader drops an abandoned message by its id; `"live"` when
   * it is also shown drafts, one at a time.
   */
  readonly taken: "final" | "by id" | "live";
  /** Reads the answer from the final state. */
  readonly answerOf: (state: unknown) => AIMessage;
  /** See `GraphRun`. */
  readonly discarded: () => readonly AttemptDiscarded[];
  /** Reports a discarded message to a live reader. */
  readonly report: (event: AttemptDiscarded) => Promise<void>;
}

/**
 * Streams the answer of a run. The last chunk carries the metadata of the whole answer; an answer that did not stream is sent as
 * one chunk, its text before its tool calls.
 *
 * @throws {AnswerDiscardedError} when another answer than the one already streamed would be returned
 */
export async function* answerChunks(
  events: AsyncIterable<GraphEvent>,
  { taken, answerOf, discarded, report }: Reading,
): AsyncGenerator<AIMessageChunk> {
  const drafts = taken === "live" ? new OneDraft() : undefined;
  let shown: Shown | undefined;
  const show = (chunks: readonly AIMessageChunk[]) => {
    for (const chunk of chunks) shown = withChunk(shown?.id === chunk.id ? shown : undefined, chunk);
    return chunks;
  };
  let state: unknown;
  for await (const [mode, payload] of events) {
    const given = taken === "final" ? shown?.id : undefined;
    for (const event of mode === "custom" && isDiscarded(payload) ? [payload] : discarded()) {
      if (given !== undefined && event.messageId === given) throw new AnswerDiscardedError(event.path, event.reason);
      if (drafts === undefined || event.messageId === undefined) continue;
      await report(event);
      yield* show(drafts.discard(event.messageId));
    }
    if (mode === "values") state = payload;
    if (mode !== "messages") continue;
    const [streamed, { multimodel_path: path }] = payload as [BaseMessage, Record<string, unknown>];
    const message = toAnswerChunk(streamed);
    if (path === undefined || message === undefined) continue;
    if (isBlank(message) && (drafts === undefined || !hasThought(message))) {
      if (hasThought(message)) yield new AIMessageChunk({ content: "", additional_kwargs: message.additional_kwargs }); // reasoning does not commit the stream to this answer
      continue;
    }
    if (given !== undefined && message.id !== given) throw new AnswerDiscardedError(String(path), "another one began");
    const { content, id, name, additional_kwargs, tool_call_chunks } = message;
    const part = new AIMessageChunk({ content, id, name, additional_kwargs, tool_call_chunks });
    yield* show(drafts?.add(part) ?? [part]);
  }
  const answer = answerOf(state);
  const kept = keptLedger(answer);
  if (shown !== undefined && drafts?.isShown(shown.id) !== false) {
    yield keepLedger(lastChunk(answer, shown), kept);
    return;
  }
  const whole = wholeChunk(answer);
  const { content, id, name, tool_call_chunks } = whole;
  const isBoth = typeof content === "string" && content !== "" && tool_call_chunks!.length > 0;
  if (isBoth) yield new AIMessageChunk({ content, id, name }); // some readers ignore the text of a chunk with tool calls
  yield keepLedger(isBoth ? wholeChunk(answer, "") : whole, kept);
}

function isBlank({ content, tool_call_chunks }: AIMessageChunk): boolean {
  return content.length === 0 && !tool_call_chunks?.length;
}

/** Returns true for a part of streamed reasoning, in the field of OpenAI-compatible servers. */
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

/** The streamed part of an answer. */
interface Shown {
  readonly id: string | undefined;
  readonly text: string;
  /** Ids of its tool calls. */
  readonly calls: readonly string[];
  readonly hasCalls: boolean;
  /** Keys of its `additional_kwargs`. */
  readonly kwargs: readonly string[];
  /** True while all parts were strings: some clients stream only text and omit other blocks. */
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

/** Makes the last chunk: the metadata and everything not yet streamed. */
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

/** Returns true for a block that neither text nor tool calls duplicate. */
function isOther({ type }: { readonly type?: string }): boolean {
  return type !== "text" && !(type !== undefined && callTypes.has(type));
}
