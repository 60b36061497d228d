import type { RunRequest } from "../protocol.js";
import type { FormFields } from "../request/answer-form.js";
import { checkPlain } from "../request/check-plain.js";
import { checked, invalid, unsupported } from "../request/invalid.js";
import { checkChoice } from "../request/read-chat.js";
import type { Setting } from "../request/settings.js";
import { shownNames } from "../request/unsupported.js";
import { isFields } from "../request/usual-messages.js";
import { toMessages } from "./input-items.js";
import type { OutputItem } from "./kept-items.js";
import { type ResponsesRequest, ResponsesSchema, type ResponsesTool, responsesShape } from "./responses-request.js";

/** Fields that need replies kept for good, or a run apart from the request; with a test for harmless values. */
const unserved: Readonly<Record<string, { readonly advice: string; harmless?(value: unknown): boolean }>> = {
  previous_response_id: {
    advice: "is not supported, since replies are not stored; send the whole conversation as input",
  },
  conversation: { advice: "is not supported, since replies are not stored; send the whole conversation as input" },
  background: { advice: "is not supported; leave it out", harmless: (value) => value === false },
  prompt: { advice: "is not supported; send instructions and input" },
  top_logprobs: { advice: "is not supported; leave it out", harmless: (value) => value === 0 },
};

/**
 * Reads a request of OpenAI's Responses API.
 *
 * @param itemOf finds an earlier item by its id
 * @throws {RequestError} when it is malformed or uses unsupported features
 */
export function readResponses(body: unknown, itemOf: (id: string) => OutputItem | undefined): ResponsesRequest {
  if (!isFields(body)) return checked(ResponsesSchema, body);
  for (const [field, { advice, harmless }] of Object.entries(unserved)) {
    const value = Object.hasOwn(body, field) ? body[field] : null;
    if (value != null && !harmless?.(value)) throw unsupported(field, advice);
  }
  const { input } = body;
  const items = Array.isArray(input) ? input.map((item, place) => usualItem(item, place, itemOf)) : input;
  const flat = {
    tools: Array.isArray(body.tools) ? body.tools.map(flatTool) : body.tools,
    tool_choice: flatTool(body.tool_choice),
  };
  return checked(ResponsesSchema, { ...body, input: items, ...flat });
}

/** Reads a function in the form of chat completions, below `function`. */
function flatTool(tool: unknown): unknown {
  if (!isFields(tool) || tool.type !== "function" || !isFields(tool.function)) return tool;
  const { function: own, ...rest } = tool;
  return { ...(own as object), ...rest };
}

/** Resolves references, and names the type of messages, which may be left out. */
function usualItem(item: unknown, place: number, itemOf: (id: string) => OutputItem | undefined): unknown {
  if (!isFields(item)) return item;
  if (item.type == null && typeof item.role === "string") return { ...item, type: "message" };
  const isReference = item.type === "item_reference" || (item.type == null && typeof item.id === "string");
  if (!isReference) return item;
  const found = itemOf(String(item.id));
  if (found !== undefined) return found;
  const advice = "refers to an item that this server does not have; send the items themselves (store: false)";
  throw invalid(`input.${place}: ${advice}`, `input.${place}`, "item_not_found");
}

/** Returns what a request asks of a model or a graph. */
export function responsesRun(request: ResponsesRequest): RunRequest {
  const { model, metadata, user, orchestration, stream } = request;
  const form = formOf(request);
  checkChoice(form);
  const hosted = (request.tools ?? []).filter((tool) => !isFunction(tool)).map(({ type }) => `tools (${type})`);
  const unknown = Object.entries(request).flatMap(([field, value]) => {
    const known = Object.hasOwn(responsesShape, field) || Object.hasOwn(unserved, field);
    return value == null || known ? [] : [field];
  });
  const plain = stream !== true && orchestration != null ? ["orchestration"] : [];
  return {
    ...{ model: model || undefined, metadata, user, form, stream: orchestration?.stream },
    settings: settingsOf(request),
    ignored: shownNames([...plain, ...new Set(hosted), ...unknown]),
    fieldNames: { response_format: "text.format" },
    messages: () => toMessages(request),
    question: () => questionOf(request),
    check: (served) => {
      if (served.plainMessages) checkPlain(toMessages(request), served, "input");
    },
  };
}

const isFunction = ({ type, name }: ResponsesTool) => type === "function" && name !== undefined;

function settingsOf({ temperature, top_p, max_output_tokens, reasoning }: ResponsesRequest): Setting[] {
  const given = [
    { field: "temperature", name: "temperature", value: temperature },
    { field: "top_p", name: "topP", value: top_p },
    { field: "max_output_tokens", name: "maxTokens", value: max_output_tokens },
    { field: "reasoning.effort", name: "reasoningEffort", value: reasoning?.effort || undefined },
  ];
  return given.filter(({ value }) => value != null);
}

function formOf({ tools, tool_choice: choice, parallel_tool_calls, text }: ResponsesRequest): FormFields {
  const own = (tools ?? []).filter(isFunction);
  const hosted = (tools ?? []).find((tool) => !isFunction(tool));
  const forced = choice === "required" || (typeof choice === "object" && choice !== null);
  if (hosted !== undefined && (own.length === 0 || (forced && (choice as { type?: string }).type === hosted.type))) {
    throw unsupported("tools", `of type "${hosted.type.slice(0, 60)}" are not supported; give functions of your own`);
  }
  if (typeof choice === "object" && choice !== null && choice.type !== "function") {
    throw unsupported("tool_choice.type", `"${choice.type.slice(0, 60)}" is not supported; name a function`);
  }
  const format = text?.format;
  return {
    tools: own.map(({ name, description, parameters, strict }) => ({
      type: "function",
      function: { name: name!, description, parameters, ...(strict != null && { strict }) },
    })),
    tool_choice:
      typeof choice === "object" && choice ? { type: "function", function: { name: choice.name ?? "" } } : choice,
    parallel_tool_calls: own.length > 0 ? parallel_tool_calls : undefined,
    response_format:
      format?.type === "json_schema"
        ? { type: "json_schema", json_schema: { ...format } }
        : (format as { readonly type: "text" | "json_object" } | null | undefined),
  };
}

/** Returns the text of the last message of the user. */
function questionOf({ input }: ResponsesRequest): string {
  if (typeof input === "string") return input;
  const last = input.findLast((item) => item.type === "message" && item.role === "user");
  if (last?.type !== "message") return "";
  if (typeof last.content === "string") return last.content;
  return last.content.map((part) => ("text" in part ? part.text : "[image]")).join("\n");
}
