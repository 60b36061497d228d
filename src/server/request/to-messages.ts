import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { ChatRequest, RequestMessage } from "./chat-request.js";
import { boundsOf, excessOf } from "./json-bounds.js";

type Content = string | readonly { readonly type: string; readonly text?: string; readonly refusal?: string }[];
type ToolCalls = NonNullable<Extract<RequestMessage, { role: "assistant" }>["tool_calls"]>;

/** The conversation of a request as LangChain's messages. An answer that says nothing is left out: several providers refuse it. */
export function toMessages({ messages: given }: Pick<ChatRequest, "messages">): BaseMessage[] {
  const messages = given.filter((message) => !isSilent(message));
  const begin = messages.findIndex(({ role }) => role !== "system" && role !== "developer");
  const instructions = begin < 0 ? messages : messages.slice(0, begin);
  const rest = begin < 0 ? [] : messages.slice(begin);
  if (instructions.length < 2) return messages.map(toMessage);
  // several providers take one system message only
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

/** Arguments that are no JSON object are kept as text: without its call, the result that follows would be refused. */
function toolCalls(calls: ToolCalls) {
  return calls.map(({ id, function: { name, arguments: text } }) => ({
    id,
    name,
    args: readObject(text) ?? { invalid_json: text },
    type: "tool_call" as const,
  }));
}

/** Arguments are a text in the body, which its own bounds do not see into. */
const argumentBounds = boundsOf(10_000);

function readObject(text: string): Record<string, unknown> | undefined {
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
