import { ai, ax, f } from "@ax-llm/ax";
import { afterAll, beforeAll, describe } from "vitest";
import { behaves } from "./behaves.mjs";
import { startServing } from "./serving.mjs";

describe("ax", () => {
  let serving;
  let llm;
  beforeAll(async () => {
    serving = await startServing();
    llm = ai({ name: "openai", apiKey: "none", apiURL: serving.url, config: { model: "chain", stream: false } });
  });
  afterAll(() => serving.close());
  const chatPrompt = [{ role: "user", content: "Hi" }];

  behaves(() => serving, {
    chat: async () => (await llm.chat({ chatPrompt })).results[0].content,
    async stream() {
      let text = "";
      const stream = await llm.chat({ chatPrompt, modelConfig: { stream: true } }, { stream: true });
      for await (const { results } of stream) text += results[0]?.content ?? "";
      return text;
    },
    async tools({ name, description, parameters, run }) {
      const functions = [{ name, description, parameters, func: async (given) => run(given) }];
      const gen = ax("question:string -> reply:string");
      return (await gen.forward(llm, { question: "Weather?" }, { functions, stream: false })).reply;
    },
    answer: '{"person":{"name":"Ada","age":36}}',
    async structured() {
      const shape = { name: f.string(), age: f.number() };
      const gen = ax(f().input("question", f.string()).output("person", f.object(shape)).build());
      return (await gen.forward(llm, { question: "Who?" }, { stream: false, structuredOutputMode: "native" })).person;
    },
    abort: (abortSignal) => llm.chat({ chatPrompt }, { abortSignal }),
    fails: () => llm.chat({ chatPrompt }),
  });
});
