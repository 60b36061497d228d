import { tracedForm } from "../../langgraph/trace-marks.js";
import type { ChatRequest } from "./chat-request.js";

/** The form an answer must have; `tool` is what it is called with, where a schema is asked for. */
export interface AnswerForm {
  readonly tool: string | undefined;
}

type Asked = Pick<ChatRequest, "tools" | "tool_choice" | "response_format" | "parallel_tool_calls">;

type Tool = NonNullable<Asked["tools"]>[number];

/** What the models are asked with, in the call options of LangChain's chat models. */
export interface Asking {
  readonly form: AnswerForm | undefined;
  readonly tools: readonly object[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Fields of the request that are left out. */
  readonly unheard: readonly string[];
}

/**
 * The tools and the form of a request. Each model is asked for a JSON schema in its client's own way, or by a tool whose call is
 * the answer (docs/decisions/003, 028).
 *
 * @param deaf true where the models have neither a JSON mode nor a switch for parallel calls
 */
export function askingOf(
  { tools, tool_choice, response_format: format, parallel_tool_calls }: Asked,
  deaf: boolean,
): Asking {
  const given = (tools ?? []).map(plainTool);
  const heard = given.length > 0 && !deaf;
  const choice = given.length === 0 || tool_choice == null ? {} : { tool_choice };
  const options = { ...choice, ...(heard && parallel_tool_calls != null ? { parallel_tool_calls } : {}) };
  const unheard = parallel_tool_calls != null && !heard ? ["parallel_tool_calls"] : [];
  const asking = { form: undefined, tools: given, options, unheard };
  if (format?.type === "json_object") {
    const form = { tool: undefined };
    if (deaf) return { ...asking, form, unheard: [...unheard, "response_format"] };
    return { ...asking, form, options: { ...options, response_format: format } };
  }
  if (format?.type !== "json_schema") return asking;
  const forced = tool_choice === "required" || typeof tool_choice === "object";
  if (forced && given.length > 0) return { ...asking, unheard: [...unheard, "response_format"] }; // a step: the form is that of the answer after it
  const { description, schema, strict } = format.json_schema;
  const name = freeName(format.json_schema.name, given);
  const form = { name, ...(description && { description }), schema, ...(strict != null && { strict }) };
  const traced = tracedForm("json_schema", { ...schema, title: name });
  return { ...asking, form: { tool: name }, options: { ...options, form, ...traced } };
}

/** A tool as every client knows one: without fields that are null, with parameters though it takes none. */
function plainTool({ type, function: tool }: Tool): Tool {
  const given = Object.fromEntries(Object.entries(tool).filter(([, value]) => value !== null));
  return { type, function: { parameters: { type: "object", properties: {} }, ...given, name: tool.name } };
}

function freeName(name: string, tools: readonly Tool[]): string {
  return tools.some((tool) => tool.function.name === name) ? freeName(`${name}_answer`, tools) : name;
}
