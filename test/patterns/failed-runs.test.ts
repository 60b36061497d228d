import { FakeListChatModel } from "@langchain/core/utils/testing";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  callsOf,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createQualityGate,
  majorityVote,
  type OrchestrationState,
  type PatternGraph,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";

const thread = { configurable: { thread_id: "1" } };
const down = () => saying(httpError(401, "no"));

const failureOf = (run: Promise<unknown>) =>
  run.then(
    () => expect.unreachable("the run should fail"),
    (error: Error) => error,
  );
const pathsOf = ({ calls }: { calls: readonly { path: string }[] }) => calls.map(({ path }) => path);

function keeping(graph: { compile: unknown }) {
  const app = (graph as PatternGraph).compile({ checkpointer: new MemorySaver() });
  return { app, values: async () => (await app.getState(thread)).values as OrchestrationState };
}

/** A cascade whose judge has a bug in its second verdict. */
const buggy = () =>
  createCascade({
    models: { small: saying("draft", "again", "next"), large: saying("better", "better") },
    verify: check(({ answer }) => {
      if (answer.text === "better") throw new TypeError("a bug");
      return answer.text === "next";
    }),
  });

describe("the thread of a run that failed", () => {
  it.each(["sync", "async", "exit"] as const)("has the whole ledger, with durability %s", async (durability) => {
    const { app, values } = keeping(buggy());
    const error = await failureOf(app.invoke({ messages: "Hi" }, { ...thread, durability }));
    expect(error).toMatchObject({ name: "TypeError", message: "a bug" });
    const { calls, decisions } = await values();
    expect(calls).toEqual(callsOf(error));
    expect([calls.map(({ path }) => path), decisions.map(({ kind }) => kind)]).toEqual([
      ["small", "large"],
      ["escalate"],
    ]);
  });

  it("has what the failed node itself paid", async () => {
    const { app, values } = keeping(createFallback({ models: { a: down(), b: down() } }));
    const error = await failureOf(app.invoke({ messages: "Hi" }, thread));
    expect(error.name).toBe("AllModelsFailedError");
    expect(pathsOf(await values())).toEqual(["a", "b"]);
    expect((await values()).calls).toEqual(callsOf(error));
  });

  it("keeps what LangGraph keeps: the error of the task, and where to go on", async () => {
    const { app } = keeping(createFallback({ models: { a: down(), b: down() } }));
    await failureOf(app.invoke({ messages: "Hi" }, thread));
    const { tasks, next } = await app.getState(thread);
    expect([next, tasks]).toMatchObject([["b"], [{ name: "b", error: { name: "AllModelsFailedError" } }]]);
    const sources: unknown[] = [];
    for await (const { metadata } of app.getStateHistory(thread)) sources.push(metadata?.source);
    expect(sources).toEqual(["loop", "loop", "input"]);
  });

  it("has its own ledger and nothing of the turn before, when its first node fails", async () => {
    const a = saying("fine", httpError(400, "no"), httpError(400, "no"), "recovered");
    const { app, values } = keeping(createQualityGate({ model: a, verify: check(() => true) }));
    await app.invoke({ messages: "Hi" }, thread);
    const before = await values();
    const error = await failureOf(app.invoke({ messages: "And now?" }, thread));
    const after = await values();
    expect([after.calls, after.candidates, after.verdict, after.modelUsed]).toEqual([
      callsOf(error),
      [],
      undefined,
      undefined,
    ]);
    expect(after.turnId).not.toBe(before.turnId);
    expect(after.messages).toHaveLength(3);
  });

  it("counts what was paid in every try, when the run is gone on with", async () => {
    const a = saying(httpError(400, "no"), httpError(400, "no"), "recovered");
    const { app, values } = keeping(createQualityGate({ model: a, verify: check(() => true) }));
    await failureOf(app.invoke({ messages: "Hi" }, thread));
    await failureOf(app.invoke(null, thread));
    expect((await values()).calls.map(({ status }) => status)).toEqual(["error", "error"]);
    const { calls, messages } = (await app.invoke(null, thread)) as OrchestrationState;
    expect(calls.map(({ status }) => status)).toEqual(["error", "error", "ok"]);
    expect([new Set(calls.map(({ id }) => id)).size, messages.at(-1)!.text]).toEqual([3, "recovered"]);
  });

  it("begins anew with the next question", async () => {
    const { app, values } = keeping(buggy());
    await failureOf(app.invoke({ messages: "Hi" }, thread));
    await failureOf(app.invoke({ messages: "And now?" }, thread));
    const { messages, calls } = await app.invoke({ messages: "Last question" }, thread);
    expect([messages.at(-1)!.text, pathsOf({ calls })]).toEqual(["next", ["small"]]);
    expect(pathsOf(await values())).toEqual(["small"]);
  });

  it("has the calls of patterns within, and of every lane", async () => {
    const inner = createFallback({ models: { x: down(), y: saying("yes", "yes") } });
    const aggregate = () => {
      throw new RangeError("a bug");
    };
    const { app, values } = keeping(createEnsemble({ models: { inner, b: saying("no") }, aggregate }));
    const error = await failureOf(app.invoke({ messages: "Hi" }, thread));
    expect(pathsOf(await values()).sort()).toEqual(["b", "inner/x", "inner/y"]);
    expect((await values()).calls).toHaveLength(callsOf(error).length);
  });

  it("has the calls of a run that was aborted, and of no other", async () => {
    const abort = new AbortController();
    let waiting = 0;
    class Hanging extends FakeListChatModel {
      override async _generate() {
        waiting += 1;
        if (waiting === 2) setTimeout(() => abort.abort(new Error("enough")), 20); // by then both runs wait for it
        return new Promise<never>(() => undefined);
      }
    }
    const polish = new Hanging({ responses: [] });
    const graph = createPipeline({ stages: { draft: saying("one", "one"), polish } });
    const app = graph.compile({ checkpointer: new MemorySaver() });
    const other = { configurable: { thread_id: "2" } };
    const runs = [thread, other].map((each) => app.invoke({ messages: "Hi" }, { ...each, signal: abort.signal }));
    await Promise.allSettled(runs);
    for (const each of [thread, other]) {
      const paths = async () => pathsOf((await app.getState(each)).values);
      await expect.poll(paths, { timeout: 20_000 }).toEqual(["draft", "polish"]);
    }
  });

  it("throws the run's own error when the checkpointer fails too", async () => {
    class Full extends MemorySaver {
      full = false;
      override async put(...given: Parameters<MemorySaver["put"]>) {
        if (this.full) throw new Error("disk full");
        return super.put(...given);
      }
    }
    const saver = new Full();
    const verify = check(() => {
      saver.full = true;
      throw new TypeError("a bug");
    });
    const app = createCascade({ models: { a: saying("A"), b: saying("B") }, verify }).compile({ checkpointer: saver });
    expect(await failureOf(app.invoke({ messages: "Hi" }, thread))).toMatchObject({ message: "a bug" });
  });

  it("has the ledger when the run is streamed", async () => {
    const { app, values } = keeping(buggy());
    const read = async () => {
      for await (const _ of await app.stream({ messages: "Hi" }, { ...thread, streamMode: ["updates", "messages"] }));
    };
    expect(await failureOf(read())).toMatchObject({ message: "a bug" });
    expect(pathsOf(await values())).toEqual(["small", "large"]);
  });
});

it("keeps nothing of majorityVote's unanimous outage but its calls", async () => {
  const { app, values } = keeping(createEnsemble({ models: { a: down(), b: down() }, aggregate: majorityVote() }));
  expect((await failureOf(app.invoke({ messages: "Hi" }, thread))).name).toBe("QuorumNotReachedError");
  expect(pathsOf(await values()).sort()).toEqual(["a", "b"]);
});
