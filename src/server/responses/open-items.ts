import type { Thought } from "../answer/thoughts.js";
import { type CallDelta, newCallId } from "../answer/tool-call-places.js";
import type { OutputItem } from "./kept-items.js";
import { callItem, messageItem, newItemId, reasoningItem, textPart } from "./output-items.js";

const added = (output_index: number, item: object) => ({ type: "response.output_item.added", output_index, item });
const done = (output_index: number, item: object) => ({ type: "response.output_item.done", output_index, item });

/** What ends an item. */
interface Closed {
  readonly events: object[];
  readonly item: OutputItem;
}

/** Begins an item of reasoning. */
export function openReasoning(output_index: number) {
  const id = newItemId("rs");
  const at = { item_id: id, output_index, summary_index: 0 };
  let thought: Thought | undefined;
  return {
    /** Returns false for a thought that begins another item. */
    accepts: ({ text, redacted }: Thought): boolean =>
      redacted === undefined && thought?.redacted === undefined && (thought?.signature === undefined || text === ""),
    add(given: Thought): object[] {
      const begins =
        thought === undefined ? [added(output_index, { ...reasoningItem(id, { text: "" }, "in_progress") })] : [];
      const first = (thought?.text ?? "") === "" && given.text !== "";
      thought = { ...thought, ...given, text: (thought?.text ?? "") + given.text };
      const part = { type: "summary_text", text: "" };
      return [
        ...begins,
        ...(first ? [{ type: "response.reasoning_summary_part.added", ...at, part }] : []),
        ...(given.text === "" ? [] : [{ type: "response.reasoning_summary_text.delta", ...at, delta: given.text }]),
      ];
    },
    close(): Closed {
      const { text } = thought!;
      const item = reasoningItem(id, thought!);
      const part = { type: "summary_text", text };
      const ends = [
        { type: "response.reasoning_summary_text.done", ...at, text },
        { type: "response.reasoning_summary_part.done", ...at, part },
      ];
      return { events: [...(text === "" ? [] : ends), done(output_index, item)], item };
    },
  };
}

/** Begins a message. */
export function openText(output_index: number) {
  const id = newItemId("msg");
  const at = { item_id: id, output_index, content_index: 0 };
  const pieces: string[] = [];
  return {
    add(delta: string): object[] {
      const begins = [
        added(output_index, messageItem(id, [], "in_progress")),
        { type: "response.content_part.added", ...at, part: textPart("") },
      ];
      pieces.push(delta);
      const written = { type: "response.output_text.delta", ...at, delta, logprobs: [] };
      return pieces.length === 1 ? [...begins, written] : [written];
    },
    close(): Closed {
      const text = pieces.join("");
      const item = messageItem(id, [textPart(text)]);
      const events = [
        { type: "response.output_text.done", ...at, text, logprobs: [] },
        { type: "response.content_part.done", ...at, part: textPart(text) },
        done(output_index, item),
      ];
      return { events, item };
    },
  };
}

/** Begins a tool call. */
export function openCall(output_index: number, { index: place, id: callId = newCallId(), name = "" }: CallDelta) {
  const id = newItemId("fc");
  const at = { item_id: id, output_index };
  const pieces: string[] = [];
  const itemOf = (args: string, status?: string) => callItem(id, { id: callId, name, args }, status);
  return {
    place,
    add(delta: string): object[] {
      const begins = pieces.length === 0 ? [added(output_index, itemOf("", "in_progress"))] : [];
      pieces.push(delta);
      if (delta === "") return begins;
      return [...begins, { type: "response.function_call_arguments.delta", ...at, delta }];
    },
    close(): Closed {
      const args = pieces.join("");
      const item = itemOf(args);
      const events = [
        { type: "response.function_call_arguments.done", ...at, name, arguments: args },
        done(output_index, item),
      ];
      return { events, item };
    },
  };
}
