import type { AIMessageChunk } from "@langchain/core/messages";
import { unwrapped } from "./answer-form.js";
import { type Asked, type Head, reasonOf, usageOf } from "./completion.js";
import { orchestrationOf } from "./orchestration.js";
import { type CallDelta, placeCalls } from "./tool-call-places.js";

/** Writes an answer that streams as OpenAI's API does, chunk by chunk. */
export interface ChunkWriter {
  begin(): object[];
  next(part: AIMessageChunk): object[];
  end(): object[];
}

/** @param includeUsage whether a last chunk tells the usage */
export function chunkWriter(head: Head, { form, ignored }: Asked, includeUsage: boolean): ChunkWriter {
  let last: AIMessageChunk | undefined;
  let called = false;
  const place = placeCalls(form?.tool);
  const formText = form === undefined ? undefined : jsonText();
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
      return [...contents(text), ...(calls.length > 0 ? [chunk({ tool_calls: calls.map(toolCall) })] : [])];
    },
    end() {
      if (last === undefined) return [chunk({}, "stop")];
      const orchestration = orchestrationOf(last, ignored);
      const ended = [...contents(formText?.end() ?? ""), chunk({}, reasonOf(last, called), { orchestration })];
      if (!includeUsage) return ended;
      return [...ended, { ...head, object: "chat.completion.chunk", choices: [], usage: usageOf(last.usage_metadata) }];
    },
  };
}

/** The text of an answer that must be JSON: it is shown as it comes when it begins so; else it waits for the end, where the JSON in it is found. */
function jsonText() {
  let shown: "text" | "form" | undefined;
  let held = "";
  return {
    next(text: string, formed: string): string {
      if (formed !== "" && shown !== "text") {
        shown = "form";
        return formed;
      }
      if (shown === "form") return "";
      if (shown === "text") return text;
      held += text;
      if (!held.trimStart().startsWith("{")) return "";
      shown = "text";
      return held;
    },
    end: () => (shown === undefined ? unwrapped(held) : ""),
  };
}
