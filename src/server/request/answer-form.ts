import { tracedForm } from "../../langgraph/trace-marks.js";
import type { ChatRequest } from "./chat-request.js";

/** Required form of the answer; with a schema, `tool` names the tool whose call carries the answer. */
export interface AnswerForm {
  readonly tool: string | undefined;
}

/** Fields of chat completions that say what an answer may be. */
export type FormFields = Pick<ChatRequest, "tools" | "tool_choice" | "response_format" | "parallel_tool_calls">;

type Tool = NonNullable<FormFields["tools"]>[number];

/** The form with the tools and call options that request it from LangChain's chat models. */
export interface RequestedAnswer {
  readonly form: AnswerForm | undefined;
  readonly tools: readonly object[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly ignored: readonly string[];
}

/**
 * Reads tools and form from a request. A JSON schema is requested in each client's own way, or through a tool whose call is the
 * answer (docs/decisions/003, 028).
 *
 * @param textOnly true when the models have neither a JSON mode nor a switch for parallel calls
 */
export function requestedAnswer(
  { tools, tool_choice, response_format: format, parallel_tool_calls }: FormFields,
  textOnly: boolean,
): RequestedAnswer {
  const given = (tools ?? []).map(plainTool);
  const canSwitch = given.length > 0 && !textOnly;
  const choice = given.length === 0 || tool_choice == null ? {} : { tool_choice };
  const options = { ...choice, ...(canSwitch && parallel_tool_calls != null ? { parallel_tool_calls } : {}) };
  const ignored = parallel_tool_calls != null && !canSwitch ? ["parallel_tool_calls"] : [];
  const plain = { form: undefined, tools: given, options, ignored };
  if (format?.type === "json_object") {
    const form = { tool: undefined };
    if (textOnly) return { ...plain, form, ignored: [...ignored, "response_format"] };
    return { ...plain, form, options: { ...options, response_format: format } };
  }
  if (format?.type !== "json_schema") return plain;
  const forced = tool_choice === "required" || typeof tool_choice === "object";
  if (forced && given.length > 0) return { ...plain, ignored: [...ignored, "response_format"] }; // applies to the answer after the forced call
  const { description, schema, strict } = format.json_schema;
  const name = freeName(format.json_schema.name, given);
  const form = { name, ...(description && { description }), schema, ...(strict != null && { strict }) };
  const traced = tracedForm("json_schema", { ...schema, title: name });
  return { ...plain, form: { tool: name }, options: { ...options, form, ...traced } };
}

/** Normalizes a tool for all clients: drops null fields and adds empty parameters. */
function plainTool({ type, function: tool }: Tool): Tool {
  const given = Object.fromEntries(Object.entries(tool).filter(([, value]) => value !== null));
  return { type, function: { parameters: { type: "object", properties: {} }, ...given, name: tool.name } };
}

function freeName(name: string, tools: readonly Tool[]): string {
  return tools.some((tool) => tool.function.name === name) ? freeName(`${name}_answer`, tools) : name;
}
