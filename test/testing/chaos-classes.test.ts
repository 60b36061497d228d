import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { callsOf, createFallback } from "../../src/index.js";
import {
  type ChaosFault,
  chaos,
  chaosFaults,
  type LoopbackProvider,
  type LoopbackServer,
  startLoopbackServer,
} from "../../src/testing/index.js";
import { azure, KEY } from "./clients.js";

interface Format {
  readonly provider: LoopbackProvider;
  readonly client: (server: LoopbackServer) => BaseChatModel;
}

const formats: Readonly<Record<string, Format>> = {
  OpenAI: {
    provider: "openai",
    client: ({ openaiUrl }) => new ChatOpenAI({ model: "gpt-x", apiKey: KEY, configuration: { baseURL: openaiUrl } }),
  },
  Azure: { provider: "openai", client: azure },
  Gemini: {
    provider: "google",
    client: ({ googleUrl }) => new ChatGoogleGenerativeAI({ model: "gemini-x", apiKey: KEY, baseUrl: googleUrl }),
  },
  Anthropic: {
    provider: "anthropic",
    client: ({ anthropicUrl }) => new ChatAnthropic({ model: "claude-x", apiKey: KEY, anthropicApiUrl: anthropicUrl }),
  },
  Ollama: {
    provider: "ollama",
    client: ({ ollamaUrl }) => new ChatOllama({ model: "llama-x", baseUrl: ollamaUrl }),
  },
};

/** Limits only for what would not end without: on a busy machine any other call may take longer. */
const limits = { timeout: 150, firstTokenTimeout: 100 };

const cases = Object.entries(formats).flatMap(([name, { provider }]) =>
  (Object.keys(chaosFaults) as ChaosFault[])
    .filter((fault) => !chaosFaults[fault].never?.includes(provider))
    .map((fault) => [fault, name] as const),
);

describe("chaos", () => {
  beforeAll(() => {
    for (const method of ["error", "warn", "log"] as const) vi.spyOn(console, method).mockReturnValue();
  });
  afterAll(() => vi.restoreAllMocks());

  it.each(cases)("sends %s as %s does, plain and streamed, and classifyError knows its class", async (fault, name) => {
    const upstream = chaos({ rate: 1, seed: 3, faults: [fault], reply: "It is certainly eighteen." });
    await using server = await startLoopbackServer({ reply: upstream });
    const { class: kind, or = kind } = chaosFaults[fault];
    for (const streamed of [false, true]) {
      const entry = { model: formats[name]!.client(server), retry: false as const };
      const models = { only: kind === "timeout" ? { ...entry, ...limits } : entry };
      const graph = createFallback({ models }).compile();
      const error = await (streamed
        ? read(graph.stream({ messages: "Hi" }, { streamMode: "messages" }))
        : graph.invoke({ messages: "Hi" })
      ).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const calls = callsOf(error);
      expect(calls).toHaveLength(1);
      expect([kind, or], `${streamed ? "streamed" : "plain"}: ${calls[0]?.error?.message}`).toContain(
        calls[0]?.error?.class,
      );
    }
    await server.settled();
    if (kind === "timeout") expect(server.requests.every(({ aborted }) => aborted)).toBe(true);
    else expect(upstream.draws).toHaveLength(2); // a time-out may come before the request left
    expect(upstream.draws.every((draw) => draw.fault === fault)).toBe(true);
  });
});

async function read(stream: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _ of await stream);
}
