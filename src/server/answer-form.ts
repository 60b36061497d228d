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
 * The tools and the form of a request. A JSON schema is a tool too: that is how every provider's client can be asked for it, and
 * how verifiers and votes read the answer (docs/decisions/003).
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
  const parallel = heard && parallel_tool_calls != null ? { parallel_tool_calls } : {};
  const unheard = parallel_tool_calls != null && !heard ? ["parallel_tool_calls"] : [];
  if (format?.type === "json_object") {
    const form = { tool: undefined };
    if (deaf)
      return { form, tools: given, options: { ...choice, ...parallel }, unheard: [...unheard, "response_format"] };
    return { form, tools: given, options: { ...choice, ...parallel, response_format: format }, unheard };
  }
  const forced = tool_choice === "required" || typeof tool_choice === "object"; // a step: the form is that of the answer after it
  if (format?.type !== "json_schema" || (forced && given.length > 0)) {
    const left = format?.type === "json_schema" ? ["response_format"] : [];
    return { form: undefined, tools: given, options: { ...choice, ...parallel }, unheard: [...unheard, ...left] };
  }
  const { description, schema, strict } = format.json_schema;
  const name = freeName(format.json_schema.name, given);
  const formed = {
    type: "function",
    function: { name, description: description ?? "The answer, in the form it must have", parameters: schema },
  };
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
    unheard,
  };
}

/** A tool as every client knows one: without fields that are null, with parameters though it takes none. */
function plainTool({ type, function: tool }: Tool): Tool {
  const given = Object.fromEntries(Object.entries(tool).filter(([, value]) => value !== null));
  return { type, function: { parameters: { type: "object", properties: {} }, ...given, name: tool.name } };
}

function freeName(name: string, tools: readonly Tool[]): string {
  return tools.some((tool) => tool.function.name === name) ? freeName(`${name}_answer`, tools) : name;
}
