import { parseJson } from "../models/structured.js";
import type { ChatRequest } from "./chat-request.js";

/** The form an answer must have; `tool` is what it is called with, where a schema is asked for. */
export interface AnswerForm {
  readonly tool: string | undefined;
}

type Asked = Pick<ChatRequest, "tools" | "tool_choice" | "response_format" | "parallel_tool_calls">;

/** What the models are asked with, in the call options of LangChain's chat models. */
export interface Asking {
  readonly form: AnswerForm | undefined;
  readonly tools: readonly object[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * The tools and the form of a request. A JSON schema is a tool too: that is how every provider's client can be asked for it, and
 * how verifiers and votes read the answer (docs/decisions/003).
 */
export function askingOf({ tools, tool_choice, response_format: format, parallel_tool_calls }: Asked): Asking {
  const given = tools ?? [];
  const choice = given.length === 0 || tool_choice == null ? {} : { tool_choice };
  const parallel = given.length === 0 || parallel_tool_calls == null ? {} : { parallel_tool_calls };
  if (format?.type === "json_object") {
    return { form: { tool: undefined }, tools: given, options: { ...choice, ...parallel, response_format: format } };
  }
  const forced = tool_choice === "required" || typeof tool_choice === "object"; // a step: the form is that of the answer after it
  if (format?.type !== "json_schema" || (forced && given.length > 0)) {
    return { form: undefined, tools: given, options: { ...choice, ...parallel } };
  }
  const { description = "The answer, in the form it must have", schema, strict } = format.json_schema;
  const name = freeName(format.json_schema.name, given);
  const formed = { type: "function", function: { name, description, parameters: schema } };
  const steps = tool_choice === "none" ? [] : given;
  return {
    form: { tool: name },
    tools: [...steps, formed],
    options: {
      ...parallel,
      tool_choice: steps.length === 0 ? name : "required",
      ...(strict && steps.length === 0 ? { strict } : {}),
      ls_structured_output_format: { kwargs: { method: "function_calling" }, schema: { ...schema, title: name } },
    },
  };
}

function freeName(name: string, tools: NonNullable<Asked["tools"]>): string {
  return tools.some((tool) => tool.function.name === name) ? freeName(`${name}_answer`, tools) : name;
}

/** JSON out of a text that has more around it, a code fence for one; other text as it is. */
export function unwrapped(text: string): string {
  const value = parseJson(text);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : text;
}
