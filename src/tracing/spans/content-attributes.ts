import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { Attributes } from "@opentelemetry/api";
import { redactContent } from "../../secrets/redact.js";
import { contentText } from "../../text/content-text.js";
import { conventions as genAi, openInference } from "./names.js";

/** Roles of messages in both conventions. */
const roles: Readonly<Record<string, string>> = { human: "user", ai: "assistant", system: "system", tool: "tool" };

/** Returns the messages sent to a model, without pictures and sound. */
export function inputAttributes(messages: readonly BaseMessage[]): Attributes {
  return {
    ...flat(openInference.LLM_INPUT_MESSAGES, messages),
    [genAi.GEN_AI_INPUT_MESSAGES]: json(
      messages.map((message) => ({ role: roleOf(message), parts: partsOf(message) })),
    ),
    ...inputValue(messages.at(-1)),
  };
}

/** Returns the answer of a model. */
export function outputAttributes(message: BaseMessage, finishReason = "stop"): Attributes {
  const answer = { role: roleOf(message), parts: partsOf(message), finish_reason: finishReason };
  return {
    ...flat(openInference.LLM_OUTPUT_MESSAGES, [message]),
    [genAi.GEN_AI_OUTPUT_MESSAGES]: json([answer]),
    ...outputValue(message),
  };
}

/** Returns the input of a run: a message as its text, anything else as JSON. */
export function inputValue(value: unknown): Attributes {
  const { text, type } = shown(value);
  return { [openInference.INPUT_VALUE]: text, [openInference.INPUT_MIME_TYPE]: type };
}

/** Returns the output of a run, in the same form. */
export function outputValue(value: unknown): Attributes {
  const { text, type } = shown(value);
  return { [openInference.OUTPUT_VALUE]: text, [openInference.OUTPUT_MIME_TYPE]: type };
}

/** Returns what a tool was called with and what it returned. */
export function toolAttributes({ input, output }: { readonly input?: unknown; readonly output?: unknown }): Attributes {
  if (input !== undefined) return { ...inputValue(input), [genAi.GEN_AI_TOOL_CALL_ARGUMENTS]: shown(input).text };
  return { ...outputValue(output), [genAi.GEN_AI_TOOL_CALL_RESULT]: shown(output).text };
}

/** Returns the conversation in the input or output of a graph, else all of it. */
export function conversationIn(value: unknown): unknown {
  const { messages } = Object(value) as { readonly messages?: unknown };
  return Array.isArray(messages) ? messages.at(-1) : (messages ?? value);
}

function shown(value: unknown): { readonly text: string; readonly type: string } {
  if (typeof value === "string") return { text: redactContent(value), type: "text/plain" };
  if (isMessage(value)) return { text: redactContent(contentText(value)), type: "text/plain" };
  return { text: json(value), type: "application/json" };
}

function isMessage(value: unknown): value is BaseMessage {
  return typeof (value as { readonly getType?: unknown } | null)?.getType === "function";
}

function json(value: unknown): string {
  try {
    return redactContent(JSON.stringify(value) ?? String(value));
  } catch {
    return "[not JSON]";
  }
}

function roleOf(message: BaseMessage): string {
  return roles[message.type] ?? message.type;
}

function partsOf(message: BaseMessage): readonly object[] {
  const text = contentText(message);
  if (ToolMessage.isInstance(message)) {
    return [{ type: "tool_call_response", id: message.tool_call_id, response: text }];
  }
  const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
  return [
    ...(text === "" ? [] : [{ type: "text", content: text }]),
    ...calls.map(({ id, name, args }) => ({ type: "tool_call", id, name, arguments: args })),
  ];
}

/** Numbers messages as OpenInference does: `llm.input_messages.0.message.role`. */
function flat(prefix: string, messages: readonly BaseMessage[]): Attributes {
  return Object.fromEntries(
    messages.flatMap((message, index) => {
      const at = `${prefix}.${index}`;
      const calls = AIMessage.isInstance(message) ? (message.tool_calls ?? []) : [];
      return [
        [`${at}.${openInference.MESSAGE_ROLE}`, roleOf(message)],
        [`${at}.${openInference.MESSAGE_CONTENT}`, redactContent(contentText(message))],
        ...(ToolMessage.isInstance(message)
          ? [[`${at}.${openInference.MESSAGE_TOOL_CALL_ID}`, message.tool_call_id]]
          : []),
        ...calls.flatMap(({ id, name, args }, number) => {
          const call = `${at}.${openInference.MESSAGE_TOOL_CALLS}.${number}`;
          return [
            [`${call}.${openInference.TOOL_CALL_ID}`, id],
            [`${call}.${openInference.TOOL_CALL_FUNCTION_NAME}`, name],
            [`${call}.${openInference.TOOL_CALL_FUNCTION_ARGUMENTS_JSON}`, json(args)],
          ];
        }),
      ];
    }),
  );
}
