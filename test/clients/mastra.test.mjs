import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { afterAll, beforeAll, describe } from "vitest";
import { z } from "zod";
import { behaves } from "./behaves.mjs";
import { startServing } from "./serving.mjs";

describe("Mastra", () => {
  let serving;
  let agent;
  beforeAll(async () => {
    serving = await startServing();
    const model = { id: "multimodel/chain", url: serving.url, apiKey: "none" };
    agent = (tools = {}) => new Agent({ id: "assistant", name: "assistant", instructions: "Be brief.", model, tools });
  });
  afterAll(() => serving.close());

  behaves(() => serving, {
    chat: async () => (await agent().generate("Hi")).text,
    async stream() {
      let text = "";
      for await (const piece of (await agent().stream("Hi")).textStream) text += piece;
      return text;
    },
    async tools({ name, description, shape, run }) {
      const weather = createTool({ id: name, description, inputSchema: shape, execute: async (given) => run(given) });
      return (await agent({ [name]: weather }).generate("Weather?", { maxSteps: 3 })).text;
    },
    structured: async (shape) =>
      (await agent().generate("Who?", { structuredOutput: { schema: z.object(shape) } })).object,
    async abort(abortSignal) {
      await agent().generate("Hi", { abortSignal }); // it ends without an error
      abortSignal.throwIfAborted();
    },
    fails: () => agent().generate("Hi"),
  });
});
