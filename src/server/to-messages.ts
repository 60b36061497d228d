import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { ChatRequest } from "./chat-request.js";

type RequestMessage = ChatRequest["messages"][number];

/** The conversation of a request as LangChain's messages. */
export function toMessages({ messages }: Pick<ChatRequest, "messages">): BaseMessage[] {
  return messages.map(toMessage);
}

function toMessage({ role, content, name, tool_calls = [], tool_call_id = "" }: RequestMessage): BaseMessage {
  const fields = { content: (content ?? "") as string, ...(name === undefined ? {} : { name }) };
  switch (role) {
    case "system":
    case "developer":
      return new SystemMessage(fields);
    case "user":
      return new HumanMessage(fields);
    case "tool":
      return new ToolMessage({ ...fields, tool_call_id });
    case "assistant":
      return new AIMessage({ ...fields, ...toolCalls(tool_calls) });
  }
}

function toolCalls(calls: NonNullable<RequestMessage["tool_calls"]>) {
  const read = calls.map(({ id, function: { name, arguments: text } }) => ({ id, name, text, args: readObject(text) }));
  return {
    tool_calls: read.flatMap(({ id, name, args }) => (args ? [{ id, name, args, type: "tool_call" as const }] : [])),
    invalid_tool_calls: read.flatMap(({ id, name, args, text }) =>
      args ? [] : [{ id, name, args: text, type: "invalid_tool_call" as const, error: "no JSON object" }],
    ),
  };
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text || "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
