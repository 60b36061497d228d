import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { failWith, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { azure, hear, openai } from "./clients.js";

const add = tool(({ a, b }) => String(a + b), {
  name: "add",
  description: "Adds.",
  schema: z.object({ a: z.number(), b: z.number() }),
});
const Grade = z.object({ score: z.number() });

describe("startLoopbackServer › OpenAI", () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await startLoopbackServer();
  });
  afterEach(() => server.close());

  it("answers ChatOpenAI with text, model, finish reason and usage", async () => {
    server.reply("gpt-x", { text: "Twelve chars", servedModel: "gpt-x-2026" });
    const answer = await openai(server).invoke("12345678");
    expect(answer.text).toBe("Twelve chars");
    expect(answer.response_metadata).toMatchObject({ model_name: "gpt-x-2026", finish_reason: "stop" });
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 2, output_tokens: 3, total_tokens: 5 });
  });

  it("answers AzureChatOpenAI under the name of the deployment", async () => {
    server.reply("az-x", "From Azure.");
    expect((await azure(server).invoke("Hi")).text).toBe("From Azure.");
    const { texts, whole } = await hear(azure(server).stream("Hi"));
    expect(texts.join("")).toBe("From Azure.");
    expect(whole?.usage_metadata?.output_tokens).toBe(3);
    expect(server.requests[0]?.path).toBe("/openai/deployments/az-x/chat/completions?api-version=2024-10-21");
  });

  it("answers without /v1 too", async () => {
    server.reply("gpt-x", "Short path.");
    const model = openai(server, { configuration: { baseURL: server.azureUrl } });
    expect((await model.invoke("Hi")).text).toBe("Short path.");
  });

  it("streams in as many pieces as asked, with finish reason and usage at the end", async () => {
    server.reply("gpt-x", { text: "abcdefgh", chunks: 3 });
    const { texts, whole } = await hear(openai(server).stream("Hi"));
    expect(texts).toEqual(["abc", "de", "fgh"]);
    expect(whole?.response_metadata).toMatchObject({ finish_reason: "stop", model_name: "gpt-x" });
    expect(whole?.usage_metadata).toMatchObject({ input_tokens: 1, output_tokens: 2, total_tokens: 3 });
    expect(server.requests[0]?.stream).toBe(true);
  });

  it("streams roles and ids as other servers of the format do", async () => {
    const toolCalls = [{ name: "add", args: '{"a": 1, "b": 2}' }];
    server.reply("gpt-x", { toolCalls, deltas: { role: [null, ""], id: "" } });
    const body = JSON.stringify({ model: "gpt-x", stream: true, messages: [{ role: "user", content: "Hi" }] });
    const reply = await fetch(`${server.openaiUrl}/chat/completions`, { method: "POST", body });
    const events = (await reply.text()).split("\n\n").filter((event) => event.startsWith("data: {"));
    const deltas = events.map((event) => JSON.parse(event.slice(6)).choices[0].delta);
    expect(deltas.map(({ role }) => role)).toEqual([null, "", "", "", ""]);
    const [first, ...later] = deltas.flatMap(({ tool_calls = [] }) => tool_calls);
    expect(first).toMatchObject({ id: expect.stringMatching(/^call_/), function: { name: "add" } });
    expect(later.map(({ id, function: { name } }: { id: string; function: { name: string } }) => id + name)).toEqual([
      "",
      "",
    ]);
    expect([first, ...later].map((part) => part.function.arguments).join("")).toBe('{"a": 1, "b": 2}');
  });

  it("streams every character of a text once, surrogate pairs unbroken", async () => {
    const text = "a😀b👩‍🚀c\nd\u2028 e";
    for (const chunks of [1, 2, 3, 7, 100]) {
      server.reply("gpt-x", { text, chunks });
      const { texts } = await hear(openai(server).stream("Hi"));
      expect(texts.join("")).toBe(text);
      expect(texts.every((piece) => piece.isWellFormed())).toBe(true);
    }
  });

  it("sends usage in a stream only when asked to", async () => {
    const { whole } = await hear(openai(server, { streamUsage: false }).stream("Hi"));
    expect(whole?.usage_metadata).toBeUndefined();
  });

  it("reports cached and reasoning tokens once, plain and streamed", async () => {
    server.reply("gpt-x", {
      text: "Cached.",
      usage: { inputTokens: 100, cachedTokens: 80, outputTokens: 9, reasoningTokens: 4 },
    });
    const expected = {
      input_tokens: 100,
      output_tokens: 9,
      total_tokens: 109,
      input_token_details: { cache_read: 80 },
      output_token_details: { reasoning: 4 },
    };
    expect((await openai(server).invoke("Hi")).usage_metadata).toMatchObject(expected);
    expect((await hear(openai(server).stream("Hi"))).whole?.usage_metadata).toMatchObject(expected);
  });

  it("can keep the usage to itself", async () => {
    server.reply("gpt-x", { text: "Free.", usage: null });
    expect((await openai(server).invoke("Hi")).usage_metadata?.input_tokens).toBeUndefined();
    expect((await hear(openai(server).stream("Hi"))).whole?.usage_metadata).toBeUndefined();
  });

  it("calls tools, plain and streamed, and records which were offered", async () => {
    server.reply("gpt-x", {
      toolCalls: [
        { name: "add", args: { a: 1, b: 2 } },
        { name: "add", args: { a: 3, b: 4 } },
      ],
    });
    const model = openai(server).bindTools([add]);
    const plain = await model.invoke("Add.");
    const { whole } = await hear(model.stream("Add."));
    for (const answer of [plain, whole]) {
      expect(answer?.tool_calls).toMatchObject([
        { name: "add", args: { a: 1, b: 2 } },
        { name: "add", args: { a: 3, b: 4 } },
      ]);
      expect(answer?.response_metadata.finish_reason).toBe("tool_calls");
    }
    expect(server.requests[0]?.tools).toEqual(["add"]);
    expect(server.requests[0]?.body.tools).toMatchObject([{ type: "function", function: { name: "add" } }]);
  });

  it("records the results of tools as messages", async () => {
    await openai(server).invoke([
      new HumanMessage("Add."),
      new AIMessage({ content: "", tool_calls: [{ id: "1", name: "add", args: {} }] }),
      new ToolMessage({ tool_call_id: "1", content: "3" }),
    ]);
    expect(server.requests[0]?.messages).toEqual([
      { role: "user", text: "Add." },
      { role: "assistant", text: "" },
      { role: "tool", text: "3" },
    ]);
  });

  it("gives structured output by schema and by tool call, and records the schema", async () => {
    server.reply("gpt-x", '{"score":3}', { toolCalls: [{ name: "Grade", args: { score: 4 } }] });
    const model = openai(server);
    expect(await model.withStructuredOutput(Grade, { name: "Grade" }).invoke("Grade it.")).toEqual({ score: 3 });
    const called = model.withStructuredOutput(Grade, { name: "Grade", method: "functionCalling" });
    expect(await called.invoke("Grade it.")).toEqual({ score: 4 });
    expect(server.requests[0]?.responseSchema).toMatchObject({ properties: { score: { type: "number" } } });
    expect(server.requests[0]?.body.response_format).toMatchObject({ type: "json_schema" });
    expect(server.requests[1]?.tools).toEqual(["Grade"]);
  });

  it("sends log-probabilities only to those who ask, plain and streamed", async () => {
    const logprobs = [
      { token: "yes", logprob: -0.1, top: [{ token: "no", logprob: -2.3 }] },
      { token: ".", logprob: -0.5 },
    ];
    server.reply("gpt-x", { text: "yes.", logprobs });
    const asking = openai(server, { logprobs: true, topLogprobs: 1 });
    const plain = await asking.invoke("Yes?");
    const { whole } = await hear(asking.stream("Yes?"));
    for (const answer of [plain, whole]) {
      expect(answer?.response_metadata.logprobs).toMatchObject({
        content: [
          { token: "yes", logprob: -0.1, top_logprobs: [{ token: "no", logprob: -2.3 }] },
          { token: ".", logprob: -0.5, top_logprobs: [] },
        ],
      });
    }
    expect((await openai(server).invoke("Yes?")).response_metadata.logprobs).toBeUndefined();
  });

  it("invents a log-probability a piece when none is given", async () => {
    server.reply("gpt-x", { text: "abcd", chunks: 2 });
    const answer = await openai(server, { logprobs: true }).invoke("Hi");
    expect(answer.response_metadata.logprobs).toMatchObject({
      content: [
        { token: "ab", logprob: -0.1 },
        { token: "cd", logprob: -0.1 },
      ],
    });
  });

  it("ends an answer at its length", async () => {
    server.reply("gpt-x", { text: "And then", finishReason: "length" });
    expect((await openai(server).invoke("Hi")).response_metadata.finish_reason).toBe("length");
  });

  it("puts a refusal where OpenAI puts it", async () => {
    server.reply("gpt-x", failWith.refusal("Never."));
    const response = await fetch(`${server.openaiUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "gpt-x", messages: [] }),
    });
    const body: unknown = await response.json();
    expect(body).toMatchObject({ choices: [{ message: { content: null, refusal: "Never." }, finish_reason: "stop" }] });
  });
});
