import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createFallback } from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { type Serving, served, startServing } from "./serving.js";

const Person = z.object({ name: z.string(), age: z.number() });
const weather = tool(({ city }) => `Rain in ${city}`, { name: "weather", schema: z.object({ city: z.string() }) });

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("LangChain's ChatOpenAI over %s", (provider) => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing(provider);
  });
  afterAll(() => serving.close());

  describe.each(served)("model %s", (name) => {
    const chat = () =>
      new ChatOpenAI({ model: name, apiKey: "none", maxRetries: 0, configuration: { baseURL: `${serving.url}/v1` } });

    it("invokes and streams", async () => {
      serving.says({ text: "Hello there", usage: { inputTokens: 10, outputTokens: 5 } });
      const answer = await chat().invoke("Hi");
      expect(answer.text).toBe("Hello there");
      expect(answer.usage_metadata!.output_tokens).toBe(name === "ladder" ? 7 : 5);
      let text = "";
      for await (const chunk of await chat().stream("Hi")) text += chunk.text;
      expect(text).toBe("Hello there");
    });

    it("binds tools", async () => {
      serving.says({ toolCalls: [{ name: "weather", args: { city: "Oslo" } }] }, "Take an umbrella.");
      const agent = createAgent({ model: chat(), tools: [weather] });
      const { messages } = await agent.invoke({ messages: [new HumanMessage("Weather?")] });
      expect(messages.map(({ type, text }) => `${type}: ${text}`)).toEqual([
        "human: Weather?",
        "ai: ",
        "tool: Rain in Oslo",
        "ai: Take an umbrella.",
      ]);
    });

    it.each(["jsonSchema", "functionCalling"] as const)("gives structured output by %s", async (method) => {
      serving.says({ toolCalls: [{ name: "person", args: { name: "Ada", age: 36 } }] });
      const structured = chat().withStructuredOutput(Person, { name: "person", method });
      expect(await structured.invoke("Who?")).toEqual({ name: "Ada", age: 36 });
    });
  });

  it("is a model of a pattern here, whose failure moves the run on", async () => {
    serving.says(failWith.server());
    const far = new ChatOpenAI({ model: "plain", apiKey: "none", configuration: { baseURL: `${serving.url}/v1` } });
    serving.upstream.reply("spare-1", "The spare answers.");
    const spare = new ChatOpenAI({
      model: "spare-1",
      apiKey: "none",
      configuration: { baseURL: serving.upstream.openaiUrl },
    });
    const graph = createFallback({ models: { far: { model: far, retry: false }, spare } }).compile();
    const { modelUsed, messages } = await graph.invoke({ messages: "Hi" });
    expect([modelUsed, messages.at(-1)!.text]).toEqual(["spare", "The spare answers."]);
  });
});
