import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AnswerReply } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";
import { type Conformance, pair, table } from "./chat-model-patterns.js";

const { server } = useLoopback({ reply: "a draft" });

const weather = tool(async ({ city }) => `sunny in ${city}`, {
  name: "weather",
  description: "The weather in a city",
  schema: z.object({ city: z.string() }),
});
const toolCalls = ["Oslo", "Rome"].map((city, index) => ({ name: "weather", args: { city }, id: `call_${index}` }));
const replies = {
  text: { text: "The sun shines in Oslo", chunks: 4 },
  "tool calls": { toolCalls },
  "text and a tool call": { text: "Let me look.", chunks: 3, toolCalls: toolCalls.slice(0, 1) },
  "text and tool calls": { text: "Let me look.", chunks: 2, toolCalls },
} satisfies Record<string, AnswerReply>;
type Kind = keyof typeof replies;
const kinds = Object.keys(replies) as Kind[];

/** The course of a message: which block begins, grows and ends in which order, however finely it is cut. */
function course(events: readonly ChatModelStreamEvent[]): string[] {
  const steps = events.flatMap((event) => {
    if (event.event === "usage" || event.event === "provider") return [];
    if (event.event === "content-block-delta") return [`grow ${event.index}`];
    return "index" in event ? [`${event.event} ${event.index} ${event.content.type}`] : [event.event];
  });
  return steps.filter((step, index) => step !== steps[index - 1]);
}

/** What of a message in standard form is equal whatever model gave it; ids of calls are random with Gemini. */
function facts({ content, tool_calls = [], text, response_metadata, type }: AIMessage) {
  const blocks = (content as unknown as Record<string, unknown>[]).map(({ id: _random, ...block }) => block);
  const { finish_reason, output_version } = response_metadata;
  const isStep = tool_calls.length > 0; // which Gemini ends with "stop"
  return {
    type,
    text,
    blocks,
    ...(!isStep && { finish_reason }),
    output_version,
    calls: tool_calls.map(({ name, args }) => [name, args]),
  };
}

interface TokenEvent {
  readonly event: string;
  readonly run_id: string;
  readonly name: string;
  readonly data: { readonly chunk?: AIMessageChunk; readonly output?: AIMessage };
}

interface EventStream extends AsyncIterable<ChatModelStreamEvent>, PromiseLike<AIMessage> {
  readonly text: PromiseLike<string>;
  readonly toolCalls: PromiseLike<readonly { readonly name: string; readonly args: unknown }[]>;
}

async function streamed(model: BaseChatModel) {
  const stream = model.streamEvents("Weather?", { version: "v3" } as never) as unknown as EventStream;
  return { events: await all(stream), message: await stream, text: await stream.text, calls: await stream.toolCalls };
}

