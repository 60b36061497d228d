import type { AIMessageChunk } from "@langchain/core/messages";

/**
 * Returns a lower bound of a chunk's characters, images and tool arguments included. Clients copy received text into several fields,
 * so only the largest field counts.
 */
export function charactersOf({ content, tool_call_chunks, additional_kwargs }: AIMessageChunk): number {
  return Math.max(...[content, tool_call_chunks, additional_kwargs].map(charactersIn));
}

function charactersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.values(value).reduce<number>((sum, part) => sum + charactersIn(part), 0);
}
