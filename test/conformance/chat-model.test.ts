import { InMemoryCache } from "@langchain/core/caches";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asChatModel, callsOf } from "../../src/index.js";
import { type AnswerReply, failWith } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { type Conformance, pair, table } from "./chat-model-patterns.js";

const { server } = useLoopback({ reply: "a draft" });

const weather = tool(async () => "sunny", {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string() }),
});
const City = z.object({ city: z.string(), days: z.number() });
const call = (city: string, id: string) => ({ name: "weather", args: { city }, id });

/** What the model that answers says; models whose answers are replaced say "a draft" and call no tool. */
const replies = {
  text: { text: "The sun shines in Oslo", chunks: 4 },
  "a tool call": { toolCalls: [call("Oslo", "call_1")] },
  "a tool call with text": { text: "Let me look.", chunks: 3, toolCalls: [call("Oslo", "call_1")] },
  "parallel tool calls": { toolCalls: [call("Oslo", "call_1"), call("Rome", "call_2")] },
  "parallel tool calls with text": {
    ...{ text: "Let me look at both.", chunks: 2 },
    toolCalls: [call("Oslo", "call_1"), call("Rome", "call_2")],
  },
} satisfies Record<string, AnswerReply>;

type Kind = keyof typeof replies;
const kinds = Object.keys(replies) as Kind[];
/** As the model that answers is asked, tools are bound where it is to call some. */
const equipped = (model: BaseChatModel, kind: Kind) => (kind === "text" ? model : model.bindTools!([weather]));

/** What of a message is equal whatever model gave it; ids of calls are random with Gemini. */
function facts(message: AIMessage | AIMessageChunk) {
  const { text, tool_calls = [], invalid_tool_calls = [], content } = message;
  return {
    type: message.type,
    text,
    calls: tool_calls.map(({ name, args, type }) => ({ name, args, type })),
    hasIds: tool_calls.every(({ id }) => typeof id === "string" && id !== ""),
    invalid: invalid_tool_calls.length,
    hasContent: content.length > 0,
  };
}

function gather(chunks: readonly AIMessageChunk[]): AIMessageChunk {
  return chunks.reduce((whole, chunk) => whole.concat(chunk));
}

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Names of what is counted in usage, in details too, where it is more than nothing. */
function counted(usage: object = {}, prefix = ""): string[] {
  return Object.entries(usage)
    .flatMap(([key, value]) =>
      typeof value === "object" ? counted(value as object, `${key}.`) : value ? [prefix + key] : [],
    )
    .sort();
}

