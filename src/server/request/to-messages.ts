import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { ChatRequest, RequestMessage } from "./chat-request.js";
import { boundsOf, excessOf } from "./json-bounds.js";

type Content = string | readonly { readonly type: string; readonly text?: string; readonly refusal?: string }[];
type ToolCalls = NonNullable<Extract<RequestMessage, { role: "assistant" }>["tool_calls"]>;

/**
 * Converts the conversation to LangChain's messages. Empty assistant messages are dropped, since several providers reject them.
 */
export function toMessages({ messages: given }: Pick<ChatRequest, "messages">): BaseMessage[] {
  const messages = given.filter((message) => !isSilent(message));
  const begin = messages.findIndex(({ role }) => role !== "system" && role !== "developer");
  const instructions = begin < 0 ? messages : messages.slice(0, begin);
  const rest = begin < 0 ? [] : messages.slice(begin);
  if (instructions.length < 2) return messages.map(toMessage);
  // several providers accept one system message only
  return [
    new SystemMessage(instructions.map(({ content }) => textOf(content ?? "")).join("\n\n")),
    ...rest.map(toMessage),
  ];
}

function isSilent(message: RequestMessage): boolean {
  if (message.role !== "assistant" || message.tool_calls?.length) return false;
  return textOf(message.content ?? message.refusal ?? "") === "";
}

function toMessage(message: RequestMessage): BaseMessage {
  switch (message.role) {
    case "system":
    case "developer":
      return new SystemMessage({ content: textOf(message.content), ...named(message) });
    case "user":
      return new HumanMessage({ content: message.content as string, ...named(message) });
    case "tool":
      return new ToolMessage({ content: textOf(message.content), tool_call_id: message.tool_call_id });
    case "assistant": {
      const { content, refusal, tool_calls: calls, reasoning_content: thought } = message;
      return new AIMessage({
        content: textOf(content ?? refusal ?? ""),
        tool_calls: toolCalls(calls ?? []),
        ...(thought ? { additional_kwargs: { reasoning_content: thought } } : {}),
        ...named(message),
      });
    }
  }
}

const named = ({ name }: { readonly name?: string | null }) => (name == null ? {} : { name });

function textOf(content: Content): string {
  return typeof content === "string" ? content : content.map(({ text, refusal }) => text ?? refusal ?? "").join("");
}

/** Converts tool calls. Invalid arguments are kept as text, because providers reject a tool result without its call. */
function toolCalls(calls: ToolCalls) {
  return calls.map(({ id, function: { name, arguments: text } }) => ({
    id,
    name,
    args: readObject(text) ?? { invalid_json: text },
    type: "tool_call" as const,
  }));
}

/** Limits for arguments, which are strings that the scan of the body skips. */
const argumentBounds = boundsOf(10_000);

/** Parses the arguments of a call; undefined unless they are an object. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    if (excessOf(text, argumentBounds) !== undefined) return undefined;
    const value: unknown = JSON.parse(text || "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
