import { AIMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { constructorFields } from "../langgraph/constructor-fields.js";
import { answerText } from "../text/answer-text.js";
import { innermost } from "./client.js";
import type { AnswerForm, Client } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";

/** The form as a tool, whose call is the answer: every client with tools can be asked so. */
export function formTool({ name, description, schema, strict }: AnswerForm) {
  const about = description ?? "The answer, in the form it must have";
  return {
    type: "function",
    function: { name, description: about, parameters: schema, ...(strict === undefined ? {} : { strict }) },
  };
}

/** Clients whose server refused a response format: they are asked by tool from then on. */
const formless = new WeakSet<object>();

/**
 * The form in a client's own way, as options of a call; nothing where the client has none, and its tool is called instead.
 *
 * @param tools true where the answer may also be a call of a tool; Ollama's servers call none while they keep to a format
 */
export function nativeForm(
  runnable: Runnable,
  form: AnswerForm,
  tools: boolean,
): Readonly<Record<string, unknown>> | undefined {
  const client = innermost(runnable as Client);
  if (formless.has(identity(client)) || client.profile?.structuredOutput === false) return undefined;
  return kindOf(client)?.form(client, form, tools);
}

/** Remembers a client whose server has no response format. @returns true where the form may be asked for by tool instead */
export function lacksForm(runnable: Runnable, error: unknown): boolean {
  const { status, message = "" } = Object(error) as { status?: number; message?: string };
  if (![400, 404, 415, 422, 500, 501].includes(status ?? 0)) return false;
  if (!/response_?format|json_?schema|structured.?output|guided|grammar/i.test(message)) return false;
  if (/invalid schema/i.test(message)) return false; // the caller's own mistake
  formless.add(identity(innermost(runnable as Client)));
  return true;
}

/** An answer in the client's own form as the call of the form's tool: verifiers and votes see its fields, whoever answered. */
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

/** What views of one client have in common. */
function identity(client: object): object {
  return constructorFields(client) ?? client;
}
