import { type AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { AnswerDiscardedError } from "../errors.js";

/** What a graph streams in the modes `messages`, `values` and `custom`. */
export type GraphEvent = readonly [mode: string, payload: unknown];

/**
 * The answer of a run as chunks: its tokens as they come, and in the last chunk what is known of the whole; an answer that did
 * not stream comes whole, as one chunk.
 *
 * @param answerOf reads the answer out of the final state
 * @throws {AnswerDiscardedError} when the answer whose tokens were given is not the one that is returned
 */
export async function* answerChunks(
  events: AsyncIterable<GraphEvent>,
  answerOf: (state: unknown) => AIMessage,
): AsyncGenerator<AIMessageChunk> {
  let shown: string | undefined;
  let state: unknown;
  for await (const [mode, payload] of events) {
    if (mode === "values") state = payload;
    if (mode === "custom" && shown !== undefined) refuseDiscarded(payload, shown);
    if (mode !== "messages") continue;
    const [message, { multimodel_path: path }] = payload as [BaseMessage, Record<string, unknown>];
    if (path === undefined || !AIMessageChunk.isInstance(message) || isBlank(message)) continue;
    if (shown !== undefined && message.id !== shown) throw new AnswerDiscardedError(String(path), "another one began");
    shown = message.id;
    const { content, id, name, additional_kwargs, tool_call_chunks } = message;
    yield new AIMessageChunk({ content, id, name, additional_kwargs, tool_call_chunks });
  }
  const answer = answerOf(state);
  yield shown === undefined ? wholeChunk(answer) : lastChunk(answer, shown);
}

function refuseDiscarded(event: unknown, shown: string): void {
  const { type, path, messageId, reason } = (event ?? {}) as Record<string, unknown>;
  if (type === "attempt_discarded" && messageId === shown) throw new AnswerDiscardedError(String(path), String(reason));
}

function isBlank({ content, tool_call_chunks }: AIMessageChunk): boolean {
  return content.length === 0 && !tool_call_chunks?.length;
}

function wholeChunk({ content, id, name, additional_kwargs, tool_calls = [], ...message }: AIMessage): AIMessageChunk {
  const { usage_metadata, response_metadata, invalid_tool_calls = [] } = message;
  const calls = [...tool_calls.map((call) => ({ ...call, args: JSON.stringify(call.args) })), ...invalid_tool_calls];
  const tool_call_chunks = calls.map(({ id, name, args }, index) => ({
    type: "tool_call_chunk" as const,
    id,
    name,
    args,
    index,
  }));
  return new AIMessageChunk({
    ...{ content, id, name, additional_kwargs, tool_call_chunks, usage_metadata, response_metadata },
  });
}

function lastChunk({ usage_metadata, response_metadata }: AIMessage, id: string): AIMessageChunk {
  return new AIMessageChunk({ content: "", id, usage_metadata, response_metadata });
}
