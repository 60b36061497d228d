import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { AnswerDiscardedError } from "../errors/index.js";
import { keepLedger, keptLedger } from "../state/ledger.js";
import { toAnswerChunk } from "./answer.js";
import { writtenCalls } from "./written-calls.js";

/** What a graph streams in the modes `messages`, `values` and `custom`. */
export type GraphEvent = readonly [mode: string, payload: unknown];

/**
 * The answer of a run as chunks: its tokens as they come, and in the last chunk what is known of the whole; an answer that did
 * not stream comes whole, as one chunk.
 *
 * @param answerOf reads the answer out of the final state
 * @param taken `"final"` where tokens that were given cannot be taken back; `"by id"` where whoever reads them drops those of an
 * answer that was given up by the id of its message
 * @throws {AnswerDiscardedError} when the answer whose tokens were given for good is not the one that is returned
 */
export async function* answerChunks(
  events: AsyncIterable<GraphEvent>,
  answerOf: (state: unknown) => AIMessage,
  taken: "final" | "by id",
): AsyncGenerator<AIMessageChunk> {
  let shown: string | undefined;
  let state: unknown;
  for await (const [mode, payload] of events) {
    if (mode === "values") state = payload;
    const given = taken === "final" ? shown : undefined;
    if (mode === "custom" && given !== undefined) refuseDiscarded(payload, given);
    if (mode !== "messages") continue;
    const [streamed, { multimodel_path: path }] = payload as [BaseMessage, Record<string, unknown>];
    const message = toAnswerChunk(streamed);
    if (path === undefined || message === undefined) continue;
    if (isBlank(message)) {
      if (hasThought(message)) yield new AIMessageChunk({ content: "", additional_kwargs: message.additional_kwargs }); // it binds nobody to this answer
      continue;
    }
    if (given !== undefined && message.id !== given) throw new AnswerDiscardedError(String(path), "another one began");
    shown = message.id;
    const { content, id, name, additional_kwargs, tool_call_chunks } = message;
    yield new AIMessageChunk({ content, id, name, additional_kwargs, tool_call_chunks });
  }
  const answer = answerOf(state);
  yield keepLedger(shown === undefined ? wholeChunk(answer) : lastChunk(answer, shown), keptLedger(answer));
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

function wholeChunk(answer: AIMessage): AIMessageChunk {
  const { content, id, name, additional_kwargs, usage_metadata, response_metadata } = answer;
  const tool_call_chunks = writtenCalls(answer).map((call, index) => ({
    ...call,
    type: "tool_call_chunk" as const,
    index,
  }));
  return new AIMessageChunk({
    ...{ content, id, name, additional_kwargs, tool_call_chunks, usage_metadata, response_metadata },
  });
}

function lastChunk({ usage_metadata, response_metadata }: AIMessage, id: string): AIMessageChunk {
  return new AIMessageChunk({ content: "", id, usage_metadata, response_metadata });
}
