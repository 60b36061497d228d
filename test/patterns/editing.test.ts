import type { AIMessageChunk } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createQualityGate,
  createRouter,
  longest,
  majorityVote,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

const thread = { configurable: { thread_id: "1" } };
/** What arrives over HTTP: no classes, and null for what was taken away. */
const asJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

describe("a run edited from outside", () => {
  it("goes where an edited route says", async () => {
    const graph = createRouter({ models: { chat: saying("chat"), code: saying("code") }, route: () => "chat" });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["chat"] });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { route: "code" }, "router");
    expect(await app.invoke(null, thread)).toMatchObject({ modelUsed: "code", route: "code" });
  });

  it("returns an edited draft instead of escalating, when the verdict is edited too", async () => {
    const large = saying("never asked");
    const graph = createCascade({
      models: { small: saying("draft"), large },
      verify: check(({ answer }) => answer.text === "mended"),
    });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["large"] });
    await app.invoke({ messages: "Hi" }, thread);
    const { values } = await app.getState(thread);
    const { additional_kwargs, ...message } = { role: "assistant", content: "mended", additional_kwargs: {} };
    const edited = asJson({ candidates: [{ ...values.candidates.at(-1), message }], verdict: null });
    await app.updateState(thread, edited as never, "small");
    const result = await app.invoke(null, thread);
    expect(result).toMatchObject({ modelUsed: "small", verdict: { pass: true } });
    expect(result.messages.at(-1)!.text).toBe("mended");
    expect([large.callCount, Object.keys(additional_kwargs)]).toEqual([0, []]);
  });

  it("revises an edited draft", async () => {
    const model = saying("draft", "final");
    const app = createQualityGate({ model, verify: check(({ answer }) => answer.text === "final") }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["revise"],
    });
    await app.invoke({ messages: "Hi" }, thread);
    const { values } = await app.getState(thread);
    const edited = {
      name: "draft",
      message: { role: "assistant", content: "my draft" },
      verdict: values.candidates[0]!.verdict,
    };
    await app.updateState(thread, asJson({ candidates: [edited] }) as never, "verifier");
    await app.updateState(thread, { next: "revise" }, "verifier");
    await app.invoke(null, thread);
    expect(model.calls[1]!.messages.map(({ text }) => text)).toContain("my draft");
  });

  it("counts an edited lane once, and a ledger that is saved back whole once", async () => {
    const graph = createEnsemble({
      models: { a: saying("no"), b: saying("yes"), c: saying("yes!") },
      aggregate: majorityVote(),
      stopEarly: false,
    });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["aggregator"] });
    await app.invoke({ messages: "Hi" }, thread);
    const { values } = await app.getState(thread);
    const lane = { name: "a", message: { role: "assistant", content: "yes" } };
    await app.updateState(thread, asJson({ candidates: [lane], calls: values.calls }) as never, "c");
    const result = await app.invoke(null, thread);
    expect(result).toMatchObject({ confidence: 1, aggregate: { agreement: "full", votes: { yes: 3 } } });
    expect(result.calls).toHaveLength(3);
  });

  it.each([
    ["a text", "yes"],
    ["an object with content", { content: "yes" }],
    ["a message of the user", { type: "human", content: "yes" }],
  ])("counts a lane that was replaced by %s", async (_what, message) => {
    const models = { a: saying("no"), b: saying("yes") };
    const graph = createEnsemble({ models, aggregate: majorityVote(), stopEarly: false });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["aggregator"] });
    await app.invoke({ messages: "Hi" }, thread);
    const { values } = await app.getState(thread);
    const [lane, other] = asJson(values.candidates);
    const candidates = { __overwrite__: [{ ...lane, message }, other] };
    await app.updateState(thread, { candidates } as never, "b");
    expect(await app.invoke(null, thread)).toMatchObject({ confidence: 1, aggregate: { votes: { yes: 2 } } });
  });

  it.each([
    ["candidates", "x", "candidates must be a list; string was written there"],
    ["decisions", null, "decisions must be a list; null was written there"],
    ["calls", [null], "calls[0] must be an object, as those beside it; it is null"],
    ["candidates", [{ name: "a", message: { type: "poem" } }], "candidates[0].message is no answer; write"],
    ["candidates", ["a text"], "candidates[0] must be an object, as those beside it; it is string"],
    ["candidates", [{ message: "Hi" }], "candidates[0].name must be a text; undefined was written there"],
    ["candidates", [{ name: "a", message: "Hi", verdict: "ok" }], "candidates[0].verdict must be { pass: true } or"],
    ["outputs", [{ stage: 1, message: "Hi" }], "outputs[0].stage must be a text; 1 was written there"],
    ["calls", [{ foo: 1 }], "calls[0].id must be a text; undefined was written there"],
    ["decisions", [{ node: "a", kind: "stop" }], "decisions[0].chosen must be a text"],
    ["failures", [{ name: "a" }], "failures[0].class must be a text"],
  ])("refuses %s that were replaced by %j, and says what is wrong", async (key, value, complaint) => {
    const graph = createCascade({
      models: { small: saying("draft"), large: saying("never") },
      verify: check(() => true),
    });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["verifier"] });
    await app.invoke({ messages: "Hi" }, thread);
    const said = { name: "InvalidInputError", message: expect.stringContaining(complaint) };
    for (const written of [{ __overwrite__: value }, value]) {
      await app.updateState(thread, { [key]: { __overwrite__: [] } } as never, "small");
      await app.updateState(thread, { [key]: written } as never, "small");
      await expect(app.invoke(null, thread)).rejects.toMatchObject(said);
      const { tasks } = await app.getState(thread);
      expect(tasks.map(({ error }) => error)).toMatchObject([said]);
    }
    const { messages } = await app.invoke({ messages: "Another question" }, thread);
    expect(messages.at(-1)?.text).toBe("Another question"); // it waits before the verifier again, of a turn without the edit
  });

  it("goes on once an edit that was refused is mended", async () => {
    const app = createCascade({
      models: { small: saying("draft"), large: saying("never") },
      verify: check(({ answer }) => answer.text === "mended"),
    }).compile({ checkpointer: new MemorySaver(), interruptBefore: ["verifier"] });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { candidates: ["mended"] } as never, "small");
    await expect(app.invoke(null, thread)).rejects.toThrow("candidates[1] must be an object");
    await app.updateState(thread, { candidates: [{ name: "small", message: "mended" }] } as never, "small");
    const { messages } = await app.invoke(null, thread);
    expect(messages.at(-1)!.text).toBe("mended");
  });

  it.each([
    ["verdict", "good", 'verdict must be { pass: true } or { pass: false }; "good" was written there'],
    ["verdict", {}, "verdict must be { pass: true } or { pass: false }; an empty object was written there"],
    ["verdict", { pass: "yes" }, "an object with pass was written there"],
    ["route", 3, "route must be a text; 3 was written there"],
    ["modelUsed", ["a"], "modelUsed must be a text; an array of 1 was written there"],
    ["confidence", "high", 'confidence must be a number; "high" was written there'],
    ["items", "one, two", 'items must be a list of texts; "one, two" was written there'],
    ["items", [1], "items must be a list of texts; an array of 1 was written there"],
    ["aggregate", [], "aggregate must be an object; an array of 0 was written there"],
  ])("refuses %s that was set to %j, where the thread shows it", async (key, value, complaint) => {
    const app = createCascade({
      models: { small: saying("draft"), large: saying("never") },
      verify: check(() => true),
    }).compile({ checkpointer: new MemorySaver(), interruptBefore: ["verifier"] });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { [key]: value } as never, "small");
    const said = { name: "InvalidInputError", message: expect.stringContaining(complaint) };
    await expect(app.invoke(null, thread)).rejects.toMatchObject(said);
    expect((await app.getState(thread)).tasks.map(({ error }) => error)).toMatchObject([said]);
    await app.updateState(thread, { [key]: null } as never, "small");
    expect((await app.invoke(null, thread)).messages.at(-1)?.text).toBe("draft");
  });

  it("refuses to verify nothing", async () => {
    const graph = createCascade({
      models: { small: saying("draft"), large: saying("never") },
      verify: check(() => true),
    });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["verifier"] });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { candidates: { __overwrite__: [] } } as never, "small");
    await expect(app.invoke(null, thread)).rejects.toThrow("There is no answer to verify");
  });

  it("returns a draft that was passed by hand, and asks nobody", async () => {
    const large = saying("never asked");
    const app = createCascade({ models: { small: saying("draft"), large }, verify: check(() => false) }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["large"],
    });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { verdict: { pass: true, reason: "good enough for me" } }, "small");
    const { modelUsed, decisions } = await app.invoke(null, thread);
    expect([modelUsed, decisions.at(-1)]).toMatchObject([
      "small",
      { kind: "accept", reason: "good enough for me", byHand: true },
    ]);
    expect(large.callCount).toBe(0);
  });

  it("pays no worker of a map-reduce again when its state is edited, and reduces what was edited", async () => {
    const worker = saying("one", "two");
    const reduce = saying("done");
    const app = createMapReduce({ plan: () => ["a", "b"], worker, reduce }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["reduce"],
    });
    await app.invoke({ messages: "Hi" }, thread);
    const { values } = await app.getState(thread);
    const outputs = asJson(values.outputs).map((output: object) => ({ ...output, message: "EDITED" }));
    await app.updateState(thread, { outputs } as never);
    const { calls } = await app.invoke(null, thread);
    expect(calls.map(({ path }) => path)).toEqual(["worker", "worker", "reduce"]);
    expect(worker.callCount).toBe(2);
    const asked = reduce.calls[0]!.messages.map(({ text }) => text).join("\n");
    expect(asked.match(/EDITED/g)).toHaveLength(2);
  });

  it("refuses an input without messages by name", async () => {
    const app = createFallback({ models: { a: saying("A") } }).compile();
    await expect(app.invoke({} as never)).rejects.toMatchObject({ name: "InvalidInputError" });
  });
});

describe("streaming with subgraphs: true", () => {
  it("does not show the answer of a nested pattern that is rejected, and shows the accepted one once", async () => {
    const panel = createEnsemble({
      models: { a: saying("panel answer"), b: saying("panel answer too") },
      aggregate: longest(),
    });
    const gate = createQualityGate({
      model: createFallback({ models: { x: saying("good answer") } }),
      verify: check(() => true),
    });
    const graph = createCascade({
      models: { panel, gate },
      verify: check(({ answer }) => answer.text.startsWith("good")),
    }).compile();
    const shown: string[] = [];
    for await (const [, [chunk]] of await graph.stream(
      { messages: "Hi" },
      { streamMode: "messages", subgraphs: true },
    )) {
      shown.push((chunk as AIMessageChunk).text);
    }
    expect(shown.filter((text) => text !== "")).toEqual(["good answer"]);
  });
});
