import { Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, run, setTracingDisabled, tool } from "@openai/agents";
import OpenAI from "openai";
import { afterAll, beforeAll, describe } from "vitest";
import { z } from "zod";
import { behaves } from "./behaves.mjs";
import { startServing } from "./serving.mjs";

setTracingDisabled(true);

describe.each([
  ["chat completions", OpenAIChatCompletionsModel],
  ["the Responses API", OpenAIResponsesModel],
])("OpenAI Agents over %s", (_, Model) => {
  let serving;
  let agent;
  beforeAll(async () => {
    serving = await startServing();
    const model = new Model(new OpenAI({ baseURL: serving.url, apiKey: "none" }), "chain");
    agent = (more = {}) => new Agent({ name: "assistant", instructions: "Be brief.", model, ...more });
  });
  afterAll(() => serving.close());

  behaves(() => serving, {
    chat: async () => (await run(agent(), "Hi")).finalOutput,
    async stream() {
      const streamed = await run(agent(), "Hi", { stream: true });
      let text = "";
      for await (const piece of streamed.toTextStream()) text += piece;
      return text;
    },
    async tools({ name, description, shape, run: execute }) {
      const tools = [tool({ name, description, parameters: shape, execute: async (given) => execute(given) })];
      return (await run(agent({ tools }), "Weather?")).finalOutput;
    },
    structured: async (shape) => (await run(agent({ outputType: z.object(shape) }), "Who?")).finalOutput,
    abort: (signal) => run(agent(), "Hi", { signal }),
    fails: () => run(agent(), "Hi"),
  });
});
