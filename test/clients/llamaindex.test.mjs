import { OpenAI } from "@llamaindex/openai";
import { tool } from "llamaindex";
import { afterAll, beforeAll, describe } from "vitest";
import { z } from "zod";
import { behaves } from "./behaves.mjs";
import { asks, startServing } from "./serving.mjs";

describe("llamaindex", () => {
  let serving;
  let llm;
  beforeAll(async () => {
    serving = await startServing();
    llm = new OpenAI({ model: "chain", apiKey: "none", baseURL: serving.url });
  });
  afterAll(() => serving.close());

  behaves(() => serving, {
    chat: async () => (await llm.chat({ messages: asks("Hi") })).message.content,
    async stream() {
      let text = "";
      for await (const { delta } of await llm.chat({ messages: asks("Hi"), stream: true })) text += delta;
      return text;
    },
    async tools({ name, description, shape, run }) {
      const tools = [tool({ name, description, parameters: shape, execute: run })];
      const messages = asks("Weather?");
      messages.push(...(await llm.exec({ messages, tools })).newMessages);
      return (await llm.exec({ messages, tools })).newMessages.at(-1).content;
    },
    async structured(shape) {
      const { message } = await llm.chat({ messages: asks("Who?"), responseFormat: z.object(shape) });
      return JSON.parse(message.content);
    },
    fails: () => llm.chat({ messages: asks("Hi") }),
  });
});
