import { createAnthropic } from "@ai-sdk/anthropic";
import Anthropic from "@anthropic-ai/sdk";
import { ChatAnthropic } from "@langchain/anthropic";
import { generateText, stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Serving, served, startServing } from "../serving.js";

const weather = {
  name: "weather",
  description: "The weather in a city",
  input_schema: { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] },
};
const asks = (content: string) => [{ role: "user" as const, content }];
const rain = [{ toolCalls: [{ name: "weather", args: { city: "Oslo" }, id: "call_1" }] }, "Take an umbrella."];

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

describe("the clients of Anthropic's API", () => {
  let serving: Serving;
  let client: Anthropic;
  beforeAll(async () => {
    serving = await startServing("ChatOpenAI");
    client = new Anthropic({ baseURL: serving.url, apiKey: "none", maxRetries: 0 });
  });
  afterAll(() => serving.close());

  describe.each(served)("model %s", (model) => {
    const used = { plain: "plain", router: "strong", ladder: "strong" }[model];

    it("answer, with usage and what the run did", async () => {
      serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 4 } });
      const reply = await client.messages.create({ model, max_tokens: 100, system: "Be brief.", messages: asks("Hi") });
      expect(reply).toMatchObject({
        ...{ type: "message", role: "assistant", model, stop_reason: "end_turn", stop_sequence: null },
        content: [{ type: "text", text: "Hello!" }],
        orchestration: { modelUsed: used, model: "strong-1" },
      });
      expect(reply.id).toMatch(/^msg_/);
      expect(reply.usage.cache_read_input_tokens).toBe(4);
      if (model !== "ladder") expect(reply.usage).toMatchObject({ input_tokens: 6, output_tokens: 5 });
      const { messages, body } = serving.upstream.requests.at(-1)!;
      expect(messages.map(({ role, text }) => `${role}: ${text}`)).toEqual(["system: Be brief.", "user: Hi"]);
      expect(body).toMatchObject({ max_tokens: 100 });
    });

    it("stream, event by event in the order of the API", async () => {
      serving.says({ text: "Hello there, you", usage: { inputTokens: 10, outputTokens: 5 } });
      const types: string[] = [];
      const stream = client.messages.stream({ model, max_tokens: 100, messages: asks("Hi") });
      stream.on("streamEvent", ({ type }) => types.push(type));
      const whole = await stream.finalMessage();
      expect(whole).toMatchObject({ content: [{ type: "text", text: "Hello there, you" }], stop_reason: "end_turn" });
      if (model !== "ladder") expect(whole.usage).toMatchObject({ input_tokens: 10, output_tokens: 5 });
      const deltas = types.filter((type) => type === "content_block_delta");
      expect(deltas.length).toBe(model === "ladder" ? 1 : 4); // a checked answer comes whole
      expect(types.filter((type) => type !== "content_block_delta")).toEqual([
        ...["message_start", "content_block_start", "content_block_stop", "message_delta", "message_stop"],
      ]);
    });

    it("call tools and send their results, whole and streaming", async () => {
      const first = {
        model,
        max_tokens: 100,
        messages: asks("Weather?"),
        tools: [weather],
        tool_choice: { type: "any" as const },
      };
      for (const create of [
        (request: typeof first) => client.messages.create(request),
        (request: typeof first) => client.messages.stream(request).finalMessage(),
      ]) {
        serving.says(...rain);
        const called = await create(first);
        expect(called.stop_reason).toBe("tool_use");
        expect(called.content).toMatchObject([
          { type: "tool_use", id: "call_1", name: "weather", input: { city: "Oslo" } },
        ]);
        expect(serving.upstream.requests.at(-1)!.body).toMatchObject({ tool_choice: "required" });
        const results = [
          { type: "tool_result" as const, tool_use_id: "call_1", content: [{ type: "text" as const, text: "Rain" }] },
        ];
        const last = await client.messages.create({
          ...{ model, max_tokens: 100, tools: [weather] },
          messages: [
            ...asks("Weather?"),
            { role: "assistant", content: called.content },
            { role: "user", content: results },
          ],
        });
        expect(last.content).toMatchObject([{ type: "text", text: "Take an umbrella." }]);
        const { messages } = serving.upstream.requests.at(-1)!;
        expect(messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
          "user: Weather?",
          "assistant: ",
          "tool: Rain",
        ]);
      }
    });

    it("call two tools at once, one block after the other", async () => {
      serving.says({
        toolCalls: [
          { name: "weather", args: { city: "Oslo" } },
          { name: "weather", args: { city: "Bergen" } },
        ],
      });
      const stream = client.messages.stream({ model, max_tokens: 100, messages: asks("Weather?"), tools: [weather] });
      const open: number[] = [];
      stream.on("streamEvent", (event) => {
        if (event.type === "content_block_start") expect(open.push(event.index)).toBe(1);
        if (event.type === "content_block_stop") expect(open.pop()).toBe(event.index);
      });
      const { content } = await stream.finalMessage();
      expect(content.map((block) => block.type === "tool_use" && block.input)).toEqual([
        { city: "Oslo" },
        { city: "Bergen" },
      ]);
    });

    it("run tools with the AI SDK, whole and streaming", async () => {
      const run = () => ({
        model: createAnthropic({ baseURL: `${serving.url}/v1`, apiKey: "none" })(model),
        ...{ prompt: "Weather?", stopWhen: stepCountIs(3), maxRetries: 0 },
        tools: {
          weather: tool({
            description: "The weather in a city",
            inputSchema: z.object({ city: z.string() }),
            execute: async ({ city }) => `Rain in ${city}`,
          }),
        },
      });
      serving.says(...rain);
      const { text, steps } = await generateText(run());
      expect(text).toBe("Take an umbrella.");
      expect(steps[0]!.toolResults[0]!.output).toBe("Rain in Oslo");
      serving.says(...rain);
      const streamed = streamText(run());
      expect(await streamed.text).toBe("Take an umbrella.");
      expect(serving.upstream.requests.at(-1)!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    });
  });

  it("send images, in messages and in results of tools", async () => {
    serving.says("A cat.");
    const image = {
      type: "image" as const,
      source: { type: "base64" as const, media_type: "image/png" as const, data: "aGk=" },
    };
    await client.messages.create({
      ...{ model: "plain", max_tokens: 100, tools: [weather] },
      messages: [
        ...asks("Look"),
        { role: "assistant", content: [{ type: "tool_use", id: "call_1", name: "weather", input: {} }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "call_1", content: [image] },
            { type: "text", text: "So?" },
          ],
        },
      ],
    });
    const { messages } = serving.upstream.requests.at(-1)!.body as { messages: { role: string; content: unknown }[] };
    const sent = { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } };
    expect(messages.at(-2)).toMatchObject({ role: "tool" });
    expect(messages.at(-1)).toMatchObject({
      role: "user",
      content: expect.arrayContaining([sent, { type: "text", text: "So?" }]),
    });
  });

  it("get a JSON schema's answer, whole and streaming", async () => {
    const format = {
      type: "json_schema",
      schema: { type: "object", properties: { name: { type: "string" } } },
    } as const;
    const request = { model: "router", max_tokens: 100, messages: asks("Who?"), output_config: { format } };
    serving.says('{"name":"Ada"}');
    expect((await client.messages.create(request)).content).toMatchObject([{ text: '{"name":"Ada"}' }]);
    expect((await client.messages.stream(request).finalMessage()).content).toMatchObject([{ text: '{"name":"Ada"}' }]);
  });

  it.each([
    ["length", "max_tokens"],
    ["content_filter", "refusal"],
  ] as const)("end with %s as %s", async (finishReason, stop) => {
    serving.says({ text: "Hel", finishReason });
    const request = { model: "plain", max_tokens: 3, messages: asks("Hi") };
    expect((await client.messages.create(request)).stop_reason).toBe(stop);
    expect((await client.messages.stream(request).finalMessage()).stop_reason).toBe(stop);
  });

  it.each([
    { type: "url", url: "https://[" },
    { type: "base64", media_type: "image/png", data: "no base64!" },
  ] as const)("get a 400 for an image that no client can read: %o", async (source) => {
    const asked = client.messages.create({
      ...{ model: "plain", max_tokens: 3 },
      messages: [{ role: "user", content: [{ type: "image", source: source as never }] }],
    });
    await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining("source") });
  });

  it("throw their own errors", async () => {
    const create = (more: object) =>
      client.messages.create({ model: "plain", max_tokens: 9, messages: asks("Hi"), ...more });
    await expect(create({ model: "nobody" })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(create({ messages: [] })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    await expect(create({ mcp_servers: [{}] })).rejects.toThrow(/mcp_servers is not supported/);
    await expect(create({ tools: [{ type: "web_search_20250305", name: "web_search" }] })).rejects.toThrow(
      /web_search_20250305/,
    );
    serving.says({ error: { kind: "rate_limit" } });
    const limited = await create({}).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(Anthropic.RateLimitError);
    expect((limited as { error: unknown }).error).toMatchObject({
      type: "error",
      error: { type: "rate_limit_error", message: expect.stringContaining("rate_limit") },
      request_id: expect.stringMatching(/^msg_/),
    });
  });

  it("end a stream that breaks off in an error event", async () => {
    serving.says({ text: "Hello there, you", chunks: 4, fault: "cut", afterChunks: 2 });
    const texts: string[] = [];
    const stream = client.messages.stream({ model: "plain", max_tokens: 9, messages: asks("Hi") });
    stream.on("text", (text) => texts.push(text));
    await expect(stream.finalMessage()).rejects.toMatchObject({ type: "api_error" });
  });
});

