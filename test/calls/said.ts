import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import type { RawReply } from "../support/raw-server.js";

/** What a model says, and why it ends. */
export interface Said {
  readonly text?: string;
  /** What it thought, in the provider's own block for it; `"encrypted"` where that can be. */
  readonly thought?: string;
  /** Names and written arguments of tool calls. */
  readonly calls?: readonly (readonly [name: string, args: string])[];
  /** Finish reasons, one a chunk of a stream; none at all where there is none. */
  readonly reasons: readonly string[];
}

/** A provider: its client, and how it writes an answer, whole and as a stream. */
interface Dialect {
  readonly client: (url: string) => BaseChatModel;
  readonly reply: (said: Said, stream: boolean) => RawReply;
}

const sse = (events: readonly object[], end = ""): RawReply => ({
  type: "text/event-stream",
  body: events.map(written).join("") + end,
});
const written = (event: object) =>
  `${"type" in event ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`;
const json = (value: unknown): RawReply => ({ body: JSON.stringify(value) });

export const dialects = {
  openai: {
    client: (url) => new ChatOpenAI({ model: "m", apiKey: "none", configuration: { baseURL: `${url}/v1` } }),
    reply: ({ text = "", calls = [], reasons }, stream) => {
      const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
      const tool_calls = calls.map(([name, args], index) => ({
        ...{ index, id: `call_${index}`, type: "function", function: { name, arguments: args } },
      }));
      const message = { role: "assistant", content: text || null, ...(calls.length > 0 && { tool_calls }) };
      if (!stream) return json({ choices: [{ index: 0, message, finish_reason: reasons.at(-1) ?? null }], usage });
      const chunk = (delta: object, finish_reason: string | null = null) => ({
        choices: [{ index: 0, delta, finish_reason }],
      });
      return sse(
        [
          chunk(message),
          ...reasons.map((reason) => chunk({}, reason)),
          ...(reasons.length > 0 ? [{ choices: [], usage }] : []),
        ],
        "data: [DONE]\n\n",
      );
    },
  },
  anthropic: {
    client: (url) =>
      new ChatAnthropic({
        ...{ model: "claude-sonnet-4-0", apiKey: "none", anthropicApiUrl: url, maxTokens: 4096 },
        thinking: { type: "enabled", budget_tokens: 1024 },
      }),
    reply: ({ text = "", thought, calls = [], reasons }, stream) => {
      const head = { id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-0" };
      const block =
        thought === "encrypted"
          ? { type: "redacted_thinking", data: "x" }
          : { type: "thinking", thinking: thought, signature: "s" };
      const blocks = [...(thought === undefined ? [] : [block]), ...(text === "" ? [] : [{ type: "text", text }])];
      const usage = { input_tokens: 9, output_tokens: 4 };
      if (!stream) return json({ ...head, content: blocks, stop_reason: reasons.at(-1) ?? null, usage });
      const begin = (content_block: object, index: number) => ({ type: "content_block_start", index, content_block });
      const grow = (delta: object, index: number) => ({ type: "content_block_delta", index, delta });
      return sse([
        {
          type: "message_start",
          message: { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 0 } },
        },
        ...blocks.flatMap((each, index) => [
          begin(
            { ...each, ...(each.type === "text" ? { text: "" } : each.type === "thinking" && { thinking: "" }) },
            index,
          ),
          ...(each.type === "text" ? [grow({ type: "text_delta", text }, index)] : []),
          ...(each.type === "thinking" ? [grow({ type: "thinking_delta", thinking: thought }, index)] : []),
          { type: "content_block_stop", index },
        ]),
        ...calls.flatMap(([name, args], index) => [
          begin({ type: "tool_use", id: `toolu_${index}`, name, input: {} }, index + blocks.length),
          grow({ type: "input_json_delta", partial_json: args }, index + blocks.length),
          { type: "content_block_stop", index: index + blocks.length },
        ]),
        ...reasons.map((stop_reason) => ({
          type: "message_delta",
          delta: { stop_reason, stop_sequence: null },
          usage: { output_tokens: 4 },
        })),
        ...(reasons.length > 0 ? [{ type: "message_stop" }] : []),
      ]);
    },
  },
  google: {
    client: (url) => new ChatGoogleGenerativeAI({ model: "gemini-2.5-flash", apiKey: "none", baseUrl: url }),
    reply: ({ text = "", thought, reasons }) => {
      const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 4, totalTokenCount: 13 };
      const parts = [...(thought === undefined ? [] : [{ text: thought, thought: true }]), ...(text ? [{ text }] : [])];
      const said = parts.length > 0 ? [{ candidates: [{ index: 0, content: { role: "model", parts } }] }] : [];
      const ends = reasons.map((finishReason) => ({ candidates: [{ index: 0, finishReason }], usageMetadata }));
      return sse([...said, ...ends]);
    },
  },
  ollama: {
    client: (url) => new ChatOllama({ model: "m", baseUrl: url }),
    reply: ({ text = "", thought, reasons }) => {
      const message = { role: "assistant", content: text, ...(thought === undefined ? {} : { thinking: thought }) };
      const end = { done: true, done_reason: reasons.at(-1), prompt_eval_count: 9, eval_count: 4 };
      const lines = [
        { model: "m", message, done: false },
        { model: "m", message: { role: "assistant", content: "" }, ...end },
      ];
      return { type: "application/x-ndjson", body: lines.map((line) => `${JSON.stringify(line)}\n`).join("") };
    },
  },
} satisfies Record<string, Dialect>;

export type Provider = keyof typeof dialects;
