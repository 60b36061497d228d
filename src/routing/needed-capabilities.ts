import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { Capability } from "../models/model.js";

/** Returns the capabilities a model needs to read these messages. */
export function neededCapabilities(messages: readonly BaseMessage[]): ReadonlySet<Capability> {
  const needed = new Set<Capability>();
  for (const message of messages) {
    if (message.type === "tool" || (message as AIMessage).tool_calls?.length) needed.add("tools");
    if (typeof message.content === "string") continue;
    for (const block of message.content) {
      const capability = capabilityFor(block as Readonly<Record<string, unknown>>);
      if (capability !== undefined) needed.add(capability);
    }
  }
  return needed;
}

/** Block types of LangChain and OpenAI; `file` blocks and those of Gemini are recognized by their MIME type. */
const kinds: ReadonlyMap<unknown, Capability> = new Map([
  ["image", "vision"],
  ["image_url", "vision"],
  ["input_image", "vision"],
  ["audio", "audio"],
  ["input_audio", "audio"],
]);

function capabilityFor(block: Readonly<Record<string, unknown>>): Capability | undefined {
  const kind = kinds.get(block.type);
  if (kind !== undefined) return kind;
  const { mimeType, mime_type } = { ...block, ...(block.inlineData as object | undefined) } as Record<string, unknown>;
  const mime = String(mimeType ?? mime_type ?? "");
  if (mime.startsWith("image/")) return "vision";
  return mime.startsWith("audio/") ? "audio" : undefined;
}
