import type { BaseMessage } from "@langchain/core/messages";
import { answerText } from "./answer-text.js";
import { isThought } from "./thoughts.js";

/** Converts a message to text, with its tool calls and without thoughts of a model; names other content: `[image_url]`. */
export function readable(message: BaseMessage): string {
  const { content } = message;
  const calls = toolCallsOf(message).map(({ name, args }) => `[tool call: ${name}(${JSON.stringify(args)})]`);
  const others =
    typeof content === "string" ? [] : content.filter((block) => !isThought(block) && !textual.has(block.type));
  const text = message.type === "ai" ? answerText(message) : message.text; // a user may write about thoughts
  return [text, ...others.map(({ type }) => `[${type}]`), ...calls].filter((part) => part !== "").join("\n");
}

/** Blocks that are text, or repeated in `tool_calls`. */
const textual: ReadonlySet<string> = new Set(["text", "tool_use", "tool_call", "functionCall"]);

interface ToolCall {
  readonly id?: string;
  readonly name?: string;
  readonly args?: unknown;
}

/** Returns a message's tool calls, including those that could not be parsed. */
export function toolCallsOf(message: BaseMessage): readonly ToolCall[] {
  const { tool_calls = [], invalid_tool_calls = [] } = message as {
    readonly tool_calls?: readonly ToolCall[];
    readonly invalid_tool_calls?: readonly ToolCall[];
  };
  return [...tool_calls, ...invalid_tool_calls];
}