describe.each(table)("the events of asChatModel over $pattern beside a plain $client", (row: Conformance) => {
  it.each(kinds)("v3 has the blocks of the plain client, and the same message: %s", async (kind) => {
    server.reply("final", replies[kind]);
    const { plain, ours } = pair(row, server);
    const given = await streamed(ours.bindTools([weather]) as unknown as BaseChatModel);
    const { message } = given;
    const reply: AnswerReply = replies[kind];
    expect(given.calls.map(({ name, args }) => [name, args])).toEqual(
      (reply.toolCalls ?? []).map(({ name, args }) => [name, args]),
    );
    expect(server.requests.findLast(({ model }) => model === "final")!.tools).toEqual(["weather"]);
    expect(given.text).toBe(reply.text ?? "");
    expect(facts(message)).toMatchObject({
      text: given.text,
      calls: given.calls.map(({ name, args }) => [name, args]),
    });
    expect(message.usage_metadata!.total_tokens).toBeGreaterThan(0);
    expect(message.response_metadata.orchestration).toMatchObject({ modelUsed: expect.any(String) });
    if (row.client === "ChatGoogleGenerativeAI" && (reply.toolCalls?.length ?? 0) > 1) return; // the plain one loses all but the last
    const expected = await streamed(plain);
    expect(course(given.events)).toEqual(course(expected.events));
    expect(facts(message)).toEqual(facts(expected.message));
  });

  it("v3 of an agent goes through its tools to the answer", async () => {
    const answer = ({ messages }: { messages: readonly { role: string }[] }) =>
      messages.some(({ role }) => role === "tool") ? replies.text : replies["text and a tool call"];
    server.reply("final", answer);
    const { plain, ours } = pair(row, server);
    const conversation = async (model: BaseChatModel) => {
      const run = await createAgent({ model, tools: [weather], name: "boss" }).streamEvents(
        { messages: "Weather?" },
        { version: "v3" },
      );
      const [subagents, shown, { messages }] = await Promise.all([
        names(run.subagents),
        texts(run.messages as AsyncIterable<{ text: PromiseLike<string> }>),
        run.output,
      ]);
      return { subagents, shown, messages: messages.map((message) => [message.type, message.text]) };
    };
    expect(await conversation(ours)).toEqual(await conversation(plain));
  });

  it("v2 and v1 give each token of the answer once, and no draft; starts and ends of what is inside stay", async () => {
    server.reply("final", replies.text);
    const { plain, ours } = pair(row, server);
    for (const version of ["v1", "v2"] as const) {
      const events = (await all(ours.streamEvents("Hi", { version }))) as unknown as TokenEvent[];
      const tokens = events.filter(({ event }) => /on_(chat_model|llm)_stream/.test(event));
      const expected = ((await all(plain.streamEvents("Hi", { version }))) as unknown as TokenEvent[]).filter(
        ({ event }) => /on_(chat_model|llm)_stream/.test(event),
      );
      expect(joined(tokens)).toBe(joined(expected));
      expect(new Set(tokens.map(({ run_id }) => run_id)).size).toBe(1);
      expect(tokens.every(({ event }) => event === expected[0]!.event)).toBe(true);
      const starts = events.filter(({ event }) => /on_(chat_model|llm)_start/.test(event));
      expect(starts).toHaveLength(1 + row.paid[0]);
      expect(events.filter(({ event }) => /on_(chat_model|llm)_end/.test(event))).toHaveLength(1 + row.paid[0]);
    }
  });

  it("v2 of a chain and of an agent around it does so, too", async () => {
    server.reply("final", replies.text);
    const { ours } = pair(row, server);
    const chain = RunnableLambda.from((text: string) => text).pipe(ours);
    const agent = createAgent({ model: ours, tools: [] });
    for (const events of [
      chain.streamEvents("Hi", { version: "v2" }),
      agent.streamEvents({ messages: "Hi" }, { version: "v2" }),
    ]) {
      const tokens = ((await all(events)) as unknown as TokenEvent[]).filter(
        ({ event }) => event === "on_chat_model_stream",
      );
      expect(joined(tokens)).toBe("The sun shines in Oslo");
    }
  });

  it("tells a handler of tokens, and a log, of the answer alone", async () => {
    server.reply("final", replies.text);
    const { ours } = pair(row, server);
    const heard: string[] = [];
    const handler = BaseCallbackHandler.fromMethods({ handleLLMNewToken: (token) => void heard.push(token) });
    await all(await ours.stream("Hi", { callbacks: [handler] }));
    expect(heard.join("")).toBe("The sun shines in Oslo");
    const logged: string[] = [];
    for await (const { ops } of ours.streamLog("Hi")) {
      for (const { op, path, value } of ops as { op: string; path: string; value?: { text?: string } }[]) {
        if (op === "add" && /streamed_output\/-$/.test(path)) logged.push(value?.text ?? "");
      }
    }
    expect(logged.join("")).toBe("The sun shines in Oslo");
  });
});

async function all<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function names(runs: AsyncIterable<{ name: string }>): Promise<string[]> {
  return (await all(runs)).map(({ name }) => name);
}

async function texts(messages: AsyncIterable<{ text: PromiseLike<string> }>): Promise<string[]> {
  return Promise.all((await all(messages)).map(({ text }) => text));
}

function joined(events: readonly TokenEvent[]): string {
  return events.map(({ data: { chunk } }) => chunk?.text ?? "").join("");
}
