import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type AIMessage, HumanMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  AllModelsFailedError,
  asChatModel,
  callsOf,
  check,
  createCascade,
  createExperiment,
  createFallback,
  createMapReduce,
  createQualityGate,
  createRouter,
  type ExperimentOptions,
  InvalidOptionError,
  type Model,
  type ModelEntry,
  type RunContext,
  weighted,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

/** What a log of the answer says. */
const orchestrationOf = ({ messages }: { messages: readonly { response_metadata: object }[] }) =>
  (messages.at(-1)!.response_metadata as { orchestration: { variants?: Record<string, string>; route?: string } })
    .orchestration;
const always = (name: "a" | "b", models: Record<"a" | "b", Model>) =>
  createExperiment({ models, weights: { a: name === "a" ? 1 : 0, b: name === "b" ? 1 : 0 } });
const down = () => ({ model: saying(httpError(503)), retry: false }) as const;
const even = (models: Record<"a" | "b", Model | ModelEntry>, more: Partial<ExperimentOptions<"a" | "b">> = {}) =>
  createExperiment({ models, weights: { a: 1, b: 1 }, ...more });
const forever = (text: string) => saying(...Array<string>(40).fill(text));
const both = () => ({ a: forever("A"), b: forever("B") });

describe("createExperiment", () => {
  it("has the shape of its topology line", () => {
    expect(shapeOf(always("a", both()))).toMatchInlineSnapshot(`
      [
        "__start__ → assignment",
        "a → __end__",
        "assignment ⇢ a",
        "assignment ⇢ b",
        "b → __end__",
      ]
    `);
  });

  it("records the assignment with the shares, and on the answer", async () => {
    const models = both();
    const graph = createExperiment({ models, weights: { a: 0, b: 3 } }).compile();
    const result = await graph.invoke({ messages: "Hi" });
    expect(result).toMatchObject({ modelUsed: "b", route: "b" });
    expect(result.decisions).toEqual([
      {
        node: "assignment",
        kind: "route",
        chosen: "b",
        candidates: ["a", "b"],
        scores: { a: 0, b: 1 },
        reason: "drawn by weight",
      },
    ]);
    expect(orchestrationOf(result)).toMatchObject({ modelUsed: "b", route: "b", variants: { assignment: "b" } });
    expect(models.a.callCount).toBe(0);
  });

  it("gives each variant its share of 10,000 sessions", async () => {
    // the draws of `weighted`, which the graph only wires: 10,000 of a fixed seed, so the count never changes
    const route = weighted({ a: 90, b: 10 }, { stickyBy: "sessionId", seed: "share" });
    const counts = { a: 0, b: 0 };
    for (let session = 0; session < 10_000; session++) {
      const config = { context: { sessionId: `s-${session}` } };
      const choice = await route({
        messages: [new HumanMessage("Hi")],
        models: [],
        ask: undefined as never,
        state: {},
        config,
      });
      counts[(choice as { name: "a" | "b" }).name]++;
    }
    expect(Math.abs(counts.b - 1_000)).toBeLessThan(4 * Math.sqrt(10_000 * 0.1 * 0.9)); // four standard deviations
    const graph = createExperiment({
      models: both(),
      weights: { a: 90, b: 10 },
      stickyBy: "sessionId",
      seed: "share",
    }).compile();
    for (let session = 0; session < 30; session++) {
      const context = { sessionId: `s-${session}` };
      const turn = {
        messages: [new HumanMessage("Hi")],
        models: [],
        ask: undefined as never,
        state: {},
        config: { context },
      };
      const { route: chosen } = await graph.invoke({ messages: "Hi" }, { context });
      expect(chosen).toBe(((await route(turn)) as { name: string }).name);
    }
  });

  it("keeps a session with its variant over turns, threads, graphs and nesting", async () => {
    const build = () => createExperiment({ models: both(), weights: { a: 1, b: 1 }, stickyBy: "sessionId" });
    const app = build().compile({ checkpointer: new MemorySaver() });
    const nested = createRouter({ models: { chat: build() }, route: () => "chat" }).compile();
    const seen = new Set<string | undefined>();
    for (let session = 0; session < 8; session++) {
      const context = { sessionId: `s-${session}` };
      const thread = { configurable: { thread_id: String(session) }, context };
      const first = (await app.invoke({ messages: "One" }, thread)).route;
      seen.add(first);
      expect((await app.invoke({ messages: "Two" }, thread)).route).toBe(first);
      expect((await app.invoke({ messages: "One" }, { ...thread, configurable: { thread_id: "x" } })).route).toBe(
        first,
      );
      const inner = await nested.invoke({ messages: "One" }, { context });
      expect(Object.keys(orchestrationOf(inner).variants!)).toEqual(["chat/assignment"]);
      const again = await nested.invoke({ messages: "Other" }, { context });
      expect(orchestrationOf(again).variants).toEqual(orchestrationOf(inner).variants);
    }
    expect([...seen].sort()).toEqual(["a", "b"]);
  });

  it("keeps a session with its variant in another process", { timeout: 600_000 }, async () => {
    const script = `
      import { HumanMessage } from "@langchain/core/messages";
      import { weighted } from "./src/routing/weighted.js";
      const route = weighted({ a: 1, b: 1 }, { stickyBy: "sessionId", seed: 7 });
      const of = (sessionId) => route({ messages: [new HumanMessage("Hi")], models: [], state: {}, config: { context: { sessionId } } });
      const names = [];
      for (let session = 0; session < 12; session++) names.push((await of("s-" + session)).name);
      console.log(names.join(""));`;
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const args = ["--import", "tsx", "--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    const app = createExperiment({ models: both(), weights: { a: 1, b: 1 }, stickyBy: "sessionId", seed: 7 }).compile();
    let here = "";
    for (let session = 0; session < 12; session++) {
      here += (await app.invoke({ messages: "Hi" }, { context: { sessionId: `s-${session}` } })).route;
    }
    expect(stdout.trim()).toBe(here);
  });

  it("is independent of the same experiment in another place, within it too, and stays so", async () => {
    const build = (models: Record<"a" | "b", Model>) =>
      createExperiment({ models, weights: { a: 1, b: 1 }, stickyBy: "sessionId" });
    const run = async (sessionId: string) => {
      const outer = build({ a: build(both()), b: build(both()) });
      const { variants } = orchestrationOf(
        await outer.compile().invoke({ messages: "Hi" }, { context: { sessionId } }),
      );
      return Object.values(variants!).join("");
    };
    const pairs = await Promise.all(Array.from({ length: 40 }, (_, session) => run(`s-${session}`)));
    expect([...new Set(pairs)].sort()).toEqual(["aa", "ab", "ba", "bb"]);
    expect(await Promise.all(Array.from({ length: 40 }, (_, session) => run(`s-${session}`)))).toEqual(pairs);
  });

  it("says which key was not there to keep the variant", async () => {
    const reasonOf = async (stickyBy: ExperimentOptions<"a" | "b">["stickyBy"], context: RunContext) => {
      const app = createExperiment({ models: both(), weights: { a: 1, b: 1 }, stickyBy }).compile();
      return (await app.invoke({ messages: "Hi" }, { context })).decisions[0]!.reason;
    };
    expect(await reasonOf("userId", { userId: "u-1" })).toBe("drawn by weight, fixed by userId");
    expect(await reasonOf("userId", { user: "u-1" })).toBe("drawn by weight, not fixed: the run context has no userId");
    expect(await reasonOf(() => undefined, {})).toBe("drawn by weight, not fixed: stickyBy gave no key");
  });

  it("takes a field of one's own out of the run context of a chat model", async () => {
    const graph = createExperiment({ models: both(), weights: { a: 1, b: 1 }, stickyBy: "userId" });
    const chat = asChatModel(graph, { context: { userId: "u-1" } });
    const given = await Promise.all(Array.from({ length: 8 }, () => chat.invoke("Hi")));
    expect(new Set(given.map(({ text }) => text)).size).toBe(1);
  });

  it("names the variant that was assigned where a spare answered for it, and `modelUsed` tells them apart", async () => {
    const test = always("a", { a: saying(httpError(401)), b: saying() });
    const result = await createFallback({ models: { test, spare: saying("S") } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(orchestrationOf(result)).toMatchObject({ modelUsed: "spare", variants: { "test/assignment": "a" } });
  });

  it("takes a function of the turn as what keeps a variant", async () => {
    const stickyBy = ({ messages }: { messages: readonly { text: string }[] }) => messages[0]?.text;
    const app = createExperiment({ models: both(), weights: { a: 1, b: 1 }, stickyBy }).compile();
    const routes = async (question: string) => (await app.invoke({ messages: question })).route;
    for (const question of ["x", "y", "z"]) expect(await routes(question)).toBe(await routes(question));
  });

  it("keeps the assignment on the answer through every pattern around it", async () => {
    const inner = () => always("b", both());
    const cascade = createCascade({ models: { test: inner(), spare: forever("S") }, verify: check(() => true) });
    const rejected = createCascade({
      models: { test: inner(), spare: forever("S") },
      verify: check(({ answer }) => answer.text === "S"),
    });
    const gate = createQualityGate({ model: inner(), verify: check(({ candidates }) => candidates.length > 1) });
    for (const [model, variants] of [
      [cascade, { "outer/test/assignment": "b" }],
      [rejected, { "outer/test/assignment": "b" }],
      [gate, { "outer/draft/assignment": "b", "outer/revise/assignment": "b" }],
    ] as const) {
      const result = await createRouter({ models: { outer: model as Model }, route: () => "outer" })
        .compile()
        .invoke({ messages: "Hi" });
      expect(orchestrationOf(result).variants).toEqual(variants);
    }
    const plain = await createFallback({ models: both() }).compile().invoke({ messages: "Hi" });
    expect(orchestrationOf(plain)).not.toHaveProperty("variants");
  });

  it("names every variant where a run met more than one under one path", async () => {
    const worker = createExperiment({
      models: both(),
      weights: { a: 1, b: 1 },
      stickyBy: ({ messages }) => messages[0]?.text,
    });
    const items = ["x", "y", "z", "u", "v", "w", "p", "q"];
    const result = await createMapReduce({ plan: () => items, worker, reduce: () => "done" })
      .compile()
      .invoke({ messages: "Hi" });
    expect(new Set(result.outputs.map(({ message }) => message.text))).toEqual(new Set(["A", "B"]));
    expect(orchestrationOf(result).variants).toEqual({ "worker/assignment": "a+b" });
  });

  it("starts each turn of a thread with its own assignment", async () => {
    const app = createExperiment({
      models: both(),
      weights: { a: 1, b: 1 },
      stickyBy: ({ messages }) => messages.at(-1)?.text,
    }).compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    for (const question of ["x", "y", "z", "u", "v"]) {
      const result = await app.invoke({ messages: question }, thread);
      expect(orchestrationOf(result).variants).toEqual({ assignment: result.route });
    }
  });

  it("ends in the error of a variant that fails alone: a weight of 0 is never chosen", async () => {
    const models = { a: saying("A"), b: down() };
    const run = createExperiment({ models, weights: { a: 0, b: 1 } })
      .compile()
      .invoke({ messages: "Hi" });
    await expect(run).rejects.toMatchObject({ name: "ModelCallError", path: "b", class: "server" });
    expect(models.a.callCount).toBe(0);
  });

  it("has an edge from each variant back to the assignment, or to the fallback", () => {
    expect(shapeOf(even(both()))).toMatchInlineSnapshot(`
      [
        "__start__ → assignment",
        "a ⇢ __end__",
        "a ⇢ assignment",
        "assignment ⇢ a",
        "assignment ⇢ b",
        "b ⇢ __end__",
        "b ⇢ assignment",
      ]
    `);
    expect(shapeOf(even(both(), { fallback: saying() }))).toMatchInlineSnapshot(`
      [
        "__start__ → assignment",
        "a ⇢ __end__",
        "a ⇢ fallback",
        "assignment ⇢ a",
        "assignment ⇢ b",
        "assignment ⇢ fallback",
        "b ⇢ __end__",
        "b ⇢ fallback",
        "fallback → __end__",
      ]
    `);
  });

  it("draws one of the others where a variant fails, and the run counts for no side", async () => {
    const seen = new Set<string>();
    for (let run = 0; run < 20; run++) {
      const models = { a: down(), b: saying("B"), c: saying("C") };
      const app = createExperiment({ models, weights: { a: 1_000_000, b: 2, c: 1 } }).compile();
      const result = await app.invoke({ messages: "Hi" });
      const [first, fallback, second] = result.decisions;
      expect(first).toMatchObject({ kind: "route", chosen: "a" });
      expect(fallback).toMatchObject({ node: "a", kind: "fallback", chosen: "assignment", reason: "a failed: server" });
      expect(second).toMatchObject({
        node: "assignment",
        kind: "route",
        chosen: result.route,
        scores: { b: 2 / 3, c: 1 / 3 },
        reason: "drawn by weight, among the others: a failed",
      });
      expect(orchestrationOf(result)).toMatchObject({ modelUsed: result.route });
      expect(orchestrationOf(result)).not.toHaveProperty("variants");
      expect(result.calls.map(({ path, status }) => `${path} ${status}`)).toEqual(["a error", `${result.route} ok`]);
      seen.add(result.route!);
    }
    expect([...seen].sort()).toEqual(["b", "c"]);
  });

  it("keeps a session with the variant that was drawn for it in place of one that is down", async () => {
    const build = (models: Record<"a" | "b" | "c", Model | ModelEntry>) =>
      createExperiment({ models, weights: { a: 1, b: 1, c: 1 }, stickyBy: "sessionId" }).compile();
    const healthy = build({ ...both(), c: forever("C") });
    const broken = build({ ...both(), c: { model: saying(...Array<Error>(40).fill(httpError(503))), retry: false } });
    for (let session = 0; session < 12; session++) {
      const config = { context: { sessionId: `s-${session}` } };
      const { route } = await healthy.invoke({ messages: "Hi" }, config);
      const first = await broken.invoke({ messages: "Hi" }, config);
      const second = await broken.invoke({ messages: "Hi" }, config);
      expect(second.route).toBe(first.route);
      if (route !== "c") expect(first.route).toBe(route); // nobody else moves
      expect(orchestrationOf(first).variants).toEqual(route === "c" ? undefined : { assignment: route });
    }
  });

  it("passes over a variant that is cooling down before it is asked", async () => {
    const limited = {
      model: saying(httpError(429, "slow down", { headers: { "retry-after": "3000" } })),
      retry: false,
    } as const;
    const app = createExperiment({
      models: { a: limited, b: forever("B") },
      weights: { a: 1_000_000, b: 1 },
    }).compile();
    expect((await app.invoke({ messages: "One" })).modelUsed).toBe("b");
    const result = await app.invoke({ messages: "Two" });
    expect(result.modelUsed).toBe("b");
    expect(result.decisions).toMatchObject([
      { kind: "skip", chosen: "a", reason: expect.stringContaining("cooling down") },
      { kind: "route", chosen: "b" },
    ]);
    expect(orchestrationOf(result)).not.toHaveProperty("variants");
    expect(limited.model.callCount).toBe(1);
  });

  it("takes the fallback where there is one, and the run counts for no side", async () => {
    const models = { a: down(), b: saying() };
    const app = createExperiment({ models, weights: { a: 1_000_000, b: 1 }, fallback: saying("F") }).compile();
    const result = await app.invoke({ messages: "Hi" });
    expect(result).toMatchObject({ modelUsed: "fallback", route: "a" });
    expect(result.decisions.map(({ kind, chosen }) => `${kind} ${chosen}`)).toEqual(["route a", "fallback fallback"]);
    expect(orchestrationOf(result)).not.toHaveProperty("variants");
    expect(models.b.callCount).toBe(0);
  });

  it("ends in the errors of all variants where all are down", async () => {
    for (const options of [{}, { fallback: down() }]) {
      const failed = await even({ a: down(), b: down() }, options)
        .compile()
        .invoke({ messages: "Hi" })
        .catch((error: unknown) => error);
      expect(AllModelsFailedError.isInstance(failed)).toBe(true);
      const names = (failed as AllModelsFailedError).failures.map(({ name }) => name).sort();
      expect(names).toEqual("fallback" in options ? [expect.stringMatching(/^[ab]$/), "fallback"] : ["a", "b"]);
      expect(callsOf(failed)).toHaveLength(2);
    }
  });

  it("stops at a mistake of the caller, and asks no other variant", async () => {
    const wrong = () => ({ model: saying(httpError(400, "temperature must be below 2")), retry: false }) as const;
    const models = { a: wrong(), b: wrong() };
    await expect(even(models).compile().invoke({ messages: "Hi" })).rejects.toMatchObject({ class: "invalid_request" });
    expect(models.a.model.callCount + models.b.model.callCount).toBe(1);
  });

  it("counts a fallen run for no side in a pattern around it, and a whole one beside it for its own", async () => {
    const chat = createExperiment({ models: { a: down(), b: saying("B") }, weights: { a: 1_000_000, b: 1 } });
    const gate = createQualityGate({ model: chat, verify: check(() => true) });
    const result = await gate.compile().invoke({ messages: "Hi" });
    expect(orchestrationOf(result)).not.toHaveProperty("variants");
  });

  it("resumes after a kill between a variant that failed and the next draw", async () => {
    const models = { a: down(), b: saying("B") };
    const graph = createExperiment({ models, weights: { a: 1_000_000, b: 1 } });
    const checkpointer = new MemorySaver();
    const thread = { configurable: { thread_id: "1" } };
    await graph.compile({ checkpointer, interruptAfter: ["a"] }).invoke({ messages: "Hi" }, thread);
    const result = await graph.compile({ checkpointer }).invoke(null, thread);
    expect(result.modelUsed).toBe("b");
    expect(result.calls.map(({ path }) => path)).toEqual(["a", "b"]);
    expect(orchestrationOf(result)).not.toHaveProperty("variants");
  });

  it("goes where an edited route says", async () => {
    const app = always("b", both()).compile({ checkpointer: new MemorySaver(), interruptBefore: ["b"] });
    const thread = { configurable: { thread_id: "1" } };
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(thread, { route: "a" }, "assignment");
    expect(await app.invoke(null, thread)).toMatchObject({ modelUsed: "a" });
  });

  it("refuses weights that do not fit the models", () => {
    const build = (weights: unknown) => () => createExperiment({ models: both(), weights: weights as never });
    expect(build({ a: 1 })).toThrow(/createExperiment\.weights\.b is undefined; give every model a weight/);
    expect(build({ a: 1, b: 1, c: 1 })).toThrow(/createExperiment\.weights\.c is 1; the models are a, b/);
    for (const weights of [undefined, null, {}, [], { a: 1, b: -1 }, { a: 0, b: 0 }, { a: Number.NaN, b: 1 }]) {
      expect(build(weights)).toThrow(InvalidOptionError);
    }
    expect(build({ a: 0, b: 0 })).toThrow(/^createExperiment\.weights is 0/);
    expect(build({ a: 1, b: -1 })).toThrow(/^createExperiment\.weights\.b is -1/);
    expect(() => createExperiment({ models: {}, weights: {} })).toThrow(InvalidOptionError);
    expect(() => createExperiment({ models: { assignment: saying() }, weights: { assignment: 1 } })).toThrow(
      /"assignment" cannot be the name of a model/,
    );
  });
});

describe.each(Object.keys(providers) as Provider[])("createExperiment over %s", (provider) => {
  const { server } = useLoopback();
  const client = (model: string) => providers[provider](server, model);

  it("answers from the variant and asks no other, a variant with a spare too", async () => {
    server.reply("new", failWith.quota());
    const spare = createFallback({ models: { own: client("new"), old: client("old") } });
    server.reply("old", "From the spare.");
    const app = always("b", { a: client("control"), b: spare }).compile();
    const result = await app.invoke({ messages: "Hi" });
    expect(result).toMatchObject({ modelUsed: "b/old" });
    expect((result.messages.at(-1) as AIMessage).text).toBe("From the spare.");
    expect(orchestrationOf(result).variants).toEqual({ assignment: "b" });
    expect(server.requests.map(({ model }) => model)).toEqual(["new", "old"]);
  });
});
