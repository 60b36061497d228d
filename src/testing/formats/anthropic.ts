import { type Answer, split } from "../answer.js";
import { type JsonRecord, recordIn, recordsIn, stringIn } from "../json.js";
import type { LoopbackMessage } from "../loopback-request.js";
import type { ReplyFinishReason, ReplyToolCall } from "../reply.js";
import type { Frames, Reading, Route, WireFormat } from "../wire-format.js";
import { anthropicError, anthropicErrorBody } from "./anthropic-error.js";

const STOP: Readonly<Record<ReplyFinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
  malformed_call: "max_tokens", // the token limit ends a call in its middle
  broken_off: "error",
};

/** Claude's messages: platform.claude.com/docs/en/api/messages. */
export const anthropic: WireFormat = {
  provider: "anthropic",
  streamType: "text/event-stream; charset=utf-8",
  route: (path) => (path.endsWith("/v1/messages") ? {} : undefined),
  read,
  answer: (given) => ({ ...head(given), content: blocks(given), stop_reason: stopReason(given), usage: usage(given) }),
  frames,
  error: anthropicError,
  errorEvent: (error, request) => event({ type: "error", ...anthropicErrorBody(error, request) }),
};

function read(_: Route, body: JsonRecord): Reading {
  const system = textOf(body.system);
  return {
    model: stringIn(body.model),
    messages: [
      ...(system === "" ? [] : [{ role: "system" as const, text: system }]),
      ...recordsIn(body.messages).map(message),
    ],
    tools: recordsIn(body.tools).map((tool) => stringIn(tool.name)),
    stream: body.stream === true,
  };
}

function message({ role, content }: JsonRecord): LoopbackMessage {
  const results = recordsIn(content).filter((block) => block.type === "tool_result");
  if (results.length > 0) return { role: "tool", text: results.map((block) => textOf(block.content)).join("") };
  return { role: role === "assistant" ? "assistant" : "user", text: textOf(content) };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return recordsIn(content)
    .map((block) => stringIn(block.text))
    .join("");
}

function head({ id, model }: Answer): JsonRecord {
  return { id: `msg_${id}`, type: "message", role: "assistant", model, content: [], stop_sequence: null };
}

function stopReason({ refusal, finishReason }: Answer): string {
  return refusal === undefined ? STOP[finishReason] : "refusal";
}

/** Claude counts cached tokens beside the others, and always reports usage. */
function usage({ usage: tokens }: Answer): JsonRecord {
  return {
    input_tokens: (tokens?.inputTokens ?? 0) - (tokens?.cachedTokens ?? 0),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: tokens?.cachedTokens ?? 0,
    output_tokens: tokens?.outputTokens ?? 0,
  };
}

function blocks(given: Answer): JsonRecord[] {
  const { thoughts, refusal, toolCalls } = given;
  const text = given.text + (refusal ?? "");
  return [
    ...(thoughts === undefined ? [] : [{ type: "thinking", thinking: thoughts, signature: "loopback" }]),
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...toolCalls.map((call, index) => ({ ...toolUse(given, call, index), input: inputOf(call) })),
  ];
}

function toolUse(given: Answer, { name, id }: ReplyToolCall, index: number): JsonRecord {
  return { type: "tool_use", id: id ?? `toolu_${given.id.replace(/\W/g, "_")}_${index}`, name, input: {} };
}

/** Returns what is complete of the arguments, since a plain answer holds an object even where the token limit ended it. */
function inputOf({ args }: ReplyToolCall): JsonRecord {
  if (typeof args !== "string") return args;
  try {
    return recordIn(JSON.parse(args));
  } catch {
    return {};
  }
}

function frames(given: Answer): Frames {
  const written = [
    ...(given.thoughts === undefined ? [] : [thinkingDeltas(given.thoughts)]),
    ...(given.pieces.length + (given.refusal ?? "").length === 0 ? [] : [textDeltas(given)]),
    ...given.toolCalls.map((call, index) => toolDeltas(given, call, index)),
  ];
  const start = { ...head(given), stop_reason: null, usage: { ...usage(given), output_tokens: 1 } };
  const delta = { stop_reason: stopReason(given), stop_sequence: null };
  return {
    opening: [event({ type: "message_start", message: start }) + event({ type: "ping" })],
    chunks: written.flatMap(({ block, deltas }, index) => blockFrames(block, deltas, index)),
    closing: [
      event({ type: "message_delta", delta, usage: { output_tokens: usage(given).output_tokens } }),
      event({ type: "message_stop" }),
    ],
  };
}

interface BlockDeltas {
  readonly block: JsonRecord;
  readonly deltas: readonly JsonRecord[];
}

function thinkingDeltas(thinking: string): BlockDeltas {
  const signature = { type: "signature_delta", signature: "loopback" };
  return {
    block: { type: "thinking", thinking: "", signature: "" },
    deltas: [{ type: "thinking_delta", thinking }, signature],
  };
}

function textDeltas({ pieces, refusal }: Answer): BlockDeltas {
  const said = refusal === undefined ? pieces : [...pieces, refusal];
  return { block: { type: "text", text: "" }, deltas: said.map((text) => ({ type: "text_delta", text })) };
}

function toolDeltas(given: Answer, call: ReplyToolCall, index: number): BlockDeltas {
  const json = typeof call.args === "string" ? call.args : JSON.stringify(call.args);
  return {
    block: toolUse(given, call, index),
    deltas: ["", ...split(json, 2)].map((partial_json) => ({ type: "input_json_delta", partial_json })),
  };
}

/** Makes one frame of each delta; the first also starts the block, the last ends it. */
function blockFrames(block: JsonRecord, deltas: readonly JsonRecord[], index: number): string[] {
  return deltas.map((delta, place) =>
    [
      place === 0 ? event({ type: "content_block_start", index, content_block: block }) : "",
      event({ type: "content_block_delta", index, delta }),
      place === deltas.length - 1 ? event({ type: "content_block_stop", index }) : "",
    ].join(""),
  );
}

function event(value: JsonRecord): string {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
}
