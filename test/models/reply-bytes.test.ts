import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { ChatAnthropic } from "@langchain/anthropic";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, it } from "vitest";
import { AllModelsFailedError, createFallback } from "../../src/index.js";
import { saying } from "../support/fakes.js";

const limit = 200_000;
/** What a server that never stops sends until it is stopped. */
const endless = 400 * limit;
const words = "so it goes on ".repeat(200);

/** How each provider begins an answer, and what it then repeats. */
interface Format {
  readonly client: (url: string) => BaseChatModel;
  readonly whole: string;
  readonly head?: string;
  readonly event: string;
}

const data = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const named = (event: { readonly type: string }) => `event: ${event.type}\n${data(event)}`;
const claude = {
  id: "m",
  type: "message",
  role: "assistant",
  model: "claude",
  usage: { input_tokens: 1, output_tokens: 1 },
};

const tool = { type: "function", function: { name: "find", parameters: { type: "object", properties: {} } } } as const;

const formats: Readonly<Record<string, Format>> = {
  ChatOpenAI: {
    client: (url) => new ChatOpenAI({ model: "gpt-4o", apiKey: "none", configuration: { baseURL: `${url}/v1` } }),
    whole: `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"`,
    event: data({ choices: [{ index: 0, delta: { role: "assistant", content: words } }] }),
  },
  "ChatOpenAI, Responses API": {
    client: (url) =>
      new ChatOpenAI({
        ...{ model: "gpt-4o", apiKey: "none", useResponsesApi: true },
        configuration: { baseURL: `${url}/v1` },
      }),
    whole: `{"id":"r","object":"response","status":"completed","output":[{"type":"message","id":"m","role":"assistant","content":[{"type":"output_text","text":"`,
    event: named({ type: "response.output_text.delta", delta: words, content_index: 0, output_index: 0 } as never),
  },
  "ChatOpenAI with tools, Responses API": {
    client: (url) =>
      new ChatOpenAI({
        ...{ model: "gpt-4o", apiKey: "none", useResponsesApi: true },
        configuration: { baseURL: `${url}/v1` },
      }).withConfig({ tools: [tool] }) as never,
    whole: `{"id":"r","object":"response","status":"completed","output":[{"type":"function_call","id":"m","call_id":"c","name":"find","arguments":"`,
    event: named({ type: "response.function_call_arguments.delta", delta: words, output_index: 0 } as never),
  },
  ChatAnthropic: {
    client: (url) => new ChatAnthropic({ model: "claude", apiKey: "none", anthropicApiUrl: url }),
    whole: `{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"`,
    head:
      named({ type: "message_start", message: { ...claude, content: [] } } as never) +
      named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as never),
    event: named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: words } } as never),
  },
  ChatOllama: {
    client: (url) => new ChatOllama({ model: "llama3.2", baseUrl: url }),
    whole: `{"model":"llama3.2","message":{"role":"assistant","content":"`,
    event: `${JSON.stringify({ model: "llama3.2", message: { role: "assistant", content: words }, done: false })}\n`,
  },
  ChatGoogleGenerativeAI: {
    client: (url) => new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash", apiKey: "none", baseUrl: url }),
    whole: `data: {"candidates":[{"content":{"role":"model","parts":[{"text":"`, // it always streams: one event without end
    event: data({ candidates: [{ content: { role: "model", parts: [{ text: words }] } }] }),
  },
  "ChatGoogleGenerativeAI with images": {
    client: (url) => new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash", apiKey: "none", baseUrl: url }),
    whole: `data: {"candidates":[{"content":{"role":"model","parts":[{"inlineData":{"mimeType":"image/png","data":"`,
    event: data({
      candidates: [{ content: { role: "model", parts: [{ inlineData: { mimeType: "image/png", data: words } }] } }],
    }),
  },
  "ChatGoogleGenerativeAI that does not stream": {
    client: (url) => {
      const client = new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash", apiKey: "none", baseUrl: url });
      return Object.assign(client, { disableStreaming: true });
    },
    whole: `{"candidates":[{"content":{"role":"model","parts":[{"text":"`,
    event: `{"candidates":[{"content":{"role":"model","parts":[{"text":"${words}`,
  },
};

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Starts a server whose replies have no end, and counts what it could send. */
async function startEndless({ whole, head = "", event }: Format, streamed: boolean, status = 200) {
  let sent = 0;
  let requests = 0;
  function* pieces() {
    for (let piece = streamed ? head : whole; sent < endless; piece = streamed ? event : words) {
      sent += piece.length;
      yield piece;
    }
  }
  const server = createServer((request, response) => {
    request.resume();
    requests++;
    response.writeHead(status, { "content-type": streamed ? "text/event-stream" : "application/json" });
    Readable.from(pieces()).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, sent: () => sent, requests: () => requests };
}

const cases = Object.keys(formats).flatMap((name) => [
  [name, "streams" as const] as const,
  [name, "comes whole" as const] as const,
]);

describe("a reply without end", () => {
  it.each(cases)("of %s that %s is read up to limit.replyBytes, and another model answers", async (name, form) => {
    const format = formats[name]!;
    const streamed = form === "streams";
    const server = await startEndless(format, streamed || name === "ChatOllama"); // whose client always streams
    const entry = {
      model: format.client(server.url),
      limit: { replyBytes: limit },
      ...(streamed && { firstTokenTimeout: 60_000 }),
    };
    const graph = createFallback({
      models: { endless: entry, spare: saying("Enough.") },
    }).compile();
    const { messages, calls } = await graph.invoke({ messages: "Go on" });
    expect(messages.at(-1)?.text).toBe("Enough.");
    expect(calls.map(({ status }) => status)).toEqual(["error", "ok"]); // it is not paid again
    expect(calls[0]?.error).toMatchObject({ class: "server", status: 502 });
    expect(calls[0]?.error?.message).toContain(`more than ${limit} bytes (limit.replyBytes)`);
    expect(server.sent()).toBeLessThan(endless / 2); // what lies in the buffers of both ends is sent, too
    expect(server.requests()).toBe(1);
  });

  it.each(cases)("of %s that %s ends a model that stands alone in that error", async (name, form) => {
    const format = formats[name]!;
    const server = await startEndless(format, form === "streams" || name === "ChatOllama");
    const entry = { model: format.client(server.url), limit: { replyBytes: limit }, retry: false } as const;
    const graph = createFallback({
      models: { endless: { ...entry, ...(form === "streams" && { firstTokenTimeout: 60_000 }) } },
    });
    const error = await graph
      .compile()
      .invoke({ messages: "Go on" })
      .catch((thrown: unknown) => thrown);
    expect(AllModelsFailedError.isInstance(error) && error.message).toContain("limit.replyBytes");
  });

  it.each(["ChatOpenAI", "ChatOpenAI, Responses API", "ChatAnthropic", "ChatGoogleGenerativeAI"])(
    "of %s that says whose mistake it was is no mistake of the caller",
    async (name) => {
      const { client } = formats[name]!;
      const server = await startEndless({ client, whole: '{"error":{"message":"', event: "" }, false, 400);
      const graph = createFallback({
        models: { endless: { model: client(server.url), limit: { replyBytes: limit } }, spare: saying("Enough.") },
      }).compile();
      const { messages, calls } = await graph.invoke({ messages: "Go on" });
      expect(messages.at(-1)?.text).toBe("Enough.");
      expect(calls[0]?.error).toMatchObject({ class: "server", status: 502 });
      expect(server.sent()).toBeLessThan(endless / 2);
      expect(server.requests()).toBe(1);
    },
  );

  it("of a client whose connection is not ours is counted by the characters of its answer", async () => {
    const client = new FakeListChatModel({ responses: [words] });
    const endless = { model: client, limit: { replyBytes: 100 }, firstTokenTimeout: 60_000 };
    const graph = createFallback({ models: { endless, spare: saying("Enough.") } }).compile();
    const { messages, calls } = await graph.invoke({ messages: "Go on" });
    expect(messages.at(-1)?.text).toBe("Enough.");
    expect(calls[0]?.error?.message).toContain("more than 100 bytes (limit.replyBytes)");
  });

  it("of a model within a pattern is not asked for again by the pattern around it", async () => {
    const { client } = formats.ChatOpenAI!;
    const server = await startEndless(formats.ChatOpenAI!, false);
    const inner = createFallback({ models: { endless: { model: client(server.url), limit: { replyBytes: limit } } } });
    const graph = createFallback({
      models: { inner: { model: inner, retry: { maxRetries: 2, backoff: [1, 1] } }, spare: saying("Enough.") },
    }).compile();
    expect((await graph.invoke({ messages: "Go on" })).messages.at(-1)?.text).toBe("Enough.");
    expect(server.requests()).toBe(1);
  });
});
