import type { AIMessageChunk } from "@langchain/core/messages";
import { isWhole, type ReplyContext, type ReplyHead, reasonOf, refusalOf, thoughtOf, usageOf } from "./completion.js";
import { jsonStream } from "./json-text.js";
import { orchestrationOf } from "./orchestration.js";
import { type CallDelta, placeCalls } from "./request/tool-call-places.js";

/** Writes a streamed answer as chunks of OpenAI's API. */
export interface ChunkWriter {
  begin(): object[];
  next(part: AIMessageChunk): object[];
  /** @throws {RequestError} when the answer is not in the requested form */
  end(): object[];
}

/** @param includeUsage whether a final chunk carries the usage */
export function chunkWriter(head: ReplyHead, context: ReplyContext, includeUsage: boolean): ChunkWriter {
  const { form } = context;
  let last: AIMessageChunk | undefined;
  let called = false;
  let thought = false;
  const place = placeCalls(form?.tool);
  const formText = form && jsonStream(form);
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
      last = part;
      const { answer, calls } = place(part.tool_call_chunks ?? []);
      called ||= calls.length > 0;
      const text = formText === undefined ? part.text : formText.next(part.text, answer);
      const said = part.response_metadata.orchestration === undefined || !thought ? thoughtOf(part) : ""; // the final part repeats the reasoning
      thought ||= said !== "";
      return [
        ...(said === "" ? [] : [chunk({ reasoning_content: said })]),
        ...contents(text),
        ...(calls.length > 0 ? [chunk({ tool_calls: calls.map(toolCall) })] : []),
      ];
    },
    end() {
      if (last === undefined) return [chunk({}, "stop")];
      const held = formText?.end(isWhole(last, called)) ?? "";
      const refusal = refusalOf(last);
      const orchestration = orchestrationOf(last, context);
      const ended = [
        ...contents(held),
        ...(refusal === null ? [] : [chunk({ refusal })]),
        chunk({}, reasonOf(last, called), { orchestration }),
      ];
      if (!includeUsage) return ended;
      return [
        ...ended,
        { ...head, object: "chat.completion.chunk", choices: [], usage: usageOf(last.usage_metadata, orchestration) },
      ];
    },
  };
}
