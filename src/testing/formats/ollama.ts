import type { Answer } from "../answer.js";
import { type JsonRecord, recordIn, recordsIn, stringIn } from "../json.js";
import type { LoopbackMessage, LoopbackRequest } from "../loopback-request.js";
import type { ReplyFinishReason } from "../reply.js";
import type { Frames, Reading, Route, WireFormat } from "../wire-format.js";
import { ollamaError, ollamaErrorBody } from "./ollama-error.js";

const ROLES: Readonly<Record<string, LoopbackMessage["role"]>> = {
  system: "system",
  assistant: "assistant",
  tool: "tool",
};

const DONE: Readonly<Record<ReplyFinishReason, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "stop",
  content_filter: "content_filter",
  malformed_call: "stop",
  broken_off: "error",
};

/** Ollama's chat, lines of JSON: github.com/ollama/ollama/blob/main/docs/api.md. */
export const ollama: WireFormat = {
  provider: "ollama",
  streamType: "application/x-ndjson",
  route: (path) => (path.endsWith("/api/chat") ? {} : undefined),
  read,
  answer: (given, request) => ({
    ...head(given, request),
    message: { role: "assistant", content: said(given).join(""), ...thinking(given), ...calls(given) },
    ...ending(given),
  }),
  frames,
  error: ollamaError,
  errorEvent: (error, request) => line(ollamaErrorBody(error, request)),
};

function read(_: Route, body: JsonRecord): Reading {
  return {
    model: stringIn(body.model),
    messages: recordsIn(body.messages).map(({ role, content }) => ({
      role: ROLES[stringIn(role)] ?? "user",
      text: stringIn(content),
    })),
    tools: recordsIn(body.tools).map((tool) => stringIn(recordIn(tool.function).name)),
    ...(typeof body.format === "object" ? { responseSchema: body.format } : {}),
    stream: body.stream !== false,
  };
}

function frames(given: Answer, request: LoopbackRequest): Frames {
  const frame = (message: JsonRecord) =>
    line({ ...head(given, request), message: { role: "assistant", content: "", ...message }, done: false });
  return {
    opening: [],
    chunks: [
      ...(given.thoughts === undefined ? [] : [frame(thinking(given))]),
      ...said(given).map((content) => frame({ content })),
      ...(given.toolCalls.length === 0 ? [] : [frame(calls(given))]),
    ],
    closing: [line({ ...head(given, request), message: { role: "assistant", content: "" }, ...ending(given) })],
  };
}

function head({ model }: Answer, { startedAt }: LoopbackRequest): JsonRecord {
  return { model, created_at: new Date(startedAt).toISOString() };
}

function said({ pieces, refusal }: Answer): readonly string[] {
  return refusal === undefined ? pieces : [...pieces, refusal];
}

function thinking({ thoughts }: Answer): JsonRecord {
  return thoughts === undefined ? {} : { thinking: thoughts };
}

function calls({ toolCalls }: Answer): JsonRecord {
  if (toolCalls.length === 0) return {};
  return { tool_calls: toolCalls.map(({ name, args }) => ({ function: { name, arguments: argumentsOf(args) } })) };
}

function argumentsOf(args: unknown): JsonRecord {
  if (typeof args !== "string") return recordIn(args);
  try {
    return recordIn(JSON.parse(args));
  } catch {
    return {};
  }
}

function ending({ usage, finishReason }: Answer): JsonRecord {
  return {
    done: true,
    done_reason: DONE[finishReason],
    ...(usage ? { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens } : {}),
  };
}

function line(value: JsonRecord): string {
  return `${JSON.stringify(value)}\n`;
}
