import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateObject, generateText, stepCountIs, streamObject, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { failWith } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { type Serving, served, startServing } from "./serving.js";

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false }); // it warns of JSON mode, which is what is tested

const schema = z.object({ name: z.string(), age: z.number() });
const weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `Rain in ${city}`,
});

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("the AI SDK over %s", (provider) => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing(provider);
  });
  afterAll(() => serving.close());

  describe.each(served)("model %s", (name) => {
    const model = (supportsStructuredOutputs = true) =>
      createOpenAICompatible({
        name: "multimodel",
        baseURL: `${serving.url}/v1/projects/acme/support`,
        includeUsage: true,
        supportsStructuredOutputs,
      })(name);

    it("generates text", async () => {
      serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
      const { text, finishReason, usage, response } = await generateText({ model: model(), prompt: "Hi" });
      expect({ text, finishReason }).toEqual({ text: "Hello!", finishReason: "stop" });
      expect(usage.outputTokens).toBe(name === "ladder" ? 7 : 5);
      expect(response.body).toMatchObject({ orchestration: { model: "strong-1" } });
    });

    it("streams text", async () => {
      serving.says({ text: "Hello there", usage: { inputTokens: 10, outputTokens: 5 } });
      const { textStream, usage } = streamText({ model: model(), prompt: "Hi" });
      let text = "";
      for await (const piece of textStream) text += piece;
      expect(text).toBe("Hello there");
      expect((await usage).outputTokens).toBe(name === "ladder" ? 7 : 5);
    });

    it("lets tools run, whole and streaming", async () => {
      const run = () => ({ model: model(), prompt: "Weather?", tools: { weather }, stopWhen: stepCountIs(3) });
      const script = [{ toolCalls: [{ name: "weather", args: { city: "Oslo" } }] }, "Take an umbrella."];
      serving.says(...script);
      const { text, steps } = await generateText(run());
      expect(text).toBe("Take an umbrella.");
      expect(steps[0]!.toolResults[0]!.output).toBe("Rain in Oslo");
      expect(serving.upstream.requests.at(-1)!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
      serving.says(...script);
      const streamed = streamText(run());
      await streamed.consumeStream();
      expect(await streamed.text).toBe("Take an umbrella.");
    });

    it("generates objects by schema, and by JSON mode", async () => {
      serving.says({ toolCalls: [{ name: "response", args: { name: "Ada", age: 36 } }] });
      expect((await generateObject({ model: model(), schema, prompt: "Who?" })).object).toEqual({
        name: "Ada",
        age: 36,
      });
      const { object, partialObjectStream } = streamObject({ model: model(), schema, prompt: "Who?" });
      for await (const _ of partialObjectStream);
      expect(await object).toEqual({ name: "Ada", age: 36 });
      serving.says('```json\n{"name":"Ada","age":36}\n```');
      const byMode = await generateObject({ model: model(false), schema, prompt: "Who?" });
      expect(byMode.object).toEqual({ name: "Ada", age: 36 });
    });
  });

  it("gets an error as the API call error it knows", async () => {
    serving.says(failWith.rateLimit());
    const sdk = createOpenAICompatible({ name: "multimodel", baseURL: `${serving.url}/v1` });
    const failed = generateText({ model: sdk("plain"), prompt: "Hi", maxRetries: 0 });
    await expect(failed).rejects.toBeInstanceOf(APICallError);
    await expect(failed).rejects.toMatchObject({ statusCode: 429, isRetryable: true });
  });
});
