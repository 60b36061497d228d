import type { LangSmithParams } from "@langchain/core/language_models/chat_models";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";

type Metadata = Readonly<Record<string, unknown>>;

/** Call option in which `withStructuredOutput` names its schema for traces. */
const format = "ls_structured_output_format";

interface TracedCall {
  readonly node?: string;
  readonly model?: string;
  readonly provider?: string;
}

/** Reads the node and the model of a call from its metadata, the only place a handler finds them. */
export function tracedCall({ langgraph_node, ls_model_name, ls_provider }: Metadata): TracedCall {
  return { node: langgraph_node, model: ls_model_name, provider: ls_provider } as TracedCall;
}

/** What LangGraph and LangChain say of a run in its metadata. */
interface TracedRun {
  readonly node?: string;
  /** Name of the agent that the run is, or is a part of. */
  readonly agent?: string;
  readonly thread?: string;
  readonly session?: string;
}

/** Reads what a run is from its metadata. */
export function tracedRun({ langgraph_node, lc_agent_name, thread_id, session_id }: Metadata): TracedRun {
  return { node: langgraph_node, agent: lc_agent_name, thread: thread_id, session: session_id } as TracedRun;
}

interface TracedContext {
  readonly sessionId?: unknown;
  readonly tags?: readonly string[];
}

/** Returns metadata and tags of a whole run from its context, so that a viewer finds it by session and tag, and not only its calls. */
export function marksOfRun({ context, metadata, tags, callbacks }: LangGraphRunnableConfig) {
  const { sessionId: session, tags: own } = (context ?? {}) as TracedContext;
  const named =
    Array.isArray(callbacks) && callbacks.some((each) => "name" in each && each.name === "LangfuseCallbackHandler");
  const sessions = { session_id: session, ...(named && { langfuseSessionId: session }) };
  return {
    ...(session ? { metadata: { ...sessions, ...metadata } } : {}),
    ...(own?.length ? { tags: [...new Set([...(tags ?? []), ...own])] } : {}),
  };
}

/** Tag of a step that traces leave out. */
const hidden = "langsmith:hidden";

/** Returns true for a step of LangGraph's own, which says nothing about the work of a graph. */
export function isPlumbing(name: string, tags: readonly string[]): boolean {
  return tags.includes(hidden) || name === "RunnableLambda";
}

/** Returns tags without those that direct LangGraph. */
export function givenTags(tags: readonly string[]): string[] {
  return [...new Set(tags)].filter((tag) => !/^(graph:step:|seq:step:|map:key:|(langsmith:)?nostream$)/.test(tag));
}

/** Makes the trace metadata of a chat model; LangChain's default would name the class instead. */
export function marksOf(provider: string, model: string, stop: string[] | undefined): LangSmithParams {
  return { ls_model_type: "chat", ls_provider: provider, ls_model_name: model, ...(stop && { ls_stop: stop }) };
}

/** Removes trace metadata inherited from an outer run, which describes another model or agent. */
export function withoutMarks(metadata: Metadata = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !key.startsWith("ls_") && key !== "lc_agent_name"),
  );
}

/** Makes the call option that names the schema of an answer, as `withStructuredOutput` does. */
export function tracedForm(method: "function_calling" | "json_mode" | "json_schema", schema: object) {
  return { [format]: { kwargs: { method }, schema } };
}

/** Returns the title of the schema of an answer; no other call option has it. */
export function formTitle(options: Metadata): string | undefined {
  const title = (options[format] as { readonly schema?: { readonly title?: unknown } } | undefined)?.schema?.title;
  return typeof title === "string" ? title : undefined;
}
