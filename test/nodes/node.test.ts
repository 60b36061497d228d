import { describe, expect, it } from "vitest";
import {
  callsOf,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createRouter,
  longest,
  type Model,
  untilApproved,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback({ reply: "Hello" });

describe.each(Object.keys(providers) as Provider[])("the ledger of a run that is given up, over %s", (provider) => {
  const model = (name: string) => providers[provider](server, name);
  const held = (name: string) => {
    server.reply(name, { fault: "hang" });
    return model(name);
  };
  const patterns = {
    createFallback: [() => createFallback({ models: { b: held("b") } }), ["b cancelled"]],
    createRouter: [() => createRouter({ models: { b: held("b") }, route: () => "b" }), ["b cancelled"]],
    createCascade: [
      () => createCascade({ models: { a: model("a"), b: held("b") }, verify: check(() => false) }),
      ["a ok", "b cancelled"],
    ],
    createPipeline: [
      () => createPipeline({ stages: { a: model("a"), b: createFallback({ models: { c: held("b") } }) } }),
      ["a ok", "b/c cancelled"],
    ],
    createMapReduce: [
      () => createMapReduce({ plan: () => ["one"], worker: model("a"), reduce: held("b") }),
      ["worker ok", "reduce cancelled"],
    ],
    createEnsemble: [
      () => createEnsemble({ models: { a: held("a"), b: held("b") }, aggregate: longest() }),
      ["a cancelled", "b cancelled"],
    ],
  } as const;
  const seen = (error: unknown) => callsOf(error).map(({ path, status }) => `${path} ${status}`);

  it.each(Object.entries(patterns))("is with the error at once: %s", async (_name, [build, lines]) => {
    const controller = new AbortController();
    const run = build().compile().invoke({ messages: "Hi" }, { signal: controller.signal });
    const ledger = run.catch(seen);
    await server.received(lines.length);
    controller.abort();
    expect(await ledger).toEqual(lines);
  });

  it("is with the error of a run that is out of time", async () => {
    const graph = createFallback({ models: { b: held("b") } }).compile();
    expect(await graph.invoke({ messages: "Hi" }, { timeout: 200 }).catch(seen)).toEqual(["b cancelled"]);
  });

  it("has the calls of every run that one signal ends", async () => {
    const controller = new AbortController();
    const graph = createFallback({ models: { b: held("b") } }).compile();
    const runs = [1, 2].map(() => graph.invoke({ messages: "Hi" }, { signal: controller.signal }).catch(callsOf));
    await server.received(2);
    controller.abort();
    const [calls] = (await Promise.all(runs)) as ReturnType<typeof callsOf>[];
    expect(new Set(calls!.map(({ turnId }) => turnId)).size).toBe(2);
  });

  it("says timeout where a pattern took longer than its entry allows, and cancelled where a lane was not needed", async () => {
    const slow = createPipeline({ stages: { c: model("c"), d: held("d") } });
    const graph = createFallback({ models: { slow: { model: slow, timeout: 300 }, spare: model("spare") } });
    const { calls } = await graph.compile().invoke({ messages: "Hi" });
    expect(calls.map(({ path, status }) => `${path} ${status}`)).toEqual(["slow/c ok", "slow/d timeout", "spare ok"]);
  });
});

describe.each(Object.keys(providers) as Provider[])("a pattern as a model, over %s", (provider) => {
  const model = (name: string) => ({ model: providers[provider](server, name), retry: false }) as const;
  const inner = (name: string): Model => createFallback({ models: { only: model(name) } });

  it("is asked again where its entry says so, and only there", async () => {
    for (const [retry, requests] of [
      [{ maxRetries: 2, backoff: [1] }, 3],
      [undefined, 1],
    ] as const) {
      server.reply(`flaky-${requests}`, failWith.server(), failWith.server(), "third");
      const graph = createFallback({ models: { p: { model: inner(`flaky-${requests}`), ...(retry && { retry }) } } });
      const text = graph.compile().invoke({ messages: "Hi" }).then(({ messages }) => messages.at(-1)!.text, () => "error"); // biome-ignore format: short
      expect(await text).toBe(requests === 3 ? "third" : "error");
      expect(server.requests.filter(({ model: id }) => id === `flaky-${requests}`)).toHaveLength(requests);
    }
  });

  it("is asked in a form, as a classifier and as a reviewer", async () => {
    server.reply("classifier", { toolCalls: [{ name: "choose", args: { label: "b" } }] });
    const graph = createRouter({ models: { a: model("a"), b: model("b") }, route: classifyWith(inner("classifier")) });
    await graph.compile().invoke({ messages: "Hi" });
    server.reply("reviewer", "Approved.");
    const review = { model: inner("reviewer"), next: untilApproved("a") };
    await createPipeline({ stages: { a: model("a"), review } })
      .compile()
      .invoke({ messages: "Hi" });
    const asked = server.requests.filter(({ model: id }) => id === "classifier" || id === "reviewer");
    expect(asked.map(({ tools }) => tools)).toEqual([["choose"], ["review"]]);
  });
});
