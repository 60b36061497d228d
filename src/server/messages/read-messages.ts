import type { RunRequest } from "../protocol.js";
import type { FormFields } from "../request/answer-form.js";
import { checkPlain } from "../request/check-plain.js";
import { checked, invalid, unsupported } from "../request/invalid.js";
import { checkChoice } from "../request/read-chat.js";
import type { Setting } from "../request/settings.js";
import { shownNames } from "../request/unsupported.js";
import { isFields } from "../request/usual-messages.js";
import { type MessagesRequest, MessagesSchema, messagesShape } from "./messages-request.js";
import { toMessages } from "./to-messages.js";

/**
 * Reads a request of Anthropic's Messages API.
 *
 * @throws {RequestError} when it is malformed or uses unsupported features
 */
export function readMessages(body: unknown): MessagesRequest {
  if (isFields(body)) {
    for (const field of ["mcp_servers", "container"]) {
      const value = body[field];
      if (value != null && !(Array.isArray(value) && value.length === 0)) {
        throw unsupported(field, "is not supported; leave it out");
      }
    }
    if (Array.isArray(body.tools)) body.tools.forEach(checkTool);
  }
  return checked(MessagesSchema, body);
}

/** Refuses tools that Anthropic's servers run, or whose schema only its models know. */
function checkTool(tool: unknown, place: number): void {
  if (!isFields(tool) || tool.type == null || tool.type === "custom" || isFields(tool.input_schema)) return;
  const type = String(tool.type).slice(0, 60);
  throw unsupported(`tools.${place}.type`, `"${type}" is not supported: give tools of your own with input_schema`);
}

const settings = {
  temperature: "temperature",
  top_p: "topP",
  top_k: "topK",
  max_tokens: "maxTokens",
  stop_sequences: "stop",
  thinking: "thinking",
} as const;

/** Returns what a request asks of a model or a graph. */
export function messagesRun(request: MessagesRequest): RunRequest {
  const { model, metadata, orchestration } = request;
  const form = formOf(request);
  checkChoice(form);
  const { user_id, ...labels } = metadata ?? {};
  const texts = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const unknown = Object.entries(request).flatMap(([field, value]) =>
    value == null || Object.hasOwn(messagesShape, field) ? [] : [field],
  );
  return {
    ...{ model: model || undefined, metadata: Object.fromEntries(texts), form, stream: orchestration?.stream },
    user: typeof user_id === "string" ? user_id : undefined,
    settings: settingsOf(request),
    ignored: shownNames(request.stream === true || orchestration == null ? unknown : ["orchestration", ...unknown]),
    fieldNames: {
      response_format: "output_config.format",
      parallel_tool_calls: "tool_choice.disable_parallel_tool_use",
    },
    messages: () => nonEmpty(toMessages(request)),
    question: () => questionOf(request),
    check: (served) => {
      if (served.plainMessages) checkPlain(toMessages(request), served, "messages");
    },
  };
}

/** Refuses a conversation of which nothing is left. */
function nonEmpty<Item>(messages: Item[]): Item[] {
  if (messages.length > 0) return messages;
  throw invalid("messages: must say something", "messages");
}

function settingsOf(request: MessagesRequest): Setting[] {
  const { effort } = request.output_config ?? {};
  const given = Object.entries(settings).flatMap(([field, name]): Setting[] => {
    const value = request[field as keyof typeof settings];
    if (value == null || (Array.isArray(value) && value.length === 0)) return [];
    return [{ field, name, value }];
  });
  return effort ? [...given, { field: "output_config.effort", name: "reasoningEffort", value: effort }] : given;
}

const choices = { auto: "auto", none: "none", any: "required" } as const;

function formOf({ tools, tool_choice: choice, output_config, output_format }: MessagesRequest): FormFields {
  const format = output_config?.format ?? output_format;
  return {
    tools: tools?.map(({ name, description, input_schema: parameters, strict }) => ({
      type: "function",
      function: { name, description, parameters, ...(strict != null && { strict }) },
    })),
    tool_choice:
      choice == null
        ? undefined
        : choice.type === "tool"
          ? { type: "function", function: { name: choice.name ?? "" } }
          : choices[choice.type],
    parallel_tool_calls: choice?.disable_parallel_tool_use === true ? false : undefined,
    response_format:
      format == null ? undefined : { type: "json_schema", json_schema: { name: "answer", schema: format.schema } },
  };
}

/** Returns the text of the last message of the user. */
function questionOf({ messages }: MessagesRequest): string {
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  if (typeof content === "string") return content;
  return content.map((block) => (block.type === "text" ? block.text : `[${block.type}]`)).join("\n");
}
