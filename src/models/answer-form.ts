import { AIMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { constructorFields } from "../langgraph/constructor-fields.js";
import { isBinding } from "./client.js";

/** The JSON an answer must be: the schema its caller asks for. */
export interface AnswerForm {
  /** Of letters, digits, `_` and `-`; of none of the caller's tools. */
  readonly name: string;
  readonly description?: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

/** The form as a tool, whose call is the answer: every client with tools can be asked so. */
export function formTool({ name, description, schema, strict }: AnswerForm) {
  const about = description ?? "The answer, in the form it must have";
  return {
    type: "function",
    function: { name, description: about, parameters: schema, ...(strict === undefined ? {} : { strict }) },
  };
}

/** The fields of clients that are read here. */
interface Client {
  readonly profile?: { readonly structuredOutput?: boolean };
  _llmType?(): string;
  _useResponsesApi?(options: undefined): boolean;
}

/** Clients whose server refused a response format: they are asked by tool from then on. */
const formless = new WeakSet<object>();

/**
 * The form in a client's own way, as options of a call; nothing where the client has none, and its tool is called instead.
 *
 * @param tools true where the answer may also be a call of a tool; Ollama's servers call none while they keep to a format
 */
export function nativeForm(runnable: Runnable, form: AnswerForm, tools: boolean): Record<string, unknown> | undefined {
  const client = innermost(runnable) as Client;
  if (formless.has(identity(client)) || client.profile?.structuredOutput === false) return undefined;
  switch (client._llmType?.()) {
    case "openai": {
      if (client._useResponsesApi?.(undefined) === true) return undefined;
      const { name, description, schema, strict } = form;
      const json_schema = {
        name,
        ...(description && { description }),
        schema,
        ...(strict !== undefined && { strict }),
      };
      // As a plain object it would make the client bind every tool as strict, and throw away an answer that is no JSON, though paid.
      return { response_format: { toJSON: () => ({ type: "json_schema", json_schema }) } };
    }
    case "ollama":
      return tools ? undefined : { format: form.schema };
    default:
      return undefined;
  }
}

/** Remembers a client whose server has no response format. @returns true where the form may be asked for by tool instead */
export function lacksForm(runnable: Runnable, error: unknown): boolean {
  const { status, message = "" } = Object(error) as { status?: number; message?: string };
  if (![400, 404, 415, 422, 500, 501].includes(status ?? 0)) return false;
  if (!/response_?format|json_?schema|structured.?output|guided|grammar/i.test(message)) return false;
  if (/invalid schema/i.test(message)) return false; // the caller's own mistake
  formless.add(identity(innermost(runnable)));
  return true;
}

/** An answer in the client's own form as the call of the form's tool: verifiers and votes see its fields, whoever answered. */
export function asFormCall(message: AIMessage, { name }: AnswerForm): AIMessage {
  const { text, content, id, additional_kwargs, response_metadata, usage_metadata } = message;
  const args = typeof content === "string" && !message.tool_calls?.length ? readFields(text) : undefined;
  if (args === undefined) return message;
  const call = { id: `call_${id ?? name}`, name, args, type: "tool_call" as const };
  const written = { id: call.id, type: "function" as const, function: { name, arguments: text.trim() } };
  return new AIMessage({
    ...{ content: "", id, response_metadata, usage_metadata, tool_calls: [call] },
    additional_kwargs: { ...additional_kwargs, tool_calls: [written] },
  });
}

function readFields(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function innermost(runnable: Runnable): Runnable {
  return isBinding(runnable) ? innermost(runnable.bound) : runnable;
}

/** What views of one client have in common. */
function identity(client: object): object {
  return constructorFields(client) ?? client;
}
