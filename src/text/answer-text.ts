import type { BaseMessage } from "@langchain/core/messages";
import { contentText } from "./content-text.js";
import { isThought, withoutThoughts } from "./thoughts.js";

/**
 * Returns what an answer says: its text without thoughts, `""` where it holds nothing else. Everything that reads an answer reads it
 * by this function (or by `textOf`), so that no thought is compared, judged, scored, parsed or handed on.
 */
export function answerText(message: BaseMessage): string {
  const { content } = message;
  const marked = typeof content !== "string" && content.some((block) => block.type === "text" && isThought(block));
  return withoutThoughts(marked ? textsIn(content) : contentText(message));
}

/** Joins the texts of blocks, those a provider marked as thoughts aside (Gemini). */
function textsIn(content: Exclude<BaseMessage["content"], string>): string {
  return content.map((block) => (block.type === "text" && !isThought(block) ? block.text : "")).join("");
}
