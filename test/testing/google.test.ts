import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { gemini, hear } from "./clients.js";

const add = tool(({ a, b }) => String(a + b), {
  name: "add",
  description: "Adds.",
  schema: z.object({ a: z.number(), b: z.number() }),
});
const Grade = z.object({ score: z.number() });

describe("startLoopbackServer › Gemini", () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await startLoopbackServer();
  });
  afterEach(() => server.close());

  it("answers ChatGoogleGenerativeAI with text, finish reason and usage", async () => {
    server.reply("gemini-x", { text: "Twelve chars", finishReason: "length" });
    const answer = await gemini(server).model.invoke("12345678");
    expect(answer.content).toBe("Twelve chars");
    expect(answer.response_metadata).toMatchObject({ finishReason: "MAX_TOKENS" });
    expect(answer.usage_metadata).toEqual({ input_tokens: 2, output_tokens: 3, total_tokens: 5 });
  });

  it("answers under /v1 as well as /v1beta", async () => {
    const response = await fetch(`${server.googleUrl}/v1/models/gemini-x:generateContent`, {
      method: "POST",
      body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] }),
    });
    const body: unknown = await response.json();
    expect(body).toMatchObject({ candidates: [{ finishReason: "STOP" }], modelVersion: "gemini-x" });
  });

  it("streams in pieces that add up, in text and in usage", async () => {
    server.reply("gemini-x", { text: "abcdefgh", chunks: 3 });
    const { texts, whole } = await hear(gemini(server).model.stream("Hi"));
    expect(texts).toEqual(["abc", "de", "fgh"]);
    expect(whole?.response_metadata).toMatchObject({ finishReason: "STOP" });
    expect(whole?.usage_metadata).toMatchObject({ input_tokens: 1, output_tokens: 2, total_tokens: 3 });
    expect(server.requests[0]?.stream).toBe(true);
  });

  it("counts the tokens so far in every chunk, which the client turns into differences", async () => {
    server.reply("gemini-x", { text: "abcd", chunks: 2, usage: { inputTokens: 5, outputTokens: 10 } });
    const differences = [];
    for await (const chunk of await gemini(server).model.stream("Hi")) {
      differences.push([chunk.usage_metadata?.input_tokens, chunk.usage_metadata?.output_tokens]);
    }
    expect(differences).toEqual([
      [5, 5],
      [0, 5],
      [0, 0],
    ]);
  });

  it("reports cached tokens, and thoughts in the total only", async () => {
    server.reply("gemini-x", {
      text: "Cached.",
      usage: { inputTokens: 100, cachedTokens: 80, outputTokens: 9, reasoningTokens: 4 },
    });
    expect((await gemini(server).model.invoke("Hi")).usage_metadata).toEqual({
      input_tokens: 100,
      output_tokens: 5,
      total_tokens: 109,
      input_token_details: { cache_read: 80 },
    });
  });

  // langchainjs#9731: the client makes deltas of the other totals, not of this one.
  it("repeats the cached tokens in every chunk as Gemini does, which the client then adds up", async () => {
    server.reply("gemini-x", { text: "abcd", chunks: 2, usage: { inputTokens: 100, cachedTokens: 80 } });
    const { whole } = await hear(gemini(server).model.stream("Hi"));
    expect(whole?.usage_metadata).toMatchObject({ input_tokens: 100, input_token_details: { cache_read: 240 } });
  });

  it("can keep the usage to itself", async () => {
    server.reply("gemini-x", { text: "Free.", usage: null });
    expect((await gemini(server).model.invoke("Hi")).usage_metadata).toBeUndefined();
  });

  it("calls tools, plain and streamed, and records which were offered", async () => {
    server.reply("gemini-x", { text: "Let me add.", toolCalls: [{ name: "add", args: { a: 1, b: 2 } }] });
    const model = gemini(server).model.bindTools([add]);
    const plain = await model.invoke("Add.");
    const { whole } = await hear(model.stream("Add."));
    for (const answer of [plain, whole]) {
      expect(answer?.tool_calls).toMatchObject([{ name: "add", args: { a: 1, b: 2 } }]);
    }
    expect(plain.text).toBe("Let me add.");
    expect(server.requests[0]?.tools).toEqual(["add"]);
  });

  it("records the results of tools as messages", async () => {
    await gemini(server).model.invoke([
      new HumanMessage("Add."),
      new AIMessage({ content: "", tool_calls: [{ id: "1", name: "add", args: {} }] }),
      new ToolMessage({ tool_call_id: "1", name: "add", content: "3" }),
    ]);
    expect(server.requests[0]?.messages.map((message) => message.role)).toEqual(["user", "assistant", "tool"]);
    expect(server.requests[0]?.messages[2]?.text).toContain("3");
  });

  it("gives structured output by schema and by tool call, and records the schema", async () => {
    server.reply("gemini-x", '{"score":3}', { toolCalls: [{ name: "Grade", args: { score: 4 } }] });
    const { model } = gemini(server);
    expect(await model.withStructuredOutput(Grade, { name: "Grade" }).invoke("Grade it.")).toEqual({ score: 3 });
    const called = model.withStructuredOutput(Grade, { name: "Grade", method: "functionCalling" });
    expect(await called.invoke("Grade it.")).toEqual({ score: 4 });
    expect(server.requests[0]?.responseSchema).toMatchObject({ properties: { score: { type: "number" } } });
    expect(server.requests[1]?.tools).toEqual(["Grade"]);
  });
});
