import type { AIMessageChunk } from "@langchain/core/messages";
import { answerReader } from "../answer/answer-reader.js";
import { oneCallAtATime } from "../answer/one-call-at-a-time.js";
import type { Thought } from "../answer/thoughts.js";
import type { CallDelta } from "../answer/tool-call-places.js";
import { orchestrationOf } from "../orchestration.js";
import type { EventWriter, ReplyContext, ReplyHead } from "../protocol.js";
import { messagesError } from "./error-body.js";
import { messageUsage, stopOf } from "./message-reply.js";

/** Kind of the open block, and of a call its place among the calls. */
type Open = "thinking" | "text" | number;

/** Writes a streamed answer as events of Anthropic's API: one block after the other, each opened, filled and closed. */
export function messageEvents({ id, model }: ReplyHead, context: ReplyContext): EventWriter {
  const reader = answerReader(context.form);
  const calls = oneCallAtATime();
  let open: Open | undefined;
  let index = -1;
  let sealed = false; // the open thought has its signature
  const close = (): object[] => {
    if (open === undefined) return [];
    open = undefined;
    return [{ type: "content_block_stop", index }];
  };
  const begin = (kind: Open, content_block: object): object[] => {
    const closed = close();
    open = kind;
    return [...closed, { type: "content_block_start", index: ++index, content_block }];
  };
  const delta = (given: object) => ({ type: "content_block_delta", index, delta: given });
  const text = (said: string): object[] => {
    if (said === "") return [];
    const begun = open === "text" ? [] : begin("text", { type: "text", text: "" });
    return [...begun, delta({ type: "text_delta", text: said })];
  };
  const thought = ({ text: thinking, signature, redacted }: Thought): object[] => {
    if (redacted !== undefined) {
      const begun = begin("thinking", { type: "redacted_thinking", data: redacted });
      return [...begun, ...close()];
    }
    const continues = open === "thinking" && !(sealed && thinking !== "");
    const begun = continues ? [] : begin("thinking", { type: "thinking", thinking: "", signature: "" });
    sealed = signature !== undefined;
    return [
      ...begun,
      ...(thinking === "" ? [] : [delta({ type: "thinking_delta", thinking })]),
      ...(signature === undefined ? [] : [delta({ type: "signature_delta", signature })]),
    ];
  };
  const call = ({ index: place, id, name, args }: CallDelta): object[] => {
    const begun = open === place ? [] : begin(place, { type: "tool_use", id, name, input: {} });
    return args === "" ? begun : [...begun, delta({ type: "input_json_delta", partial_json: args })];
  };
  return {
    begin: () => [
      {
        type: "message_start",
        message: {
          ...{ id, type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null },
          usage: messageUsage(undefined), // known at the end, since a run may make several calls
        },
      },
    ],
    next(part: AIMessageChunk) {
      const read = reader.next(part);
      return [...read.thoughts.flatMap(thought), ...text(read.text), ...calls.next(read.calls).flatMap(call)];
    },
    end() {
      const { text: held, refusal, ending, last } = reader.end();
      return [
        ...text(held),
        ...calls.end().flatMap(call),
        ...text(refusal ?? ""),
        ...close(),
        {
          type: "message_delta",
          delta: stopOf(last, ending, refusal),
          usage: messageUsage(last?.usage_metadata),
          ...(last === undefined ? {} : { orchestration: orchestrationOf(last, context) }),
        },
        { type: "message_stop" },
      ];
    },
    fail: (reply) => [messagesError(reply, id)],
  };
}
