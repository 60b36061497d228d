import type { AIMessageChunk } from "@langchain/core/messages";

/**
 * Counts the characters a part of a reply has at least, images and arguments of tools among them: clients write what came once in
 * several places, of which the largest counts.
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
