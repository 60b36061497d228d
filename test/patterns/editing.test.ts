import type { AIMessageChunk } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
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
