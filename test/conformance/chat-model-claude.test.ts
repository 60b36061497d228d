import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { asChatModel, check, createCascade, createFallback } from "../../src/index.js";
import { type ClaudeReply, startClaude } from "./claude-server.js";

const weather = tool(async ({ city }) => `sunny in ${city}`, {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string() }),
});

const reply: ClaudeReply = (hasResults) =>
  hasResults
    ? [{ type: "text", text: "Sunny in both." }]
    : [
        { type: "thinking", thinking: "I should look.", signature: "seal" },
        { type: "text", text: "Let me look." },
        { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } },
        { type: "tool_use", id: "toolu_2", name: "weather", input: { city: "Rome" } },
      ];

let claude: Awaited<ReturnType<typeof startClaude>>;
beforeEach(async () => {
  claude = await startClaude(reply);
});
afterEach(() => claude.close());

const patterns: Record<string, () => BaseChatModel> = {
  "streamed, over createFallback": () => asChatModel(createFallback({ models: { a: claude.client() } })),
  "whole, over createCascade": () =>
    asChatModel(createCascade({ models: { a: claude.client() }, verify: check(() => true) })),
};

describe.each(Object.keys(patterns))("answers shaped as Claude's, %s", (which) => {
  it("have the blocks of the plain client in their events, and no field beside", async () => {
    const message = async (model: BaseChatModel) =>
      (await (model.streamEvents("Weather?", { version: "v3" } as never) as unknown)) as AIMessage;
    const [expected, given] = [await message(claude.client()), await message(patterns[which]!())];
    expect(given.content).toEqual(expected.content);
    expect(given.tool_calls).toEqual(expected.tool_calls);
    expect(given.response_metadata.finish_reason).toBe(expected.response_metadata.finish_reason);
    expect(given.usage_metadata).toMatchObject({
      input_tokens: 13,
      output_tokens: 5,
      input_token_details: { cache_read: 3 },
    });
  });

  it("take an agent through its tools, in events and without", async () => {
    const agent = (model: BaseChatModel) => createAgent({ model, tools: [weather] });
    const told = (messages: readonly { type: string; text: string }[]) =>
      messages.map(({ type, text }) => [type, text]);
    const expected = told((await agent(claude.client()).invoke({ messages: "Weather?" })).messages);
    expect(told((await agent(patterns[which]!()).invoke({ messages: "Weather?" })).messages)).toEqual(expected);
    const run = await agent(patterns[which]!()).streamEvents({ messages: "Weather?" }, { version: "v3" });
    expect(told((await run.output).messages)).toEqual(expected);
  });
});
