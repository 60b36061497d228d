import { answerReader } from "../answer/answer-reader.js";
import { thoughtText } from "../answer/thoughts.js";
import type { CallDelta } from "../answer/tool-call-places.js";
import { orchestrationOf } from "../orchestration.js";
import type { EventWriter, ReplyContext, ReplyHead } from "../protocol.js";
import { usageOf } from "./completion.js";

/**
 * Writes a streamed answer as chunks of OpenAI's API.
 *
 * @param includeUsage whether a final chunk carries the usage
 */
export function chunkWriter(head: ReplyHead, context: ReplyContext, includeUsage: boolean): EventWriter {
  const reader = answerReader(context.form);
  const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(includeUsage ? { usage: null } : {}),
    ...more,
  });
  const contents = (text: string) => (text === "" ? [] : [chunk({ content: text })]);
  const toolCall = ({ index, id, name, args }: CallDelta) => {
    const begun = id === undefined ? {} : { id, type: "function" };
    return { index, ...begun, function: { ...(name === undefined ? {} : { name }), arguments: args } };
  };
  return {
    begin: () => [chunk({ role: "assistant", content: "" })],
    next(part) {
      const { thoughts, text, calls } = reader.next(part);
      const thought = thoughtText(thoughts);
      return [
        ...(thought === "" ? [] : [chunk({ reasoning_content: thought })]),
        ...contents(text),
        ...(calls.length > 0 ? [chunk({ tool_calls: calls.map(toolCall) })] : []),
      ];
    },
    end() {
      const { text, refusal, ending, last } = reader.end();
      if (last === undefined) return [chunk({}, "stop")];
      const orchestration = orchestrationOf(last, context);
      const ended = [
        ...contents(text),
        ...(refusal === null ? [] : [chunk({ refusal })]),
        chunk({}, ending, { orchestration }),
      ];
      if (!includeUsage) return ended;
      return [
        ...ended,
        { ...head, object: "chat.completion.chunk", choices: [], usage: usageOf(last.usage_metadata, orchestration) },
      ];
    },
    fail: ({ body }) => [body],
  };
}
