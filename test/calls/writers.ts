import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOllama } from "@langchain/ollama";
import { AzureChatOpenAI, ChatOpenAI } from "@langchain/openai";
import type { RawReply } from "../support/raw-server.js";

/** A provider: its client, and how it calls the tool `add` after a thought of its own. */
interface Writer {
  readonly client: (url: string) => BaseChatModel;
  readonly calls: (stream: boolean) => RawReply;
}

const args = { a: 1, b: 2 };
const call = {
  id: "call_0123456789abcdefghijklmn",
  type: "function",
  function: { name: "add", arguments: '{"a":1,"b":2}' },
};
const sse = (events: readonly object[], end = ""): RawReply => ({
  type: "text/event-stream",
  body: `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}${end}`,
});
const json = (value: unknown): RawReply => ({ body: JSON.stringify(value) });

const completion = (stream: boolean): RawReply => {
  const said = {
    role: "assistant",
    content: null,
    reasoning_content: "Add them.",
    tool_calls: [{ ...call, index: 0 }],
  };
  if (!stream) return json({ choices: [{ index: 0, message: said, finish_reason: "tool_calls" }] });
  return sse([{ choices: [{ index: 0, delta: said, finish_reason: "tool_calls" }] }], "data: [DONE]\n\n");
};

/** OpenAI's Responses API: an encrypted thought and a call. */
const response = {
  ...{ id: "resp_1", object: "response", created_at: 1, model: "gpt-5", status: "completed", error: null },
  output: [
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Add them." }], encrypted_content: "enc" },
    {
      type: "function_call",
      id: "fc_1",
      call_id: "call_r1",
      name: "add",
      arguments: '{"a":1,"b":2}',
      status: "completed",
    },
  ],
};

const claudeBlocks = [
  { type: "thinking", thinking: "Add them.", signature: "sig-claude" },
  { type: "redacted_thinking", data: "sealed" },
  { type: "text", text: "Let me add." },
  { type: "tool_use", id: "toolu_01ABCdefGHIjklMNOpqrSTUv", name: "add", input: args },
];

/** Providers that write, and read one another; the keys of both APIs of OpenAI are apart. */
export const writers = {
  openai: {
    client: (url) =>
      new ChatOpenAI({ model: "gpt-4o", apiKey: "none", configuration: { baseURL: `${url}/openai/v1` } }),
    calls: completion,
  },
  responses: {
    client: (url) =>
      new ChatOpenAI({
        model: "gpt-5",
        apiKey: "none",
        useResponsesApi: true,
        configuration: { baseURL: `${url}/v1` },
      }),
    calls: (stream) => (stream ? sse([{ type: "response.completed", response }]) : json(response)),
  },
  azure: {
    client: (url) =>
      new AzureChatOpenAI({
        ...{ azureOpenAIApiKey: "none", azureOpenAIEndpoint: url, azureOpenAIApiDeploymentName: "gpt-4o" },
        azureOpenAIApiVersion: "2024-10-21",
      }),
    calls: completion,
  },
  google: {
    client: (url) => new ChatGoogleGenerativeAI({ model: "gemini-2.5-pro", apiKey: "none", baseUrl: url }),
    calls: () => {
      const parts = [
        { text: "Add them.", thought: true },
        { functionCall: { name: "add", args }, thoughtSignature: "sig-gemini" },
      ];
      return sse([{ candidates: [{ index: 0, content: { role: "model", parts }, finishReason: "STOP" }] }]);
    },
  },
  anthropic: {
    client: (url) => new ChatAnthropic({ model: "claude-sonnet-4-5", apiKey: "none", anthropicApiUrl: url }),
    calls: () =>
      json({
        ...{ id: "msg_01Claude", type: "message", role: "assistant", model: "claude-sonnet-4-5" },
        ...{ content: claudeBlocks, stop_reason: "tool_use", usage: { input_tokens: 9, output_tokens: 4 } },
      }),
  },
  ollama: {
    client: (url) => new ChatOllama({ model: "qwen3", baseUrl: url }),
    calls: () => {
      const tool_calls = [{ function: { name: "add", arguments: args } }];
      const message = { role: "assistant", content: "", thinking: "Add them.", tool_calls };
      const line = { model: "qwen3", message, done: true, done_reason: "stop" };
      return { type: "application/x-ndjson", body: `${JSON.stringify(line)}\n` };
    },
  },
} as const satisfies Record<string, Writer>;

export type WriterName = keyof typeof writers;
