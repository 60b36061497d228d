import { AIMessage } from "@langchain/core/messages";
import { Command, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createMapReduce, createRouter, type Model, type PatternGraph, type ReduceAnswers } from "../../src/index.js";
import type { ReplySource } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

const joined: ReduceAnswers = ({ outputs }) => outputs.map(({ message }) => message.text).join(" ");
type AnyPattern = Pick<PatternGraph, "compile">;
const thread = { configurable: { thread_id: "1" } };
/** What the provider was asked, in the order of the plan. */
const asked = () => server.requests.map(({ messages }) => messages.at(-1)!.text).sort();

/** A worker that asks the model, but of items that hold "person" a person first. */
function asking(model: Model): Model {
  const answers = model as { invoke(input: string): Promise<AIMessage> };
  return new StateGraph(MessagesAnnotation)
    .addNode("work", async ({ messages }) => {
      const item = messages.at(-1)!.text;
      if (!item.includes("person")) return { messages: [await answers.invoke(item)] };
      return { messages: [new AIMessage(`they said ${interrupt(`What of ${item}?`)}`)] };
    })
    .addEdge(START, "work") as unknown as Model;
}

/** Replies that are given when they are told to be. */
function held() {
  const waiting: { item: string; go: () => void }[] = [];
  let most = 0;
  const reply: ReplySource = async ({ messages }) => {
    await new Promise<void>((go) => {
      waiting.push({ item: messages.at(-1)!.text, go });
      most = Math.max(most, waiting.length);
    });
    return "part";
  };
  /** Answers the first that waits, or the first about an item. */
  const release = (about = "") => {
    const index = waiting.findIndex(({ item }) => item.startsWith(about));
    for (const { go } of waiting.splice(index, 1)) go();
  };
  return { reply, release, most: () => most };
}

describe.each(Object.keys(providers) as Provider[])("createMapReduce under way over %s", (provider) => {
  const client = (model: string) => providers[provider](server, model);
  const mapReduce = (items: readonly string[], options: { concurrency?: number; worker?: Model } = {}) =>
    createMapReduce({ plan: () => items, worker: client("writer"), reduce: joined, ...options });

  it("has no more workers at the provider than concurrency allows, each run by itself", async () => {
    const gate = held();
    server.reply("writer", gate.reply);
    const app = createMapReduce({
      plan: ({ messages }) => ["1", "2", "3", "4", "5"].map((part) => `${messages[0]!.text}${part}`),
      worker: client("writer"),
      reduce: joined,
      concurrency: 2,
    }).compile();
    const runs = [app.invoke({ messages: "x" }), app.invoke({ messages: "y" })];
    for (const [index, run] of [..."xxxxxyyyyy"].entries()) {
      await server.received(index < 5 ? Math.min(7, 4 + index) : Math.min(10, 2 + index));
      gate.release(run);
    }
    const results = await Promise.all(runs);
    expect(gate.most()).toBe(4);
    expect(results.map(({ outputs }) => outputs.length)).toEqual([5, 5]);
  });

  it("counts the workers of all inner runs of one run together", async () => {
    const gate = held();
    server.reply("writer", gate.reply);
    const inner = mapReduce(["a", "b", "c"], { concurrency: 2 });
    const run = createMapReduce({ plan: () => ["one", "two"], worker: inner, reduce: joined })
      .compile()
      .invoke({ messages: "Q" });
    for (let done = 0; done < 6; done++) {
      await server.received(Math.min(6, 2 + done));
      gate.release();
    }
    const { calls } = await run;
    expect(gate.most()).toBe(2);
    expect(calls.map(({ path }) => path)).toEqual(Array(6).fill("worker/worker"));
  });

  it("passes an abort on to every worker in flight, and wakes and asks none of those that wait", async () => {
    server.reply("writer", { fault: "hang" });
    const outer = createRouter({
      models: { inner: mapReduce(["a", "b", "c", "d", "e"], { concurrency: 3 }) },
      route: () => "inner",
    });
    const controller = new AbortController();
    const run = outer.compile().invoke({ messages: "Q" }, { signal: controller.signal });
    await server.received(3);
    controller.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    await server.settled();
    expect(server.requests.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  it("does not pay workers again that were done when another one paused the run", async () => {
    server.reply("writer", "part");
    const graph = mapReduce(["a", "a person", "b"], { worker: asking(client("writer")) });
    const outer = createRouter({ models: { inner: graph }, route: () => "inner" });
    for (const [pattern, before] of [
      [graph as AnyPattern, ""],
      [outer as AnyPattern, "inner/"],
    ] as const) {
      const known = server.requests.length;
      const app = pattern.compile({ checkpointer: new MemorySaver() });
      await app.invoke({ messages: "Q" }, thread);
      expect(server.requests.length - known).toBe(2);
      const { tasks } = await app.getState(thread);
      expect(tasks.flatMap(({ interrupts }) => interrupts).map(({ value }) => value)).toEqual(["What of a person?"]);
      const result = await app.invoke(new Command({ resume: "yes" }), thread);
      expect(server.requests.length - known).toBe(2);
      expect(result.messages.at(-1)!.text).toBe("part they said yes part");
      expect(result.calls.map(({ path, status }) => `${path} ${status}`)).toEqual([
        `${before}worker/work ok`,
        `${before}worker/work ok`,
      ]);
    }
  });

  it("does not pay workers again that were done when the run was aborted, and keeps the limit when it goes on", async () => {
    const gate = held();
    server.reply("writer", (request) => (request.messages.at(-1)!.text === "done" ? "first" : gate.reply(request)));
    const saver = new MemorySaver();
    const app = () => mapReduce(["done", "b", "c", "d", "e"], { concurrency: 3 }).compile({ checkpointer: saver });
    const controller = new AbortController();
    const run = app().invoke({ messages: "Q" }, { ...thread, signal: controller.signal });
    await server.received(4);
    controller.abort();
    await expect(run).rejects.toThrow();
    await server.settled();
    expect(asked()).toEqual(["b", "c", "d", "done"]);
    for (let index = 0; index < 3; index++) gate.release(); // nobody hears these
    const resumed = app().invoke(null, thread);
    for (let done = 0; done < 4; done++) {
      await server.received(Math.min(8, 7 + done));
      gate.release();
    }
    const result = await resumed;
    expect(result.messages.at(-1)!.text).toBe("first part part part part");
    expect(asked()).toEqual(["b", "b", "c", "c", "d", "d", "done", "e"]);
    const statuses = result.calls.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(3).fill("cancelled"), ...Array(5).fill("ok")]); // every request, those of the aborted run too
    expect(gate.most()).toBe(3);
  });
});
