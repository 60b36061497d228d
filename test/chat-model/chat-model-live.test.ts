import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import {
  type AttemptDiscarded,
  asChatModel,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  majorityVote,
  type RunContext,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { kept, readLive } from "../support/live-stream.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();
const good = check(({ answer }) => answer.text.startsWith("good"));

/** Texts by message id, in order, and what callbacks heard of discarded messages. */
async function read(stream: (options: object) => Promise<AsyncIterable<AIMessageChunk>>) {
  const texts = new Map<string, string>();
  const order: string[] = [];
  const discarded: AttemptDiscarded[] = [];
  let ended: unknown;
  const handler = {
    handleCustomEvent: (_name: string, event: AttemptDiscarded) => void discarded.push(event),
    handleLLMEnd: ({ generations }: { generations: { text: string }[][] }, _run: string, parent?: string) => {
      if (parent === undefined) ended = generations[0]![0]!.text;
    },
  };
  let last: AIMessageChunk | undefined;
  for await (const chunk of await stream({ callbacks: [handler] })) {
    last = chunk;
    if (chunk.text === "") continue;
    if (order.at(-1) !== chunk.id) order.push(chunk.id!);
    texts.set(chunk.id!, (texts.get(chunk.id!) ?? "") + chunk.text);
  }
  return { texts, order, discarded, last: last!, ended };
}

describe.each(Object.keys(providers) as Provider[])('asChatModel with stream: "live", over %s', (client) => {
  const model = (name: string) => providers[client](server, name);
  const cascade = () => createCascade({ models: { a: model("a"), b: model("b") }, verify: good });

  it("streams a draft under an id of its own, and tells callbacks when it is dropped", async () => {
    server.reply("a", { text: "bad draft", chunks: 2 });
    server.reply("b", { text: "good answer", chunks: 2 });
    const chat = asChatModel(cascade(), { stream: "live" });
    const { texts, order, discarded, last, ended } = await read((options) => chat.stream("Hi", options));
    expect([...texts.values()]).toEqual(["bad draft", "good answer"]);
    expect(order).toEqual([...texts.keys()]);
    expect(discarded).toMatchObject([{ type: "attempt_discarded", path: "a", messageId: order[0] }]);
    expect(last.id).toBe(order[1]);
    expect(last.response_metadata.orchestration).toMatchObject({ modelUsed: "b" });
    expect(last.usage_metadata!.total_tokens).toBeGreaterThan(0);
    expect(ended).toBe("good answer"); // what a trace keeps
  });

  it("shows a draft while it is written, and none of it twice once it is accepted", async () => {
    server.reply("a", { text: "good draft", chunks: 3 });
    const chat = asChatModel(cascade(), { stream: "live" });
    const { texts, discarded } = await read((options) => chat.stream("Hi", options));
    expect([...texts.values()]).toEqual(["good draft"]);
    expect(discarded).toEqual([]);
    server.reply("a", failWith.hang({ text: "good draft", chunks: 3, afterChunks: 1 }));
    for await (const chunk of await chat.stream("Hi")) if (chunk.text !== "") break;
    await server.settled();
    expect(server.requests.at(-1)).toMatchObject({ aborted: true }); // the first words came before the last
  });

  it("goes on to the next model where a stream breaks off, and ends in no error", async () => {
    server.reply("a", failWith.cut({ text: "Half an answer", afterChunks: 2, chunks: 4, chunkDelayMs: 5 }));
    server.reply("b", { text: "A whole answer", chunks: 2 });
    const graph = createFallback({ models: { a: { model: model("a"), retry: false }, b: model("b") } });
    const seen = await read((options) => asChatModel(graph, { stream: "live" }).stream("Hi", options));
    expect(kept(seen).map(([, text]) => text)).toEqual(["A whole answer"]);
    expect(seen.discarded).toMatchObject([{ path: "a", reason: "network" }]);
  });

  it("shows one lane of a vote at a time, and the winner in the end", async () => {
    server.reply("a", { text: "No.", chunks: 2, chunkDelayMs: 5 });
    server.reply("b", { text: "Yes.", chunks: 2, chunkDelayMs: 5 });
    server.reply("c", { text: "yes", chunks: 2, chunkDelayMs: 5 });
    const models = { a: model("a"), b: model("b"), c: model("c") };
    const chat = asChatModel(createEnsemble({ models, aggregate: majorityVote(), stopEarly: false }), {
      stream: "live",
    });
    const seen = await read((options) => chat.stream("Hi", options));
    expect(seen.order).toEqual([...seen.texts.keys()]); // no text comes between two parts of another
    expect(kept(seen)).toEqual([[seen.last.id, "Yes."]]);
  });

  it("reaches readers of an agent's stream, who drop a draft by its id", async () => {
    server.reply("a", { text: "bad draft", chunks: 2 });
    server.reply("b", { text: "good answer", chunks: 2 });
    const agent = createAgent({ model: asChatModel(cascade(), { stream: "live" }), tools: [] });
    const seen = await readLive(agent as never, { context: undefined });
    expect([...seen.texts.values()]).toEqual(["bad draft", "good answer"]);
    expect(kept(seen)).toEqual([[seen.answer!.id, "good answer"]]);
  });

  it("is a wish of the run around for its own stream, and not for code that reads `stream`", async () => {
    const script = () => {
      server.reply("a", { text: "bad draft", chunks: 2 });
      server.reply("b", { text: "good answer", chunks: 2 });
    };
    script();
    const agent = createAgent({ model: asChatModel(cascade()), tools: [] });
    expect([...(await readLive(agent as never)).texts.values()]).toEqual(["bad draft", "good answer"]);
    script();
    const { texts } = await read((options) =>
      asChatModel(cascade()).stream("Hi", { ...options, context: { stream: "live" } as RunContext }),
    );
    expect([...texts.values()]).toEqual(["good answer"]);
    script();
    const whole = createAgent({ model: asChatModel(cascade(), { stream: "whole" }), tools: [] });
    expect([...(await readLive(whole as never)).texts.values()]).toEqual(["good answer"]);
  });

  it("is in LangChain's stream of events", async () => {
    server.reply("a", { text: "bad draft", chunks: 2 });
    server.reply("b", { text: "good answer", chunks: 2 });
    const events: string[] = [];
    const chat = asChatModel(cascade(), { stream: "live" });
    for await (const { event, data } of chat.streamEvents("Hi", { version: "v2" })) {
      if (event === "on_chat_model_stream" && data.chunk.text) events.push(data.chunk.text);
      if (event === "on_custom_event")
        events.push(`${(data as never as AttemptDiscarded).type}: ${(data as never as AttemptDiscarded).path}`);
    }
    const dropped = events.indexOf("attempt_discarded: a");
    expect(events.slice(0, dropped).join("")).toBe("bad draft");
    expect(events.slice(dropped + 1).join("")).toBe("good answer");
  });

  it("shows no draft where LangChain's event protocol could not take it back", async () => {
    server.reply("a", { text: "bad draft", chunks: 2 });
    server.reply("b", { text: "good answer", chunks: 2 });
    const chat = asChatModel(cascade(), { stream: "live" });
    const message = (await (chat.streamEvents("Hi", { version: "v3" } as never) as unknown)) as AIMessage;
    expect(message.text).toBe("good answer");
  });
});
