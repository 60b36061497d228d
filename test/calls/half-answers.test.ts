import { ChatAnthropic } from "@langchain/anthropic";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { createFallback, type Model } from "../../src/index.js";
import { saying } from "../support/fakes.js";
import { startRawServer } from "../support/raw-server.js";

const half = "The three causes are: first,";
const gone = { code: 502, message: "Provider disconnected" };
const whole = (choice: object, beside: object = {}) => ({
  ...{ id: "x", object: "chat.completion", created: 1, model: "m", ...beside },
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: half }, ...choice }],
});
const chunks = (...choices: readonly object[]) =>
  `${choices.map((choice) => `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, ...choice }] })}\n\n`).join("")}data: [DONE]\n\n`;

async function answerOf(
  reply: { readonly type?: "application/json" | "text/event-stream"; readonly body: string },
  client: (url: string) => Model,
  streamed = false,
) {
  const server = await startRawServer(() => reply);
  try {
    const entry = { model: client(server.url), retry: false as const, ...(streamed && { firstTokenTimeout: 60_000 }) };
    const graph = createFallback({ models: { primary: entry, backup: saying("backup") } }).compile();
    const { modelUsed, calls } = await graph.invoke({ messages: "Why?" });
    return { modelUsed, error: calls[0]?.error };
  } finally {
    await server.close();
  }
}

const openai = (url: string) => new ChatOpenAI({ model: "m", apiKey: "none", configuration: { baseURL: `${url}/v1` } });
const claude = (url: string) => new ChatAnthropic({ model: "claude", apiKey: "none", anthropicApiUrl: url });

describe("half an answer", () => {
  it.each([
    ["an error beside the choices", whole({}, { error: gone })],
    ["an error in the choice, and no finish reason", whole({ error: gone, finish_reason: null })],
    ["an error in the choice, and a finish reason", whole({ error: gone })],
  ])("with %s is none, and the reason is kept", async (_, body) => {
    const { modelUsed, error } = await answerOf({ body: JSON.stringify(body) }, openai);
    expect(modelUsed).toBe("backup");
    expect(error).toMatchObject({ class: "empty", message: expect.stringContaining("Provider disconnected") });
  });

  it("with an error in a choice of its stream is none", async () => {
    const said = { delta: { role: "assistant", content: half } };
    const body = chunks(said, { delta: { content: "" }, finish_reason: "stop", error: gone });
    const { modelUsed, error } = await answerOf({ type: "text/event-stream", body }, openai, true);
    expect([modelUsed, error?.class]).toEqual(["backup", "empty"]);
  });

  it("without an error is one", async () => {
    expect((await answerOf({ body: JSON.stringify(whole({ error: null }, { error: null })) }, openai)).modelUsed).toBe(
      "primary",
    );
  });

  it.each([
    ["write", { content: "first ha" }],
    ["delete_all", {}],
  ])("that ends in a call of %s which the token limit cut is none", async (name, input) => {
    const body = JSON.stringify({
      ...{ id: "m", type: "message", role: "assistant", model: "claude", stop_reason: "max_tokens" },
      content: [{ type: "tool_use", id: "t1", name, input }],
      usage: { input_tokens: 5, output_tokens: 9 },
    });
    const { modelUsed, error } = await answerOf({ body }, claude);
    expect(modelUsed).toBe("backup");
    expect(error).toMatchObject({
      class: "empty",
      message: expect.stringContaining(`in the middle of a tool call: ${name}`),
    });
  });
});
