import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { MemorySaver } from "@langchain/langgraph";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  asChatModel,
  callsOf,
  check,
  createCascade,
  createExperiment,
  createFallback,
  createRouter,
  type ExperimentOptions,
  explain,
  judgeWith,
  keepLocal,
  type Model,
  type ModelEntry,
  type Shadow,
  thompson,
} from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";
import { HeldModel } from "../support/held-model.js";

const forever = (text: string) => saying(...Array<string>(60).fill(text));
/** An experiment with one variant and a shadow. */
const shadowed = (
  shadow: Model | ModelEntry | Shadow,
  { a = saying("A"), ...more }: Partial<ExperimentOptions<"a">> & { a?: Model | ModelEntry } = {},
) => createExperiment({ models: { a }, weights: { a: 1 }, shadow, ...more });
const down = (status = 401) => ({ model: saying(httpError(status)), retry: false }) as const;
/** The skip of the shadow, if it was skipped. */
const skipOf = ({ decisions }: { decisions: readonly { node: string; kind: string; reason: string }[] }) =>
  decisions.find(({ node, kind }) => node === "shadow" && kind === "skip")?.reason;

afterEach(() => void vi.useRealTimers());

describe("createExperiment › shadow", () => {
  it("has a lane of its own", () => {
    expect(shapeOf(shadowed(saying()))).toEqual([
      "__start__ → assignment",
      "a → __end__",
      "assignment → shadow",
      "assignment ⇢ a",
      "shadow → __end__",
    ]);
  });

  it("answers the same prompt beside the variant, and is in the ledger and in `outputs` only", async () => {
    const [a, shadow] = [saying("A"), saying("S")];
    const graph = shadowed({ model: shadow, systemPrompt: "Be brief." }, { a, system: "You help." }).compile();
    const { messages, calls, outputs, candidates, failures, modelUsed, decisions } = await graph.invoke({
      messages: "Hi",
    });
    expect(messages.map(({ text }) => text)).toEqual(["Hi", "A"]);
    expect([modelUsed, candidates, failures]).toEqual(["a", [], []]);
    expect(outputs).toMatchObject([{ stage: "shadow", message: { content: "S" }, modelUsed: "shadow" }]);
    expect(calls.map(({ path, role, status }) => [path, role, status])).toEqual([
      ["a", "answer", "ok"],
      ["shadow", "shadow", "ok"],
    ]);
    expect(shadow.calls[0]!.messages.map(({ text }) => text)).toEqual(["You help.\n\nBe brief.", "Hi"]);
    expect(decisions.map(({ node }) => node)).toEqual(["assignment"]);
    const { orchestration } = messages.at(-1)!.response_metadata as { orchestration: { variants: object } };
    expect(orchestration.variants).toEqual({ assignment: "a" });
  });

  it("streams the answer while the shadow is at work, and none of the shadow", async () => {
    const shadow = new HeldModel("S");
    const graph = shadowed(shadow).compile();
    const seen: string[] = [];
    for await (const [chunk] of await graph.stream({ messages: "Hi" }, { streamMode: "messages" })) {
      seen.push(chunk.text);
      if (chunk.text === "A") shadow.release(); // the shadow would hold the run up if the answer came after it
    }
    expect(seen.join("")).toBe("A");
    const live: string[] = [];
    const drafts = shadowed(saying("S")).compile();
    for await (const [chunk] of await drafts.stream(
      { messages: "Hi" },
      { streamMode: "messages", context: { stream: "live" } },
    ))
      live.push(chunk.text);
    expect(live.join("")).toBe("A");
  });

  it("is waited for at most `maxWaitMs` after the answer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const [a, shadow] = [new HeldModel("A"), new HeldModel("S")];
    const run = shadowed({ model: shadow, maxWaitMs: 2_000 }, { a }).compile().invoke({ messages: "Hi" });
    await Promise.all([a.begun, shadow.begun]);
    await vi.advanceTimersByTimeAsync(60_000); // without an answer, it has all the time
    a.release();
    await vi.advanceTimersByTimeAsync(1_999);
    expect(await Promise.race([run.then(() => "ended"), Promise.resolve("waits")])).toBe("waits");
    await vi.advanceTimersByTimeAsync(1);
    const result = await run;
    expect(result.messages.at(-1)!.text).toBe("A");
    expect(result.outputs).toEqual([]);
    expect(skipOf(result)).toBe("it took more than 2000 ms longer than the answer");
    expect(result.calls.map(({ path, status }) => [path, status])).toContainEqual(["shadow", "cancelled"]);
  });

  it("leaves no timer behind, and waits without an end at Infinity", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const shadow = new HeldModel("S");
    const run = shadowed({ model: shadow, maxWaitMs: Infinity }).compile().invoke({ messages: "Hi" });
    await shadow.begun;
    await vi.advanceTimersByTimeAsync(10_000_000);
    shadow.release();
    expect((await run).outputs).toHaveLength(1);
    await shadowed(saying("S")).compile().invoke({ messages: "Hi" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, () => ModelEntry, RegExp]>([
    ["fails", () => down(503), /^it failed: server$/],
    ["refuses the request", () => down(400), /^it failed: /],
    ["answers nothing", () => ({ model: saying(""), retry: false }), /^it failed: /],
  ])("does not harm the run where it %s", async (_, shadow, reason) => {
    const result = await shadowed(shadow()).compile().invoke({ messages: "Hi" });
    expect([result.messages.at(-1)!.text, result.failures, result.outputs]).toEqual(["A", [], []]);
    expect(skipOf(result)).toMatch(reason);
    expect(result.calls.find(({ path }) => path === "shadow")).toMatchObject({ role: "shadow", status: "error" });
  });

  it("leaves a variant that failed to another one at once, beside which it is called again", async () => {
    const shadow = new HeldModel("S");
    const graph = createExperiment({
      models: { a: down(), b: saying("B") },
      weights: { a: 1e9, b: 1 },
      shadow: { model: shadow, maxWaitMs: 0 },
    }).compile();
    const result = await graph.invoke({ messages: "Hi" });
    expect([result.modelUsed, shadow.calls]).toEqual(["b", 2]);
    expect(result.decisions.filter(({ node }) => node === "shadow").map(({ reason }) => reason)).toEqual([
      "the answer beside it failed",
      "it took more than 0 ms longer than the answer",
    ]);
  });

  it("stays away from the fallback, and from a run that fails", async () => {
    const shadow = saying("S", "S");
    const withFallback = await shadowed(shadow, { a: down(), fallback: saying("F") })
      .compile()
      .invoke({ messages: "Hi" });
    expect(withFallback.messages.at(-1)!.text).toBe("F");
    expect(withFallback.calls.filter(({ role }) => role === "shadow").length).toBeLessThanOrEqual(1);
    const run = shadowed(saying("S"), { a: down() }).compile().invoke({ messages: "Hi" });
    const error = await run.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: "ModelCallError", class: "authentication" });
    expect(callsOf(error as Error).map(({ path, role }) => [path, role])).toEqual([
      ["a", "answer"],
      ["shadow", "shadow"],
    ]);
  });

  it("answers a share of the runs, repeatable with a seed", async () => {
    const paid = async () => {
      const [a, shadow] = [forever("A"), forever("S")];
      const graph = shadowed({ model: shadow, share: 0.25 }, { a, seed: "share" }).compile();
      const seen: boolean[] = [];
      for (let run = 0; run < 40; run++) seen.push((await graph.invoke({ messages: "Hi" })).outputs.length > 0);
      return seen;
    };
    const seen = await paid();
    expect(seen.filter(Boolean).length).toBeGreaterThan(3);
    expect(seen.filter(Boolean).length).toBeLessThan(18);
    expect(await paid()).toEqual(seen);
  });

  it("is skipped first where a budget is short, and counts in it", async () => {
    const price = { input: 1, output: 1 };
    const priced = (text: string) => ({ model: saying(text), price, maxOutputTokens: 1_000 });
    const run = (maxCostUsd: number) =>
      shadowed(priced("S"), { a: priced("A") })
        .compile()
        .invoke({ messages: "Hi" }, { context: { maxCostUsd } });
    const short = await run(0.0015); // room for one call of about 0.001
    expect([short.messages.at(-1)!.text, short.calls.length]).toEqual(["A", 1]);
    expect(skipOf(short)).toMatch(/^it may cost \$0\.001.* are kept for the answer$/);
    const enough = await run(0.01);
    expect(enough.calls.map(({ role }) => role)).toEqual(["answer", "shadow"]);
  });

  it("sees nothing that may not leave", async () => {
    const shadow = saying("S", "S");
    const privacy = keepLocal({
      detect: (text) => text.includes("patient"),
      allow: ({ tags }) => tags?.includes("local") === true,
    });
    const graph = shadowed(shadow, { a: { model: saying("A", "A"), tags: ["local"] }, privacy }).compile();
    const result = await graph.invoke({ messages: "The patient coughs." });
    expect([result.messages.at(-1)!.text, shadow.callCount]).toEqual(["A", 0]);
    expect(skipOf(result)).toBeDefined();
    await graph.invoke({ messages: "Hi" });
    expect(shadow.callCount).toBe(1);
  });

  it("is scored as the shown answer is, in one decision", async () => {
    const score = ({ answer }: { answer: { text: string } }) => answer.text === "S";
    const result = await shadowed({ model: saying("S"), score })
      .compile()
      .invoke({ messages: "Hi" });
    expect(result.decisions.at(-1)).toMatchObject({
      node: "score",
      kind: "score",
      chosen: "a",
      scores: { a: 0, shadow: 1 },
    });
    const adapt = thompson({ reward: ({ calls, name }) => (name === "shadow") === (calls[0]!.role === "shadow") });
    const rewarded = await shadowed(saying("S"), { adapt }).compile().invoke({ messages: "Hi" });
    expect(rewarded.decisions.at(-1)!.scores).toEqual({ a: 1, shadow: 1 });
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 1 } }); // the shadow's score rewards no variant
  });

  it("may be a pattern, whose calls are all of the shadow and whose keys change nothing", async () => {
    const cascade = createCascade({
      models: { small: saying("no"), large: saying("S") },
      verify: check(({ answer }) => answer.text !== "no"),
    });
    const { calls, outputs } = await shadowed(cascade).compile().invoke({ messages: "Hi" });
    expect(outputs[0]).toMatchObject({ message: { content: "S" }, modelUsed: "shadow/large" });
    expect(calls.filter(({ role }) => role === "shadow").map(({ path }) => path)).toEqual([
      "shadow/small",
      "shadow/large",
    ]);
    const judged = createCascade({
      models: { small: saying("S"), large: saying() },
      verify: judgeWith(saying("Score: 9")),
    });
    const ledger = (await shadowed(judged).compile().invoke({ messages: "Hi" })).calls;
    expect(ledger.filter(({ path }) => path.startsWith("shadow/")).map(({ role }) => role)).toEqual([
      "shadow",
      "shadow",
    ]);
  });

  it("does not pause the run where it pauses, as it would have to be asked again", async () => {
    const pausing = createFallback({ models: { s: saying("S") } }).compile({ interruptBefore: ["s"] });
    const graph = shadowed(pausing).compile({ checkpointer: new MemorySaver() });
    const result = await graph.invoke({ messages: "Hi" }, { configurable: { thread_id: "1" } });
    expect([result.messages.at(-1)!.text, "__interrupt__" in result]).toEqual(["A", false]);
    expect(skipOf(result)).toBe("it paused, which a shadow cannot");
    expect((await graph.getState({ configurable: { thread_id: "1" } })).next).toEqual([]);
  });

  it("refuses what may act unseen, and wrong options, by name", () => {
    const chain = RunnableLambda.from(() => new AIMessage("S"));
    expect(() => shadowed(chain as never)).toThrow(/shadow .*may act on an answer that is not shown/);
    const within = createRouter({ models: { chain: chain as never }, route: () => "chain" });
    expect(() => shadowed(within)).toThrow(/may act on an answer that is not shown/);
    expect(() => shadowed({ model: saying(), share: 0 })).toThrow(/createExperiment\.shadow\.share is 0/);
    expect(() => shadowed({ model: saying(), maxWaitMs: -1 })).toThrow(/shadow\.maxWaitMs is -1/);
    expect(() => shadowed({ model: saying(), score: judgeWith as never })).toThrow(/call it, judgeWith/);
    expect(() => shadowed({ model: saying(), shar: 1 } as never)).toThrow(/did you mean share/);
    expect(() => shadowed({ model: saying(), score: () => 1 }, { adapt: thompson({ reward: () => 1 }) })).toThrow(
      /leave it out/,
    );
    expect(() => createExperiment({ models: { shadow: saying() }, weights: { shadow: 1 }, shadow: saying() })).toThrow(
      /shadow/,
    );
  });

  it("refuses a run that cannot have two nodes at once", async () => {
    const run = shadowed(saying("S")).compile().invoke({ messages: "Hi" }, { maxConcurrency: 1 });
    await expect(run).rejects.toThrow(/maxConcurrency/);
  });

  it("is explained with its share and its cost", async () => {
    const price = { input: 1, output: 1 };
    const entry = (text: string) => ({ model: saying(text), price });
    const graph = shadowed({ ...entry("S"), share: 0.25 }, { a: entry("A") });
    const { order, cost } = await explain(graph, "Hi");
    expect(order.map(({ name, share }) => [name, share])).toEqual(
      expect.arrayContaining([
        ["a", undefined],
        ["shadow", 0.25],
      ]),
    );
    const fallback = createExperiment({
      models: { a: entry("A") },
      weights: { a: 1 },
      shadow: createCascade({ models: { small: entry("S"), large: entry("L") }, verify: check(() => true) }),
      fallback: entry("F"),
    });
    const { order: withFallback } = await explain(fallback, "Hi");
    expect(withFallback.filter(({ skipped }) => skipped)).toEqual([]);
    expect(new Set(withFallback.map(({ name }) => name))).toEqual(
      new Set(["a", "shadow/small", "shadow/large", "fallback"]),
    );
    const { cost: without } = await explain(createExperiment({ models: { a: entry("A") }, weights: { a: 1 } }), "Hi");
    expect(cost.expected! / without.expected!).toBeCloseTo(1.25, 5);
  });

  it("sees what was shown in the turns before, and answers behind a chat model and on a thread", async () => {
    const shadow = saying("S1", "S2", "S3");
    const graph = shadowed(shadow, { a: saying("A1", "A2", "A3") });
    const app = graph.compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    await app.invoke({ messages: "Hi" }, config);
    const second = await app.invoke({ messages: "And?" }, config);
    expect(shadow.calls[1]!.messages.map(({ text }) => text)).toEqual(["Hi", "A1", "And?"]);
    expect(second.outputs).toHaveLength(1);
    expect((await asChatModel(graph).invoke([new HumanMessage("Hi")])).text).toBe("A3");
  });

  it("does not answer twice in a run that goes on after a pause", async () => {
    const shadow = saying("S");
    const graph = shadowed(shadow, { adapt: thompson({ reward: () => 1 }) }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["score"],
    });
    const config = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "Hi" }, config);
    const { calls, decisions } = await graph.invoke(null, config);
    expect([shadow.callCount, calls.length, decisions.at(-1)!.scores]).toEqual([1, 2, { a: 1, shadow: 1 }]);
  });
});