describe("Claude behind Anthropic's API", () => {
  let serving: Serving;
  let client: Anthropic;
  beforeAll(async () => {
    serving = await startServing("ChatOpenAI");
    await serving.stop();
    const { upstream } = serving;
    const model = new ChatAnthropic({
      model: "strong-1",
      apiKey: "sk-ant-test",
      anthropicApiUrl: upstream.anthropicUrl,
    });
    serving = {
      ...serving,
      ...(await startServing("ChatOpenAI", { models: { claude: { model, retry: false } } })),
      upstream,
      says: serving.says,
    };
    client = new Anthropic({ baseURL: serving.url, apiKey: "none", maxRetries: 0 });
  });
  afterAll(() => serving.close());

  it("gives its thoughts with their signatures, whole and streaming, and takes them back", async () => {
    const request = {
      model: "claude",
      max_tokens: 3_000,
      messages: asks("Weather?"),
      tools: [weather],
      thinking: { type: "enabled", budget_tokens: 1_024 } as const,
    };
    const call = { thoughts: "It may rain.", toolCalls: [{ name: "weather", args: { city: "Oslo" }, id: "toolu_1" }] };
    const thinking = { type: "thinking", thinking: "It may rain.", signature: "loopback" };
    serving.says(call);
    const whole = await client.messages.create(request);
    expect(whole.content).toMatchObject([thinking, { type: "tool_use", id: "toolu_1" }]);
    expect(serving.upstream.requests.at(-1)!.body).toMatchObject({ thinking: request.thinking, max_tokens: 3_000 });
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed.content).toMatchObject([thinking, { type: "tool_use", id: "toolu_1" }]);
    serving.says("Take an umbrella.");
    await client.messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: "assistant", content: streamed.content },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "Rain" }] },
      ],
    });
    const { messages } = serving.upstream.requests.at(-1)!.body as { messages: { content: unknown }[] };
    expect(messages[1]!.content).toMatchObject([
      thinking,
      { type: "tool_use", id: "toolu_1", input: { city: "Oslo" } },
    ]);
  });

  it("reads the marks of its prompt cache", async () => {
    serving.says("So.");
    const cache_control = { type: "ephemeral" as const };
    await client.messages.create({
      ...{ model: "claude", max_tokens: 100 },
      system: [{ type: "text", text: "You are an agent.", cache_control }],
      messages: [{ role: "user", content: [{ type: "text", text: "Hi", cache_control }] }],
    });
    expect(serving.upstream.requests.at(-1)!.body).toMatchObject({
      system: [{ type: "text", text: "You are an agent.", cache_control }],
      messages: [{ role: "user", content: [{ type: "text", text: "Hi", cache_control }] }],
    });
  });

  it("answers whole, however long the answer may be", async () => {
    serving.says("So.");
    const reply = await client.messages.create(
      { model: "claude", max_tokens: 64_000, messages: asks("Hi") },
      { timeout: 60_000 },
    );
    expect(reply.content).toMatchObject([{ type: "text", text: "So." }]);
    expect(serving.upstream.requests.at(-1)!.body).toMatchObject({ max_tokens: 64_000 });
  });
});
