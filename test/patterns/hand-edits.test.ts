import { RemoveMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { check, createCascade, createExperiment, createPipeline, createRouter } from "../../src/index.js";
import { saying } from "../support/fakes.js";

const thread = { configurable: { thread_id: "1" } };
const asJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

function waitingCascade(waitsBefore: "verifier" | "large" = "verifier") {
  const models = { small: saying("draft", "draft"), large: saying("large", "large") };
  const graph = createCascade({ models, verify: check(({ answer }) => answer.text !== "draft") });
  return graph.compile({ checkpointer: new MemorySaver(), interruptBefore: [waitsBefore] });
}

const byHand = ({ decisions }: { decisions: { byHand?: true }[] }) => decisions.filter((each) => each.byHand);

describe("what a person changes in a thread", () => {
  it("says that a route was changed by hand, beside the route's own decision", async () => {
    const graph = createRouter({ models: { chat: saying("chat"), code: saying("code") }, route: () => "chat" });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["chat"] });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { route: "code", next: "code" }, "router");
    const { decisions } = await app.invoke(null, thread);
    expect(decisions.map(({ node, kind, chosen, byHand }) => [node, kind, chosen, byHand])).toEqual([
      ["router", "route", "chat", undefined],
      ["router", "route", "code", true],
      ["router", "edit", "next", true],
    ]);
  });

  it.each([
    ["an edited draft", { candidates: [{ name: "small", message: "mended" }] }, "small", "candidates (small)"],
    [
      "a draft edited over HTTP",
      { candidates: { __overwrite__: [{ name: "small", message: { type: "ai", content: "mended" } }] } },
      "small",
      "candidates (small)",
    ],
    ["a draft taken away", { candidates: { __overwrite__: [] } }, "small", "candidates (small)"],
    ["a verdict", { verdict: { pass: false } }, "verdict", "verdict"],
    ["another question", { messages: [{ role: "user", content: "Another" }] }, "messages", "messages"],
    ["a confidence", { confidence: 0.4 }, "confidence", "confidence"],
  ])("names %s", async (_what, update, chosen, where) => {
    const app = waitingCascade();
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, update as never, "small");
    const { values } = await app.getState(thread);
    expect(byHand(values)).toEqual([
      { node: "small", kind: "edit", chosen, reason: `changed by hand: ${where}`, byHand: true },
    ]);
  });

  it("names a message that was changed or removed", async () => {
    const app = waitingCascade();
    await app.invoke({ messages: [{ role: "user", content: "Hi", id: "1" }] }, thread);
    await app.updateState(thread, { messages: [{ role: "user", content: "Ho", id: "1" }] } as never, "small");
    await app.updateState(thread, { messages: [new RemoveMessage({ id: "1" })] } as never, "small");
    expect(byHand((await app.getState(thread)).values)).toMatchObject([{ chosen: "messages" }, { chosen: "messages" }]);
  });

  it.each([
    ["as objects", <Value>(value: Value) => value],
    ["as JSON", asJson],
  ])("counts a state that is sent back whole %s as no change", async (_form, sent) => {
    const app = waitingCascade("large");
    await app.invoke({ messages: "Hi" }, thread);
    const { values } = await app.getState(thread);
    await app.updateState(thread, sent(values) as never, "verifier");
    const after = (await app.getState(thread)).values;
    expect(after.decisions).toEqual(values.decisions);
    for (const key of ["messages", "candidates", "outputs", "calls", "failures"] as const)
      expect([key, after[key].length]).toEqual([key, values[key].length]);
  });

  it.each([
    ["as objects", <Value>(value: Value) => value],
    ["as JSON", asJson],
  ])("replaces outputs that are sent back whole %s with one of them edited", async (_form, sent) => {
    const graph = createPipeline({ stages: { plan: saying("plan"), write: saying("draft"), review: saying("fine") } });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["review"] });
    await app.invoke({ messages: "Hi" }, thread);
    const { outputs } = (await app.getState(thread)).values;
    const [plan, write] = sent(outputs);
    await app.updateState(thread, { outputs: [plan, { ...write, message: "mended" }] } as never, "write");
    const edited = (await app.getState(thread)).values;
    expect(edited.outputs).toHaveLength(2);
    expect(byHand(edited)).toMatchObject([{ chosen: "write", reason: "changed by hand: outputs (write)" }]);
    const { outputs: ended } = await app.invoke(null, thread);
    expect(ended.map(({ stage, message }) => [stage, Object(message).text ?? message])).toEqual([
      ["plan", "plan"],
      ["write", "mended"],
      ["review", "fine"],
    ]);
  });

  it("adds an output that is sent alone", async () => {
    const app = waitingCascade("large");
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { candidates: [{ name: "person", message: "mine" }] } as never, "verifier");
    const { candidates } = (await app.getState(thread)).values;
    expect(candidates.map(({ name }: { name: string }) => name)).toEqual(["small", "person"]);
  });

  it("is noted in every step of a bulk update, against what the steps before it wrote", async () => {
    const app = waitingCascade();
    await app.invoke({ messages: "Hi" }, thread);
    const step = (values: object) => ({ updates: [{ values, asNode: "small" }] });
    await app.bulkUpdateState(thread, [step({ confidence: 0.4 }), step({ confidence: 0.4 }), step({ route: "large" })]);
    expect(byHand((await app.getState(thread)).values)).toMatchObject([{ chosen: "confidence" }, { chosen: "large" }]);
  });

  it("is noted once in a nested pattern, and not in the graph around it", async () => {
    const inner = createCascade({ models: { small: saying("draft") }, verify: check(() => true) });
    const graph = createRouter({
      models: { inner: inner.compile({ interruptBefore: ["verifier"] }) },
      route: () => "inner",
    });
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ messages: "Hi" }, thread);
    const nested = (await app.getState(thread, { subgraphs: true })).tasks[0]!.state as { config: typeof thread };
    await app.updateState(nested.config, { confidence: 0.4 } as never, "small");
    const { checkpoint_ns } = nested.config.configurable as never;
    const after = await app.getState({ configurable: { ...thread.configurable, checkpoint_ns } });
    expect(byHand(after.values)).toMatchObject([{ chosen: "confidence" }]);
    expect(byHand((await app.getState(thread)).values)).toEqual([]);
  });

  it("forgets it in the next run", async () => {
    const app = waitingCascade();
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { confidence: 0.4 }, "small");
    await app.invoke(null, thread);
    expect(byHand(await app.invoke({ messages: "The next question" }, thread))).toEqual([]);
  });

  it("counts a run that was moved to another variant for neither", async () => {
    const graph = createExperiment({ models: { a: saying("A"), b: saying("B") }, weights: { a: 1, b: 0 } });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["a"] });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { route: "b", next: "b" }, "assignment");
    const { messages } = await app.invoke(null, thread);
    expect(messages.at(-1)!.text).toBe("B");
    expect(messages.at(-1)!.response_metadata).not.toHaveProperty("orchestration.variants");
  });
});
