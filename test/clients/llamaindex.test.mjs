import { OpenAI } from "@llamaindex/openai";
import { OpenAIAgent, tool } from "llamaindex";
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
    fails: () => llm.chat({ messages: asks("Hi") }),
  });
});
