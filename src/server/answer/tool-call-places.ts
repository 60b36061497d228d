import { randomUUID } from "node:crypto";
import type { ToolCallChunk } from "@langchain/core/messages/tool";

export const newCallId = () => `call_${randomUUID()}`;

/** Part of a streamed tool call; only the first part has `id` and `name`. */
export interface CallDelta {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly args: string;
}

/** Target of a call: the first call of the form's tool becomes the answer, later ones are dropped. */
type Place = number | "answer" | "nowhere";

/**
 * Numbers the tool calls of a streamed answer, since some clients count from 0 in every chunk and some repeat ids.
 *
 * @param formTool the tool whose call is the answer
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
      const { id, name } = { id: chunk.id || undefined, name: chunk.name || undefined }; // may be "" or null in later parts
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
