import type { AIMessage } from "@langchain/core/messages";
import { callsText } from "./normalize.js";

/** An answer as a judge or a synthesizer reads it: its text, and the tools it calls. */
export function told(answer: AIMessage): string {
  const calls = callsText(answer);
  return [answer.text, ...(calls === "" ? [] : [`[tool calls: ${calls}]`])].filter((part) => part !== "").join("\n");
}
