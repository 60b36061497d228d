import { AIMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { constructorFields } from "../langgraph/constructor-fields.js";
import { answerText } from "../text/answer-text.js";
import { innermost } from "./client.js";
import type { AnswerForm, Client } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import { refusesPart } from "./server-refusal.js";

/** Converts the form to a tool whose call is the answer, for clients without a JSON mode. */
export function formTool({ name, description, schema, strict }: AnswerForm) {
  const about = description ?? "The answer, in the form it must have";
  return {
    type: "function",
    function: { name, description: about, parameters: schema, ...(strict === undefined ? {} : { strict }) },
  };
}

/** Clients whose server rejected a response format; later calls use a tool. */
const withoutResponseFormat = new WeakSet<object>();

/**
 * Returns call options for the client's own JSON mode; `undefined` if it has none, so that a tool is used instead.
 *
 * @param tools true if the answer may also be a tool call; Ollama calls no tools together with a format
 */
export function nativeForm(
  runnable: Runnable,
  form: AnswerForm,
  tools: boolean,
): Readonly<Record<string, unknown>> | undefined {
  const client = innermost(runnable as Client);
  if (withoutResponseFormat.has(sharedIdentity(client)) || client.profile?.structuredOutput === false) return undefined;
  return kindOf(client)?.form(client, form, tools);
}

/** Remembers that a server rejected the response format. @returns true if the call may be repeated with a tool */
export function noteFormRefusal(runnable: Runnable, error: unknown): boolean {
  const names = /response_?format|json_?schema|structured.?output|guided|grammar/i;
  if (!refusesPart(error, names) || refusesPart(error, /invalid schema/i)) return false; // an invalid schema is a mistake of the caller
  withoutResponseFormat.add(sharedIdentity(innermost(runnable as Client)));
  return true;
}

/** Converts a JSON answer to a call of the form's tool, so that verifiers and votes see the same fields from every model. */
export function asFormCall(message: AIMessage, { name }: AnswerForm): AIMessage {
  const { content, id, additional_kwargs, response_metadata, usage_metadata } = message;
  const text = answerText(message);
  const args = typeof content === "string" && !message.tool_calls?.length ? readFields(text) : undefined;
  if (args === undefined) return message;
  const call = { id: `call_${id ?? name}`, name, args, type: "tool_call" as const };
  const written = { id: call.id, type: "function" as const, function: { name, arguments: text.trim() } };
  return new AIMessage({
    ...{ content: thoughtsBefore(text, String(content)), id, response_metadata, usage_metadata, tool_calls: [call] },
    additional_kwargs: { ...additional_kwargs, tool_calls: [written] },
  });
}

/** Returns the thoughts a provider left before an answer, for them to stay in its message. */
function thoughtsBefore(answer: string, content: string): string {
  const end = content.lastIndexOf(answer);
  return content.trim() === answer.trim() || end < 0 ? "" : content.slice(0, end).trimEnd();
}

function readFields(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns an object shared by all wrappers of one client. */
function sharedIdentity(client: object): object {
  return constructorFields(client) ?? client;
}
