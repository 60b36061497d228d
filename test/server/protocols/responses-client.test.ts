import { createOpenAI } from "@ai-sdk/openai";
import { generateObject, generateText, stepCountIs, streamText, tool } from "ai";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Serving, served, startServing } from "../serving.js";

const weather = {
  type: "function" as const,
  name: "weather",
  description: "The weather in a city",
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
  strict: true,
};
const rain = [{ toolCalls: [{ name: "weather", args: { city: "Oslo" }, id: "call_1" }] }, "Take an umbrella."];
const Person = z.object({ name: z.string(), age: z.number() });

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

describe("the clients of the Responses API", () => {
  let serving: Serving;
  let client: OpenAI;
  beforeAll(async () => {
    serving = await startServing("ChatOpenAI");
    client = serving.client();
  });
  afterAll(() => serving.close());

  describe.each(served)("model %s", (model) => {
    const used = { plain: "plain", router: "strong", ladder: "strong" }[model];

    it("answer, with usage and what the run did", async () => {
      serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 4 } });
      const reply = await client.responses.create({ model, instructions: "Be brief.", input: "Hi" });
      expect(reply).toMatchObject({
        ...{ object: "response", status: "completed", model, output_text: "Hello!", error: null },
        orchestration: { modelUsed: used, model: "strong-1" },
      });
      expect(reply.usage).toMatchObject({ input_tokens_details: { cached_tokens: 4 } });
      const { messages } = serving.upstream.requests.at(-1)!;
      expect(messages.map(({ role, text }) => `${role}: ${text}`)).toEqual(["system: Be brief.", "user: Hi"]);
    });

    it("stream, event by event in the order of the API", async () => {
      serving.says({ text: "Hello there, you", usage: { inputTokens: 10, outputTokens: 5 } });
      const stream = client.responses.stream({ model, input: "Hi" });
      const events: { type: string; sequence_number: number }[] = [];
      for await (const event of stream) events.push(event);
      expect((await stream.finalResponse()).output_text).toBe("Hello there, you");
      expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, place) => place));
      const types = events.map(({ type }) => type).filter((type) => type !== "response.output_text.delta");
      expect(events.length - types.length).toBe(model === "ladder" ? 1 : 4);
      expect(types).toEqual([
        ...["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"],
        ...[
          "response.output_text.done",
          "response.content_part.done",
          "response.output_item.done",
          "response.completed",
        ],
      ]);
    });

    it("call tools and send their results, whole and streaming", async () => {
      const first = { model, input: "Weather?", tools: [weather], tool_choice: "required" as const, store: false };
      for (const create of [
        (request: typeof first) => client.responses.create(request),
        (request: typeof first) => client.responses.stream(request).finalResponse(),
      ]) {
        serving.says(...rain);
        const { output } = await create(first);
        expect(output).toMatchObject([
          { type: "function_call", call_id: "call_1", name: "weather", arguments: '{"city":"Oslo"}' },
        ]);
        const result = { type: "function_call_output" as const, call_id: "call_1", output: "Rain" };
        const last = await client.responses.create({
          ...{ model, tools: [weather], store: false },
          input: [{ role: "user", content: "Weather?" }, ...(output as OpenAI.Responses.ResponseInputItem[]), result],
        });
        expect(last.output_text).toBe("Take an umbrella.");
        const { messages } = serving.upstream.requests.at(-1)!;
        expect(messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
          "user: Weather?",
          "assistant: ",
          "tool: Rain",
        ]);
      }
    });

    it("call tools that are written in the form of chat completions", async () => {
      serving.says(rain[0]!);
      const { name, description, parameters } = weather;
      const nested = { type: "function", function: { name, description, parameters } };
      const choice = { type: "function", function: { name } };
      const request = { model, input: "Weather?", tools: [nested], tool_choice: choice, store: false };
      const { output } = await client.responses.create(
        request as never as OpenAI.Responses.ResponseCreateParamsNonStreaming,
      );
      expect(output).toMatchObject([{ type: "function_call", name: "weather", arguments: '{"city":"Oslo"}' }]);
    });

    it("parse an answer in the form of a schema, whole and streaming", async () => {
      const request = { model, input: "Who?", text: { format: zodTextFormat(Person, "person") } };
      serving.says('{"name":"Ada","age":36}');
      expect((await client.responses.parse(request)).output_parsed).toEqual({ name: "Ada", age: 36 });
      expect((await client.responses.stream(request).finalResponse()).output_parsed).toEqual({ name: "Ada", age: 36 });
    });

    it("run tools with the AI SDK, whole and streaming", async () => {
      const provider = createOpenAI({ baseURL: `${serving.url}/v1`, apiKey: "none" });
      const run = () => ({
        ...{ model: provider(model), prompt: "Weather?", stopWhen: stepCountIs(3), maxRetries: 0 },
        tools: {
          weather: tool({
            description: "The weather in a city",
            inputSchema: z.object({ city: z.string() }),
            execute: async ({ city }) => `Rain in ${city}`,
          }),
        },
      });
      const script = [{ ...(rain[0] as object), text: "Let me look." }, rain[1]!];
      serving.says(...script);
      const { text, steps } = await generateText(run());
      expect(text).toBe("Take an umbrella.");
      expect(steps[0]!.toolResults[0]!.output).toBe("Rain in Oslo");
      serving.says(...script);
      expect(await streamText(run()).text).toBe("Take an umbrella.");
      const { messages } = serving.upstream.requests.at(-1)!; // the SDK refers to the text by its id
      expect(messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
        ...["user: Weather?", "assistant: Let me look.", "tool: Rain in Oslo"],
      ]);
    });
  });

  it("get objects with the AI SDK", async () => {
    serving.says('{"name":"Ada","age":36}');
    const model = createOpenAI({ baseURL: `${serving.url}/v1`, apiKey: "none" })("router");
    expect((await generateObject({ model, schema: Person, prompt: "Who?" })).object).toEqual({ name: "Ada", age: 36 });
  });

  it("send images", async () => {
    serving.says("A cat.");
    const image_url = "data:image/png;base64,aGk=";
    const content = [
      { type: "input_text" as const, text: "What is it?" },
      { type: "input_image" as const, image_url, detail: "low" as const },
    ];
    await client.responses.create({ model: "plain", input: [{ role: "user", content }] });
    const { messages } = serving.upstream.requests.at(-1)!.body as { messages: { content: unknown }[] };
    expect(messages[0]!.content).toEqual([
      { type: "text", text: "What is it?" },
      { type: "image_url", image_url: { url: image_url, detail: "low" } },
    ]);
  });

  it.each([
    ["length", "max_output_tokens"],
    ["content_filter", "content_filter"],
  ] as const)("end with %s as incomplete", async (finishReason, reason) => {
    serving.says({ text: "Hel", finishReason });
    const whole = await client.responses.create({ model: "plain", input: "Hi", max_output_tokens: 3 });
    expect(whole).toMatchObject({ status: "incomplete", incomplete_details: { reason } });
    const types: string[] = [];
    for await (const { type } of await client.responses.create({ model: "plain", input: "Hi", stream: true }))
      types.push(type);
    expect(types.at(-1)).toBe("response.incomplete");
  });

  it("refuse what needs stored replies and hosted tools, by name", async () => {
    const create = (more: object) => client.responses.create({ model: "plain", input: "Hi", ...more });
    const refused = { status: 400, code: "unsupported_parameter" };
    await expect(create({ previous_response_id: "resp_1" })).rejects.toMatchObject({
      ...refused,
      param: "previous_response_id",
    });
    await expect(create({ background: true })).rejects.toMatchObject({ ...refused, param: "background" });
    await expect(create({ tools: [{ type: "web_search" }] })).rejects.toMatchObject({ ...refused, param: "tools" });
    await expect(create({ input: [{ type: "item_reference", id: "msg_1" }] })).rejects.toMatchObject({
      ...{ status: 400, code: "item_not_found", param: "input.0" },
    });
    await expect(client.responses.retrieve("resp_1")).rejects.toMatchObject({ status: 404, code: "not_stored" });
    await expect(create({ model: "nobody" })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it("keep an item for the caller that refers to it, and none with store: false", async () => {
    serving.says("First.", "Second.", "Third.");
    const first = await client.responses.create({ model: "plain", input: "Hi" });
    const refer = (id: string) =>
      client.responses.create({
        model: "plain",
        input: [
          { type: "item_reference", id },
          { role: "user", content: "And?" },
        ],
      });
    await refer(first.output[0]!.id!);
    expect(serving.upstream.requests.at(-1)!.messages.map(({ text }) => text)).toEqual(["First.", "And?"]);
    const unkept = await client.responses.create({ model: "plain", input: "Hi", store: false });
    await expect(refer(unkept.output[0]!.id!)).rejects.toMatchObject({ code: "item_not_found" });
  });

  it("end a stream that breaks off in an error and a failed response", async () => {
    serving.says({ text: "Hello there, you", chunks: 4, fault: "cut", afterChunks: 2 });
    const reply = await fetch(`${serving.url}/v1/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "plain", input: "Hi", stream: true }),
    });
    const events = (await reply.text())
      .trim()
      .split("\n\n")
      .map((event) => JSON.parse(event.split("\ndata: ")[1]!));
    expect(events.map(({ type }) => type).slice(-2)).toEqual(["error", "response.failed"]);
    expect(events.at(-1).response).toMatchObject({ status: "failed", error: { code: "answer_discarded" } });
  });
});
