import type { Answer } from "../answer.js";
import { split } from "../answer.js";
import { type JsonRecord, recordIn, recordsIn, stringIn } from "../json.js";
import type { LoopbackMessage, LoopbackRequest } from "../loopback-request.js";
import type { ReplyFinishReason, ReplyLogprob } from "../reply.js";
import { type Frames, type Reading, type Route, sse, type WireFormat } from "../wire-format.js";
import { isAzure, openaiError, openaiErrorBody } from "./openai-error.js";

const ROLES: Readonly<Record<string, LoopbackMessage["role"]>> = {
  system: "system",
  developer: "system",
  assistant: "assistant",
  tool: "tool",
  function: "tool",
};

const FINISH: Readonly<Record<ReplyFinishReason, string>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool_calls",
  content_filter: "content_filter",
  malformed_call: "tool_calls",
  broken_off: "error", // OpenRouter, vLLM
};

/** OpenAI chat completions, with and without `/v1`, and Azure deployments. */
export const openai: WireFormat = {
  provider: "openai",
  streamType: "text/event-stream; charset=utf-8",
  route,
  read,
  answer,
  frames,
  error: openaiError,
  errorEvent: (error, request) => sse(openaiErrorBody(error, request)),
};

function route(path: string): Route | undefined {
  if (!path.endsWith("/chat/completions")) return undefined;
  const deployment = /\/deployments\/([^/]+)\/chat\/completions$/.exec(path)?.[1];
  return deployment === undefined ? {} : { model: decodeURIComponent(deployment) };
}

function read(found: Route, body: JsonRecord): Reading {
  const format = recordIn(body.response_format);
  return {
    model: found.model ?? stringIn(body.model),
    messages: recordsIn(body.messages).map((message) => ({
      role: ROLES[stringIn(message.role)] ?? "user",
      text: textOf(message.content),
    })),
    tools: recordsIn(body.tools).map((tool) => stringIn(recordIn(tool.function).name)),
    ...(format.type === "json_schema" ? { responseSchema: recordIn(format.json_schema).schema } : {}),
    stream: body.stream === true,
  };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return recordsIn(content)
    .map((part) => stringIn(part.text))
    .join("");
}

function answer(given: Answer, request: LoopbackRequest): JsonRecord {
  const silent = given.text === "" && (given.refusal !== undefined || given.toolCalls.length > 0);
  return {
    ...envelope("chat.completion", given, request),
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: silent ? null : given.text,
          refusal: given.refusal ?? null,
          ...(given.thoughts === undefined ? {} : { reasoning_content: given.thoughts }),
          ...(given.toolCalls.length > 0 ? { tool_calls: toolCalls(given) } : {}),
        },
        logprobs: logprobs(given.logprobs.flat(), request),
        finish_reason: FINISH[given.finishReason],
      },
    ],
    ...(given.usage ? { usage: usage(given.usage) } : {}),
  };
}

function frames(given: Answer, request: LoopbackRequest): Frames {
  const withUsage = recordIn(request.body.stream_options).include_usage === true && given.usage !== undefined;
  const head = envelope("chat.completion.chunk", given, request);
  const { role: [first, following] = ["assistant", "absent"], id = "absent" } = given.deltas;
  const later = id === "absent" ? {} : { id };
  const laterName = id === "absent" ? {} : { name: id };
  const frame = (delta: JsonRecord, finishReason: string | null = null, tokens: readonly ReplyLogprob[] = []): string =>
    sse({
      ...head,
      choices: [
        {
          index: 0,
          delta: { ...roleOf(following), ...delta },
          logprobs: logprobs(tokens, request),
          finish_reason: finishReason,
        },
      ],
      ...(withUsage ? { usage: null } : {}),
    });
  // Azure first reports on the prompt, in a chunk without choices.
  const azure = { choices: [], created: 0, id: "", model: "", object: "", prompt_filter_results: [] };
  return {
    opening: [
      ...(isAzure(request) ? [sse(azure)] : []),
      frame({ ...roleOf(first), content: given.toolCalls.length > 0 ? null : "", refusal: null }),
    ],
    chunks: [
      ...(given.thoughts === undefined ? [] : [frame({ reasoning_content: given.thoughts })]),
      ...given.pieces.map((content, index) => frame({ content }, null, given.logprobs[index])),
      ...(given.refusal === undefined ? [] : [frame({ refusal: given.refusal })]),
      ...toolCalls(given).flatMap(({ function: called, ...call }, index) => [
        frame({ tool_calls: [{ index, ...call, function: { name: called.name, arguments: "" } }] }),
        ...split(called.arguments, 2).map((part) =>
          frame({ tool_calls: [{ index, ...later, function: { ...laterName, arguments: part } }] }),
        ),
      ]),
    ],
    closing: [
      frame({}, FINISH[given.finishReason]),
      ...(withUsage && given.usage ? [sse({ ...head, choices: [], usage: usage(given.usage) })] : []),
      sse("[DONE]"),
    ],
  };
}

function roleOf(role: string | null): JsonRecord {
  return { role: role === "absent" ? undefined : role };
}

function envelope(object: string, given: Answer, request: LoopbackRequest): JsonRecord {
  return {
    id: `chatcmpl-${given.id}`,
    object,
    created: Math.floor(request.startedAt / 1000),
    model: given.model,
    service_tier: "default",
    system_fingerprint: "fp_loopback",
  };
}

function toolCalls(given: Answer) {
  return given.toolCalls.map(({ name, args, id }, index) => ({
    id: id ?? `call_${given.id}_${index}`,
    type: "function",
    function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
  }));
}

function logprobs(tokens: readonly ReplyLogprob[], request: LoopbackRequest): JsonRecord | null {
  if (request.body.logprobs !== true || tokens.length === 0) return null;
  return {
    content: tokens.map(({ token, logprob, top = [] }) => ({
      ...scored(token, logprob),
      top_logprobs: top.map((rival) => scored(rival.token, rival.logprob)),
    })),
    refusal: null,
  };
}

function scored(token: string, logprob: number): JsonRecord {
  return { token, logprob, bytes: [...Buffer.from(token)] };
}

function usage(tokens: NonNullable<Answer["usage"]>): JsonRecord {
  return {
    prompt_tokens: tokens.inputTokens,
    completion_tokens: tokens.outputTokens,
    total_tokens: tokens.inputTokens + tokens.outputTokens,
    prompt_tokens_details: { cached_tokens: tokens.cachedTokens, audio_tokens: tokens.audioInputTokens },
    completion_tokens_details: { reasoning_tokens: tokens.reasoningTokens, audio_tokens: tokens.audioOutputTokens },
  };
}
