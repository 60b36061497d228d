import { ChatOpenAI } from "@langchain/openai";
import { createAgent, providerStrategy, tool } from "langchain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { behaves } from "./behaves.mjs";
import { startServing } from "./serving.mjs";

describe("ChatOpenAI in createAgent", () => {
  let serving;
  let model;
  beforeAll(async () => {
    serving = await startServing();
    model = new ChatOpenAI({ model: "chain", apiKey: "none", configuration: { baseURL: serving.url } });
  });
  afterAll(() => serving.close());
  const ask = (messages, more = {}, config = {}) =>
    createAgent({ model, tools: [], ...more }).invoke({ messages }, config);

  behaves(() => serving, {
    chat: async () => (await ask("Hi")).messages.at(-1).text,
    async stream() {
      let text = "";
      const agent = createAgent({ model, tools: [] });
      for await (const [chunk] of await agent.stream({ messages: "Hi" }, { streamMode: "messages" }))
        text += chunk.text;
      return text;
    },
    async tools({ name, description, shape, run }) {
      const tools = [tool(async (given) => run(given), { name, description, schema: shape })];
      return (await ask("Weather?", { tools })).messages.at(-1).text;
    },
    structured: async (shape) =>
      (await ask("Who?", { responseFormat: providerStrategy(z.object(shape)) })).structuredResponse,
    abort: (signal) => ask("Hi", {}, { signal }),
    fails: () => ask("Hi"),
  });

  it("reads tokens, and the cost beside them", async () => {
    serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
    const { usage_metadata, response_metadata } = await model.invoke("Hi");
    expect(usage_metadata).toMatchObject({ input_tokens: 10, output_tokens: 5 });
    expect(response_metadata.usage.cost).toBeCloseTo(20e-6, 9);
  });
});
