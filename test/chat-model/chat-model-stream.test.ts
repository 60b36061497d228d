import type { AIMessageChunk } from "@langchain/core/messages";
import { MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  AnswerDiscardedError,
  asChatModel,
  callsOf,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  judgeWith,
  ModelCallError,
  majorityVote,
  synthesizeWith,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();
const clients = Object.keys(providers) as Provider[];

async function textOf(stream: AsyncIterable<AIMessageChunk>): Promise<string[]> {
  const texts: string[] = [];
  for await (const chunk of stream) if (chunk.text !== "") texts.push(chunk.text);
  return texts;
}

describe.each(clients)("stream of a pattern as a chat model, over %s", (client) => {
  const model = (name: string) => providers[client](server, name);

  it("gives tokens as they come, while the answer is still being made", async () => {
    server.reply("a", failWith.hang({ text: "one two six", chunks: 3, afterChunks: 1 }));
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
    for await (const chunk of await chat.stream("Hi")) {
      expect("one two".startsWith(chunk.text)).toBe(true);
      expect(server.requests[0]!.endedAt).toBeUndefined();
      break;
    }
    await server.settled(); // and who goes away then need not wait for the next one
    expect(server.requests).toMatchObject([{ aborted: true }]);
  });

  it("gives the whole answer where it had to be judged first", async () => {
    server.reply("a", "A draft");
    server.reply("b", "A better one");
    server.reply("judge", "Score: 3", "Score: 9");
    const chat = asChatModel(
      createCascade({
        models: { a: model("a"), b: model("b") },
        verify: judgeWith(model("judge")),
        judgeLast: true,
      }),
    );
    expect(await textOf(await chat.stream("Hi"))).toEqual(["A better one"]);
  });

  it("shows nothing of the answers a synthesis is made from", async () => {
    server.reply("s", { text: "The one answer", chunks: 2 });
    const models = { a: model("a"), b: model("b") };
    const texts = await textOf(
      await asChatModel(createEnsemble({ models, aggregate: synthesizeWith(model("s")) })).stream("Hi"),
    );
    expect(texts).toHaveLength(2);
    expect(texts.join("")).toBe("The one answer");
  });

  it("takes another model unseen where the first fails before its first token", async () => {
    server.reply("a", failWith.server());
    server.reply("b", "From b");
    const chat = asChatModel(createFallback({ models: { a: { model: model("a"), retry: false }, b: model("b") } }));
    const texts = await textOf(await chat.stream("Hi"));
    expect(texts.join("")).toBe("From b");
  });

  it("ends in AnswerDiscardedError where the first fails after it, and pays nobody else", async () => {
    server.reply("a", failWith.cut({ text: "Half an answer", afterChunks: 2, chunks: 4, chunkDelayMs: 5 }));
    const chat = asChatModel(createFallback({ models: { a: { model: model("a"), retry: false }, b: model("b") } }));
    const texts: string[] = [];
    const failed = (async () => {
      for await (const chunk of await chat.stream("Hi")) texts.push(chunk.text);
    })();
    const error = await failed.catch((thrown: unknown) => thrown);
    expect(AnswerDiscardedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ path: "a", reason: "network" });
    expect("Half an answer".startsWith(texts.join(""))).toBe(true);
    expect(texts.join("")).not.toBe("");
    expect(callsOf(error)).toMatchObject([{ path: "a", estimated: true }]);
    await server.settled();
    expect(server.requests.filter(({ aborted, model }) => model === "b" && !aborted)).toEqual([]);
    expect((await chat.invoke("Hi")).text).not.toBe(""); // unseen, another one answers
  });

  it("aborts upstream when the reader goes away", async () => {
    server.reply("a", { text: "a very long answer to nobody", chunks: 14, chunkDelayMs: 40 });
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
    for await (const chunk of await chat.stream("Hi")) if (chunk.text !== "") break;
    await server.settled();
    expect(server.requests).toMatchObject([{ aborted: true }]);
  });

  it.each(["invoke", "stream"] as const)(
    "aborts upstream when %s is aborted, with the caller's reason",
    async (how) => {
      server.reply("a", failWith.hang({ afterChunks: 1, text: "a b c", chunks: 3 }));
      const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
      const stop = new AbortController();
      const reason = new Error("The user left");
      const options = { signal: stop.signal };
      const run = how === "invoke" ? chat.invoke("Hi", options) : chat.stream("Hi", options).then(textOf);
      const ended = run.catch((error: unknown) => error);
      await server.received(1);
      stop.abort(reason);
      expect(await ended).toBe(reason);
      await server.settled();
      expect(server.requests).toMatchObject([{ aborted: true }]);
      expect(callsOf(await ended)).toMatchObject([{ path: "a", status: "cancelled" }]);
    },
  );

  it.each(["invoke", "stream"] as const)("stops after a timeout given to %s", async (how) => {
    server.reply("a", failWith.hang());
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
    const options = { timeout: 500 };
    const run = how === "invoke" ? chat.invoke("Hi", options) : chat.stream("Hi", options).then(textOf);
    await expect(run).rejects.toMatchObject({ name: "TimeoutError" });
    await server.settled();
    expect(server.requests).toMatchObject([{ aborted: true }]);
  });

  it.each(["invoke", "stream"] as const)("keeps the class and the ledger of what %s ends in", async (how) => {
    server.reply("a", failWith.badRequest());
    const chat = asChatModel(createFallback({ models: { a: model("a"), b: model("b") } }));
    const run = how === "invoke" ? chat.invoke("Hi") : chat.stream("Hi").then(textOf);
    const error = await run.catch((thrown: unknown) => thrown);
    expect(ModelCallError.isInstance(error)).toBe(true);
    expect(callsOf(error)).toMatchObject([{ path: "a", status: "error" }]);
    expect(server.requests).toHaveLength(1);
  });
});

describe("stream of another graph as a chat model", () => {
  it("comes whole: a token may belong to any of its steps", async () => {
    server.reply("a", "A thought");
    server.reply("b", "The answer");
    const node = (name: string) => async (state: typeof MessagesAnnotation.State) => ({
      messages: [await providers.ChatOpenAI(server, name).invoke(state.messages)],
    });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("think", node("a"))
      .addNode("answer", node("b"))
      .addEdge(START, "think")
      .addEdge("think", "answer");
    const chat = asChatModel(graph, { name: "two steps" });
    expect(await textOf(await chat.stream("Hi"))).toEqual(["The answer"]);
    const { usage_metadata, response_metadata } = await chat.invoke("Hi");
    expect(usage_metadata!.total_tokens).toBeGreaterThan(usage_metadata!.output_tokens);
    expect(response_metadata.orchestration).toMatchObject({ modelUsed: "two steps" });
    expect(server.requests).toHaveLength(4);
  });

  it("shows a vote of streamed lanes once, also with a checkpointer", async () => {
    server.reply("a", "Yes.");
    server.reply("b", "yes");
    const models = { a: providers.ChatOpenAI(server, "a"), b: providers.ChatGoogleGenerativeAI(server, "b") };
    const graph = createEnsemble({ models, aggregate: majorityVote() }).compile({ checkpointer: new MemorySaver() });
    const chat = asChatModel(graph);
    const texts = await textOf(await chat.stream("Hi", { configurable: { thread_id: "1" } }));
    expect(texts).toEqual(["Yes."]);
  });
});
