import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { ModelParameters } from "../models/model.js";
import type { Served } from "./catalogue.js";
import type { ChatRequest } from "./chat-request.js";
import type { Form } from "./completion.js";
import { toMessages } from "./to-messages.js";

/** A request, ready to be answered once. */
export interface Run {
  readonly form: Form;
  whole(): Promise<AIMessage>;
  chunks(): AsyncIterable<AIMessageChunk>;
}

/** Makes a run of a request: its messages, tools and form, its settings, and what it says of itself as run context. */
export function runOf(request: ChatRequest, served: Served, signal: AbortSignal): Run {
  const parameters = parametersOf(request);
  const ignored = served.takesParameters ? [] : Object.keys(parameters);
  const chat = served.chatModel(served.takesParameters ? parameters : {});
  const { stop, user, metadata } = request;
  const { task, complexity, session_id: sessionId = user, ...others } = metadata ?? {};
  const tags = Object.entries(others).map(([name, value]) => `${name}:${value}`);
  const context = { task, complexity, sessionId, ...(tags.length > 0 ? { tags } : {}) };
  const { tools, form, ...choice } = toolsOf(request);
  const bound: Runnable<BaseMessage[], AIMessage> =
    tools.length > 0 ? (chat.bindTools!(tools, choice as object) as Runnable<BaseMessage[], AIMessage>) : chat;
  const options = { signal, context, ...(stop == null ? {} : { stop: [stop].flat() }), ...formatOf(request) };
  const messages = toMessages(request);
  const told = <Message extends AIMessage | AIMessageChunk>(message: Message): Message => {
    const { orchestration } = message.response_metadata as { orchestration?: object };
    if (orchestration !== undefined && ignored.length > 0) {
      message.response_metadata = { ...message.response_metadata, orchestration: { ...orchestration, ignored } };
    }
    return message;
  };
  return {
    form,
    whole: async () => told(await bound.invoke(messages, options)),
    async *chunks() {
      for await (const chunk of await bound.stream(messages, options)) yield told(chunk as AIMessageChunk);
    },
  };
}

function parametersOf(request: ChatRequest): ModelParameters {
  const { temperature, top_p, frequency_penalty, presence_penalty, max_tokens, max_completion_tokens } = request;
  const wanted = {
    temperature,
    topP: top_p,
    frequencyPenalty: frequency_penalty,
    presencePenalty: presence_penalty,
    maxTokens: max_completion_tokens ?? max_tokens,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value != null));
}

/** The tools of a request. A JSON schema the answer must have is a tool too: that is how every provider's client can be asked for it. */
function toolsOf({ tools = [], tool_choice, parallel_tool_calls, response_format: format }: ChatRequest) {
  const parallel = parallel_tool_calls === undefined ? {} : { parallel_tool_calls };
  if (format?.type !== "json_schema" || tools.length > 0) {
    return { tools, form: undefined, ...(tool_choice === undefined ? {} : { tool_choice }), ...parallel };
  }
  const { name, description = "The answer in the form it must have", schema } = format.json_schema;
  const form = { type: "function" as const, function: { name, description, parameters: schema } };
  return {
    tools: [form],
    form: name,
    tool_choice: name,
    ls_structured_output_format: { schema: { ...schema, title: name } },
  };
}

/** What cannot be asked for as a tool goes to the clients that take it. */
function formatOf({ response_format: format, tools = [] }: ChatRequest): { readonly response_format?: object } {
  if (format === undefined || format.type === "text") return {};
  return format.type === "json_object" || tools.length > 0 ? { response_format: format } : {};
}
