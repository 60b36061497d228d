import type { LangSmithParams } from "@langchain/core/language_models/chat_models";

type Metadata = Readonly<Record<string, unknown>>;

/** Options of a call with which `withStructuredOutput` names its schema for traces. */
const format = "ls_structured_output_format";

/** What LangChain and LangGraph write into the metadata of a call. */
interface TracedCall {
  readonly node?: string;
  readonly model?: string;
  readonly provider?: string;
}

/** Reads which model a call goes to, and from which node: a handler is given no other facts about it. */
export function tracedCall({ langgraph_node, ls_model_name, ls_provider }: Metadata): TracedCall {
  return { node: langgraph_node, model: ls_model_name, provider: ls_provider } as TracedCall;
}

/** Makes the marks by which traces know a chat model; LangChain's own name the class. */
export function marksOf(provider: string, model: string, stop: string[] | undefined): LangSmithParams {
  return { ls_model_type: "chat", ls_provider: provider, ls_model_name: model, ...(stop && { ls_stop: stop }) };
}

/** Removes the marks of the run around, which LangChain hands down: what runs below is another model, not the agent that calls this one. */
export function withoutMarks(metadata: Metadata = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !key.startsWith("ls_") && key !== "lc_agent_name"),
  );
}

/** Makes the option that names the schema of an answer, as `withStructuredOutput` of LangChain's clients does. */
export function tracedForm(method: "function_calling" | "json_mode" | "json_schema", schema: object) {
  return { [format]: { kwargs: { method }, schema } };
}

/** Reads the name of the schema an answer must have: it is nowhere else in the options of a call. */
export function formTitle(options: Metadata): string | undefined {
  const title = (options[format] as { readonly schema?: { readonly title?: unknown } } | undefined)?.schema?.title;
  return typeof title === "string" ? title : undefined;
}
