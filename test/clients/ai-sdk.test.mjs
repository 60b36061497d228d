import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, stepCountIs, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { behaves } from "./behaves.mjs";
import { startServing } from "./serving.mjs";

describe("AI SDK", () => {
  let serving;
  let model;
  beforeAll(async () => {
    serving = await startServing();
    const multimodel = createOpenAICompatible({
      name: "multimodel",
      baseURL: serving.url,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
    model = multimodel("chain");
  });
  afterAll(() => serving.close());

  behaves(() => serving, {
    chat: async () => (await generateText({ model, prompt: "Hi" })).text,
    async stream() {
      let text = "";
      for await (const piece of streamText({ model, prompt: "Hi" }).textStream) text += piece;
      return text;
    },
    async tools({ name, description, shape, run }) {
      const tools = { [name]: tool({ description, inputSchema: shape, execute: async (given) => run(given) }) };
      return (await generateText({ model, prompt: "Weather?", tools, stopWhen: stepCountIs(3) })).text;
    },
    structured: async (shape) => (await generateObject({ model, prompt: "Who?", schema: z.object(shape) })).object,
    abort: (abortSignal) => generateText({ model, prompt: "Hi", abortSignal }),
    fails: () => generateText({ model, prompt: "Hi" }),
  });

  it("reads tokens, and the cost in the body", async () => {
    serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
    const { response, usage } = await generateText({ model, prompt: "Hi" });
    expect(usage.outputTokens).toBe(5);
    expect(response.body.usage.cost).toBeCloseTo(20e-6, 9);
  });
});
