import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { behaves } from "./behaves.mjs";
import { asks, startServing } from "./serving.mjs";

describe("openai", () => {
  let serving;
  let client;
  beforeAll(async () => {
    serving = await startServing();
    client = new OpenAI({ baseURL: serving.url, apiKey: "none" });
  });
  afterAll(() => serving.close());
  const create = (more = {}, options = {}) =>
    client.chat.completions.create({ model: "chain", messages: asks("Hi"), ...more }, options);

  behaves(() => serving, {
    chat: async () => (await create()).choices[0].message.content,
    async stream() {
      let text = "";
      for await (const { choices } of await create({ stream: true })) text += choices[0]?.delta.content ?? "";
      return text;
    },
    async tools({ name, description, parameters, run }) {
      const tool = { type: "function", function: { name, description, parameters, function: run, parse: JSON.parse } };
      const runner = client.chat.completions.runTools({ model: "chain", messages: asks("Weather?"), tools: [tool] });
      return runner.finalContent();
    },
    async structured(shape) {
      const response_format = zodResponseFormat(z.object(shape), "person");
      const reply = await client.chat.completions.parse({ model: "chain", messages: asks("Who?"), response_format });
      return reply.choices[0].message.parsed;
    },
    abort: (signal) => create({}, { signal }),
    fails: () => create(),
  });

  it("reads the cost, and a refusal", async () => {
    serving.says({ text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } });
    const reply = await create();
    expect(reply.usage.cost).toBeCloseTo(20e-6, 9);
    serving.says({ refusal: "I will not say." });
    const refused = await create();
    expect(refused.choices[0]).toMatchObject({ finish_reason: "stop", message: { refusal: "I will not say." } });
  });
});
