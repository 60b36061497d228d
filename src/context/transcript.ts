import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { Output } from "../state/orchestration-state.js";
import type { ContextTurn } from "./context.js";
import { tagged } from "./tagged.js";

/**
 * The conversation, then what each earlier stage gave, as a message that names the stage.
 *
 * A user's message, not an assistant's: Gemini and Anthropic want the user to speak last.
 */
export function transcript({ messages, outputs }: Pick<ContextTurn, "messages" | "outputs">): readonly BaseMessage[] {
  return outputs.length === 0 ? messages : [...messages, ...outputs.map(outputMessage)];
}

function outputMessage({ stage, message }: Output): HumanMessage {
  return added(tagged("output", readable(message) || "(nothing)", { stage }));
}

/** A message that speaks in the user's place, and is told apart from what the user said. */
export function added(content: HumanMessage["content"]): HumanMessage {
  return new HumanMessage({ content, response_metadata: { orchestration: { added: true } } });
}

function isAdded({ response_metadata }: BaseMessage): boolean {
  const { orchestration } = (response_metadata ?? {}) as { readonly orchestration?: { readonly added?: boolean } };
  return orchestration?.added === true;
}

/** The last message the user wrote; the last one of that type where all were added. */
export function latestQuestion(messages: readonly BaseMessage[]): BaseMessage | undefined {
  const human = messages.filter(({ type }) => type === "human");
  return human.findLast((message) => !isAdded(message)) ?? human.at(-1);
}

/** A message as text, tool calls included; what is no text is named: `[image_url]`. */
export function readable(message: BaseMessage): string {
  const { content } = message;
  const calls = toolCallsOf(message).map(({ name, args }) => `[tool call: ${name}(${JSON.stringify(args)})]`);
  const others = typeof content === "string" ? [] : content.filter((block) => !textual.has(block.type));
  return [message.text, ...others.map(({ type }) => `[${type}]`), ...calls].filter((part) => part !== "").join("\n");
}

/** Blocks that are text, are in `tool_calls` as well, or are nobody's business. */
const textual: ReadonlySet<string> = new Set([
  "text",
  "tool_use",
  "tool_call",
  "functionCall",
  "reasoning",
  "thinking",
]);

interface ToolCall {
  readonly id?: string;
  readonly name?: string;
  readonly args?: unknown;
}

/** The tool calls of a message, those that could not be parsed included; none where it is no AI message. */
export function toolCallsOf(message: BaseMessage): readonly ToolCall[] {
  const { tool_calls = [], invalid_tool_calls = [] } = message as {
    readonly tool_calls?: readonly ToolCall[];
    readonly invalid_tool_calls?: readonly ToolCall[];
  };
  return [...tool_calls, ...invalid_tool_calls];
}
