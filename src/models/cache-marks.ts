import type { BaseMessage } from "@langchain/core/messages";

type Content = BaseMessage["content"];

/** Drops `cache_control` from blocks. Returns the content itself where nothing is marked. */
export function withoutCacheMarks(content: Content): Content {
  if (typeof content === "string" || !content.some((block) => "cache_control" in block)) return content;
  return content.map(({ cache_control: _mark, ...block }) => block) as Content;
}
