import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { endingOf, finishReason } from "../../src/calls/finish-reason.js";

const ended = (response_metadata: object, additional_kwargs: object = {}) =>
  new AIMessage({ content: "x", response_metadata, additional_kwargs: { ...additional_kwargs } });

describe("finishReason", () => {
  it.each([
    ["OpenAI", { finish_reason: "stop" }, "stop"],
    ["Gemini", { finishReason: "STOP" }, "STOP"],
    ["Anthropic", { stop_reason: "end_turn" }, "end_turn"],
    ["Bedrock", { stopReason: "end_turn" }, "end_turn"],
    ["Bedrock's streams", { messageStop: { stopReason: "tool_use" } }, "tool_use"],
    ["Ollama", { done_reason: "stop" }, "stop"],
    ["OpenAI's Responses", { status: "completed", incomplete_details: null }, "completed"],
    [
      "OpenAI's Responses, cut short",
      { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
      "max_output_tokens",
    ],
    ["a stream that names it twice", { finish_reason: "stopstop" }, "stop"],
    ["a client that names none", {}, undefined],
    ["one that names an empty one", { finish_reason: "" }, undefined],
    ["one that names a number", { status: 200 }, undefined],
  ])("reads the one of %s", (_whose, metadata, reason) => {
    expect(finishReason(ended(metadata))).toBe(reason);
  });

  it("reads the one of Anthropic's streams, which is beside the metadata", () => {
    expect(finishReason(ended({}, { stop_reason: "refusal" }))).toBe("refusal");
  });
});

describe("endingOf", () => {
  it.each([
    ...[
      "stop",
      "STOP",
      "end_turn",
      "tool_calls",
      "tool_use",
      "function_call",
      "eos",
      "stop_sequence",
      "COMPLETE",
      "pause_turn",
    ],
    ...[
      "completed",
      "FINISH_REASON_UNSPECIFIED",
      "something_new",
      "no_terror",
      "failsafe",
      "policyholder",
      "constructor",
      "__proto__",
    ],
  ])("says nothing of %s", (finish_reason) => {
    expect(endingOf(ended({ finish_reason }))).toBeUndefined();
  });

  it.each([
    ...(["length", "MAX_TOKENS", "max_output_tokens", "token_limit"] as const).map(
      (word) => [word, "token_limit"] as const,
    ),
    ...(["model_context_window_exceeded", "model_length", "ERROR_LIMIT"] as const).map(
      (word) => [word, "window_limit"] as const,
    ),
    ...(
      [
        "content_filter",
        "content-filter",
        "SAFETY",
        "guardrail_intervened",
        "ERROR_TOXIC",
        "LANGUAGE",
        "ContentFilter",
        "moderation",
        "policy_violation",
      ] as const
    ).map((word) => [word, "refused"] as const),
    ...(
      [
        "error",
        "Error",
        "abort",
        "cancelled",
        "failed",
        "OTHER",
        "malformed_tool_use",
        "USER_CANCEL",
        "errorerror",
        ...["cancel", "interrupted", "connection_error", "provider-error", "upstreamTimeout", "overloaded"],
        ...["rate_limit", "preempted", "out of memory", "disconnect", "MODEL_FAILURE"],
      ] as const
    ).map((word) => [word, "broken_off"] as const),
  ])("knows %s", (finish_reason, ending) => {
    expect(endingOf(ended({ finish_reason }))).toBe(ending);
  });
});

describe("endingOf, of OpenAI's format", () => {
  it.each([
    ["function_call_filter: MALFORMED_FUNCTION_CALL", "broken_off"],
    ["function_call_filter: UNEXPECTED_TOOL_CALL", "broken_off"],
    ["content_filter: SAFETY", "refused"],
    ["content_filter: PROHIBITED_CONTENT", "refused"],
  ])("reads Gemini's reasons as OpenAI's format has them: %s is %s", (reason, ending) => {
    expect(endingOf(ended({ finish_reason: reason }))).toBe(ending);
  });
});
