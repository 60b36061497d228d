import type { ToolCallChunk } from "@langchain/core/messages/tool";
import { newCallId } from "../completion.js";

/** A part of a tool call; `id` and `name` come with its first part only. */
export interface CallDelta {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly args: string;
}

/** Where a call is shown: the first one of the form's tool is the answer itself, further ones of it are nowhere. */
type Place = number | "answer" | "nowhere";

/**
 * Gives the tool calls of one streamed answer places of their own: some clients count from 0 in every chunk, some repeat the id.
 *
 * @param formTool the tool whose call is the answer, if there is one
 */
export function placeCalls(formTool: string | undefined) {
  const byId = new Map<string, Place>();
  const byIndex = new Map<number, Place>();
  const places = { shown: 0, answer: false };
  const newPlace = (name: string | undefined): Place => {
    if (formTool === undefined || name !== formTool) return places.shown++;
    if (places.answer) return "nowhere";
    places.answer = true;
    return "answer";
  };
  return (chunks: readonly ToolCallChunk[]) => {
    let answer = "";
    const calls: CallDelta[] = [];
    for (const chunk of chunks) {
      const { id, name } = { id: chunk.id || undefined, name: chunk.name || undefined }; // later parts have them as "" or null, too
      const index = chunk.index ?? 0;
      const args = chunk.args ?? "";
      const known = id === undefined ? byIndex.get(index) : byId.get(id);
      const place = known ?? newPlace(name);
      byIndex.set(index, place);
      if (id !== undefined) byId.set(id, place);
      if (place === "answer") answer += args;
      else if (place !== "nowhere") {
        calls.push({ index: place, args, ...(known === undefined ? { id: id ?? newCallId(), name: name ?? "" } : {}) });
      }
    }
    return { answer, calls };
  };
}