describe.each(table)("asChatModel over $pattern beside a plain $client", (row: Conformance) => {
  const models = () => pair(row, server);
  const verbatimBodies = () => server.requests.filter(({ model }) => model === "final").map(({ messages }) => messages);

  it.each(kinds)("invokes to the same message: %s", async (kind) => {
    server.reply("final", replies[kind]);
    const { plain, ours } = models();
    const answer = await equipped(ours, kind).invoke("Weather?");
    expect(AIMessage.isInstance(answer)).toBe(true);
    expect(facts(answer)).toEqual(facts(await equipped(plain, kind).invoke("Weather?")));
  });

  it.each(kinds)("streams chunks that make the same message: %s", async (kind) => {
    server.reply("final", replies[kind]);
    const { plain, ours } = models();
    const chunks = await all(await equipped(ours, kind).stream("Weather?"));
    expect(chunks.every((chunk) => AIMessageChunk.isInstance(chunk))).toBe(true);
    const whole = gather(chunks);
    expect(facts(whole)).toEqual(facts(gather(await all(await equipped(plain, kind).stream("Weather?")))));
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.filter(({ usage_metadata }) => usage_metadata !== undefined)).toHaveLength(1);
  });

  it("reads the history of a tool loop, results as text and as blocks", async () => {
    const step = new AIMessage({
      content: "Let me look.",
      tool_calls: [{ ...call("Oslo", "call_1"), type: "tool_call" }],
    });
    server.reply("final", replies.text);
    const { plain, ours } = models();
    for (const content of ["sunny", [{ type: "text" as const, text: "sunny" }]]) {
      const history = [
        new HumanMessage("Weather?"),
        step,
        new ToolMessage({ content, tool_call_id: "call_1", name: "weather" }),
      ];
      const answers = [
        await equipped(ours, "a tool call").invoke(history),
        await equipped(plain, "a tool call").invoke(history),
      ];
      expect(facts(answers[0]!)).toEqual(facts(answers[1]!));
    }
    if (row.verbatim)
      expect(new Set(verbatimBodies().map((messages) => JSON.stringify(messages))).size).toBe(
        2 - Number(row.client === "ChatOpenAI"),
      );
  });

  it("takes examples as the plain client does", async () => {
    server.reply("final", replies.text);
    const examples: BaseMessage[] = [
      new SystemMessage("Answer with one word"),
      ...["2", "3"].flatMap((number) => [
        new HumanMessage(`${number} and 1?`),
        new AIMessage(String(Number(number) + 1)),
      ]),
      new HumanMessage("5 and 1?"),
    ];
    const { plain, ours } = models();
    expect(facts(await ours.invoke(examples))).toEqual(facts(await plain.invoke(examples)));
    const bodies = verbatimBodies();
    if (row.verbatim) for (const messages of bodies) expect(messages).toEqual(bodies.at(-1));
  });

  it.each(["functionCalling", "jsonSchema", "jsonMode"] as const)("gives structured output by %s", async (method) => {
    const value = { city: "Oslo", days: 2 };
    server.reply("final", ({ tools }) =>
      tools.length > 0 ? { toolCalls: [{ name: tools[0]!, args: value }] } : JSON.stringify(value),
    );
    const { plain, ours } = models();
    const ask = (model: BaseChatModel) => model.withStructuredOutput(City, { method }).invoke("Where? Answer in JSON.");
    if (row.client === "ChatOpenAI" || method !== "jsonMode") expect(await ask(plain)).toEqual(value); // plain Gemini has no such method
    expect(await ask(ours)).toEqual(value);
    const raw = await ours.withStructuredOutput(City, { method, includeRaw: true }).invoke("Where? Answer in JSON.");
    expect(raw.parsed).toEqual(value);
    expect(AIMessage.isInstance(raw.raw)).toBe(true);
  });

  it("counts what the plain client counts: cached, reasoning and audio tokens", async () => {
    const usage = {
      inputTokens: 100,
      outputTokens: 50,
      cachedTokens: 40,
      reasoningTokens: 20,
      audioInputTokens: 10,
      audioOutputTokens: 5,
    };
    server.reply("final", { ...replies.text, usage });
    server.reply("draft", { text: "a draft", usage });
    const { plain, ours } = models();
    const answer = await ours.invoke("Hi");
    const expected = counted((await plain.invoke("Hi")).usage_metadata);
    if (row.client === "ChatGoogleGenerativeAI") expected.push("output_token_details.reasoning"); // it has them in the total alone
    expect(counted(answer.usage_metadata)).toEqual(expected.sort());
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 100 * row.paid[0], total_tokens: 150 * row.paid[0] });
    const streamed = gather(await all(await ours.stream("Hi")));
    expect(streamed.usage_metadata).toEqual(answer.usage_metadata);
  });

  it("stops where it is told, and batches in order", async () => {
    server.reply("final", ({ messages }) => ({ text: `${messages.length > 0 ? "Answered" : ""}`, chunks: 1 }));
    const { plain, ours } = models();
    await ours.invoke("Hi", { stop: ["END"] });
    const asked = server.requests.findLast(({ model }) => model === "final")!.body;
    await plain.invoke("Hi", { stop: ["END"] });
    expect(asked.stop).toEqual(server.requests.at(-1)!.body.stop);
    const texts = async (model: BaseChatModel) => (await model.batch(["One", "Two", "Three"])).map(({ text }) => text);
    expect(await texts(ours)).toEqual(await texts(plain));
  });

  it("ends when it is aborted, and its requests with it", async () => {
    server.reply("final", failWith.hang());
    const stop = new AbortController();
    const ended = models()
      .ours.invoke("Hi", { signal: stop.signal })
      .catch((error: unknown) => error);
    await server.received(row.paid[0]);
    stop.abort(new Error("enough"));
    expect(await ended).toMatchObject({ message: "enough" });
    await server.settled();
    expect(server.requests.filter(({ model }) => model === "final").every(({ aborted }) => aborted)).toBe(true);
  });

  it("answers out of a cache as the plain client does, at no cost", async () => {
    server.reply("final", replies.text);
    const give = (name: string) => providers[row.client](server, name);
    const plain = Object.assign(give("final"), { cache: new InMemoryCache(new Map()) });
    const ours = asChatModel(row.build(give), { cache: new InMemoryCache(new Map()) });
    for (const model of [plain, ours]) await model.invoke("Hi");
    const before = server.requests.length;
    const [expected, hit] = [await plain.invoke("Hi"), await ours.invoke("Hi")];
    expect(server.requests).toHaveLength(before);
    expect(facts(hit)).toEqual(facts(expected));
    expect(hit.usage_metadata).toEqual(expected.usage_metadata);
    expect(hit.response_metadata.orchestration).toMatchObject({ costUsd: 0, cached: true });
    expect(callsOf(hit)).toEqual([]);
    await ours.bindTools([weather]).invoke("Hi");
    expect(server.requests.length).toBeGreaterThan(before);
  });
});
