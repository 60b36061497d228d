import { describe, expect, it, vi } from "vitest";
import {
  bestOf,
  CircuitOpenError,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  judgeWith,
  ModelCallError,
  type ModelEntry,
  majorityVote,
} from "../../src/index.js";
import { resolve } from "../../src/models/resolve.js";
import { failWith, type ReplySource } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();

const ask = { messages: "Hi" };
const once = { retry: false } as const;
/** Requests before the last breaker opened. */
let past = 0;
const requests = () => server.requests.slice(past);
const requestsTo = (model: string) => requests().filter((request) => request.model === model).length;
const failureOf = (run: Promise<unknown>) => run.then(() => undefined).catch((error: unknown) => error);

/** A model whose breaker is open: its next request would be answered. */
async function broken(
  name: string,
  more: Partial<ModelEntry> = {},
  reply: ReplySource = `answer of ${name}`,
): Promise<ModelEntry> {
  const entry: ModelEntry = { model: openai(name), provider: name, breaker: { failures: 1 }, ...once, ...more };
  server.reply(name, failWith.server());
  await failureOf(
    createRouter({ models: { [name]: entry }, route: () => name })
      .compile()
      .invoke(ask),
  );
  server.reply(name, reply);
  past = server.requests.length;
  return entry;
}

describe("a breaker with its defaults", () => {
  it("lets at most 7 of 100 requests pay the time-out of a hanging primary", async () => {
    server.reply("hangs", failWith.hang());
    server.reply("works", "Hello");
    const hangs = { model: openai("hangs"), timeout: 30 };
    const graph = createFallback({ models: { hangs, works: openai("works") } }).compile();
    let paid = 0;
    const request = async () => {
      const { modelUsed, calls } = await graph.invoke(ask);
      expect(modelUsed).toBe("works");
      if (calls.some(({ status }) => status === "timeout")) paid++;
    };
    for (let round = 0; round < 25; round++) await Promise.all([request(), request(), request(), request()]);
    expect(paid).toBeGreaterThan(0);
    expect(paid).toBeLessThanOrEqual(7);
  });

  it("says in the decisions until when a model is skipped, and why a call is not retried", async () => {
    server.reply("a", failWith.server());
    server.reply("b", "Hello");
    const graph = createFallback({ models: { a: { model: openai("a"), retry: { backoff: [0, 0] } }, b: openai("b") } });
    await graph.compile().invoke(ask);
    const second = await graph.compile().invoke(ask);
    const third = await graph.compile().invoke(ask);
    const until = "breaker open until \\S+Z, 30 s more \\(server\\)";
    expect(second.calls.map(({ path, status }) => `${path} ${status}`)).toEqual(["a error", "a error", "b ok"]);
    expect(second.decisions).toContainEqual(
      expect.objectContaining({
        ...{ kind: "skip", chosen: "a" },
        reason: expect.stringMatching(new RegExp(`^not retried after server: ${until}$`)),
      }),
    );
    expect(third.calls.map(({ path }) => path)).toEqual(["b"]);
    expect(third.decisions).toContainEqual(
      expect.objectContaining({
        ...{ node: "a", kind: "skip", chosen: "a" },
        reason: expect.stringMatching(new RegExp(`^${until}$`)),
      }),
    );
  });

  it("is shared by all graphs of a client, and by entries copied with a spread", async () => {
    const a = await broken("a");
    server.reply("b", "Hello");
    const graph = createFallback({ models: { copy: { ...a, description: "the same" }, b: openai("b") } }).compile();
    expect((await graph.invoke(ask)).modelUsed).toBe("b");
    expect(requestsTo("a")).toBe(0);
  });

  it("is off with `breaker: false`", async () => {
    server.reply("a", failWith.server());
    server.reply("b", "Hello");
    const models = { a: { model: openai("a"), breaker: false, ...once }, b: openai("b") } as const;
    const graph = createFallback({ models }).compile();
    past = 0;
    for (let number = 0; number < 8; number++) await graph.invoke(ask);
    expect(requestsTo("a")).toBe(8);
  });

  it("does not count aborts, refusals and mistakes of the caller", async () => {
    server.reply("a", failWith.hang());
    const graph = createRouter({ models: { a: { model: openai("a"), ...once } }, route: () => "a" }).compile();
    for (let number = 0; number < 6; number++) {
      const controller = new AbortController();
      const seen = server.requests.length;
      const run = failureOf(graph.invoke(ask, { signal: controller.signal }));
      await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(seen));
      controller.abort();
      await run;
    }
    for (const reply of [failWith.badRequest(), failWith.refusal()]) {
      server.reply("a", reply);
      for (let number = 0; number < 6; number++) await failureOf(graph.invoke(ask));
    }
    server.reply("a", "Hello");
    expect((await graph.invoke(ask)).modelUsed).toBe("a");
  });
});

describe("an open breaker", () => {
  it("does not keep the last resort of a chain from being called", async () => {
    const [a, b] = [await broken("a"), await broken("b")];
    await createFallback({ models: { a, b } }).compile().invoke(ask);
    expect(requests()).toHaveLength(1);
    const alone = await broken("alone");
    await createFallback({ models: { alone } }).compile().invoke(ask);
    expect(requests()).toHaveLength(1);
  });

  it("is closed by that call", async () => {
    const [a, b] = [await broken("a"), await broken("b")];
    const graph = createFallback({ models: { a, b } }).compile();
    const { modelUsed } = await graph.invoke(ask);
    expect((await graph.invoke(ask)).modelUsed).toBe(modelUsed);
  });

  it("is no reason to call the last resort of a chain with a default response", async () => {
    const a = await broken("a");
    const { modelUsed } = await createFallback({ models: { a }, defaultResponse: "Sorry" }).compile().invoke(ask);
    expect(modelUsed).toBe("a"); // a text that is always the same is no answer a model could give
  });

  it.each<[string, (a: ModelEntry) => { invoke(input: typeof ask): Promise<unknown> }]>([
    ["createRouter", (a) => createRouter({ models: { a, b: a }, route: () => "a" }).compile()],
    ["createQualityGate", (a) => createQualityGate({ model: a, verify: check(() => true) }).compile()],
    ["createPipeline", (a) => createPipeline({ stages: { a } }).compile()],
    ["a pipeline of a pattern", (a) => createPipeline({ stages: { a: createPipeline({ stages: { a } }) } }).compile()],
  ])("refuses a model that stands alone: %s", async (_, graph) => {
    const a = await broken("a");
    const error = await failureOf(graph(a).invoke(ask));
    expect(CircuitOpenError.isInstance(error)).toBe(true);
    expect(ModelCallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ name: "CircuitOpenError", model: "a", class: "server", retryable: false });
    const { retryAt, retryAfterMs, message } = error as CircuitOpenError;
    expect(retryAt).toBeGreaterThan(Date.now());
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(message).toMatch(/: server: breaker open until \S+Z, \d+ s more \(server\), and no other model/);
    expect(requests()).toHaveLength(0);
  });

  it("goes on to the fallback of a pattern whose model stands alone otherwise", async () => {
    const a = await broken("a");
    server.reply("b", "Hello");
    const { modelUsed } = await createQualityGate({ model: a, verify: check(() => true), fallback: openai("b") })
      .compile()
      .invoke(ask);
    expect(modelUsed).toBe("fallback");
    expect(requestsTo("a")).toBe(0);
  });

  it("ends a pattern at once that another model can stand in for, and not one that is the last resort", async () => {
    const a = await broken("a");
    server.reply("b", "Hello");
    const inner = createPipeline({ stages: { a } });
    const first = await createFallback({ models: { inner, b: openai("b") } })
      .compile()
      .invoke(ask);
    expect(first.modelUsed).toBe("b");
    expect(requestsTo("a")).toBe(0);
    server.reply("b", failWith.authentication());
    const models = { b: { model: openai("b"), provider: "other" }, inner };
    expect((await createFallback({ models }).compile().invoke(ask)).modelUsed).toBe("inner/a");
  });

  it("does not fall back twice: a chain within a chain leaves its own last resort to the models around it", async () => {
    const [a, b] = [await broken("a"), await broken("b")];
    server.reply("c", "Hello");
    const inner = createFallback({ models: { a, b } });
    expect(
      (
        await createFallback({ models: { inner, c: openai("c") } })
          .compile()
          .invoke(ask)
      ).modelUsed,
    ).toBe("c");
    expect(requestsTo("a") + requestsTo("b")).toBe(0);
  });

  it("leaves an answer unverified when the judge stands alone", async () => {
    const judge = await broken("judge");
    server.reply("a", "Hello");
    const models = { a: openai("a"), b: openai("b") };
    const { modelUsed, confidence, decisions } = await createCascade({ models, verify: judgeWith(judge) })
      .compile()
      .invoke(ask);
    expect({ modelUsed, confidence }).toEqual({ modelUsed: "a", confidence: null });
    expect(decisions.at(-1)?.reason).toMatch(/^not verified: verifier: server: breaker open until/);
    expect(requestsTo("judge")).toBe(0);
  });

  it("is no decision of a classifier", async () => {
    const classifier = await broken("classifier");
    server.reply("b", "Hello");
    const { modelUsed } = await createRouter({
      models: { a: openai("a") },
      route: classifyWith(classifier),
      fallback: openai("b"),
    })
      .compile()
      .invoke(ask);
    expect(modelUsed).toBe("fallback");
    expect(requestsTo("classifier")).toBe(0);
  });

  it("costs an ensemble a lane while enough others are left, and none when they are not", async () => {
    const a = await broken("a");
    for (const name of ["b", "c"]) server.reply(name, "yes");
    const models = { a, b: openai("b"), c: openai("c") };
    const two = await createEnsemble({ models, aggregate: majorityVote(), minimum: 2 }).compile().invoke(ask);
    expect(two.failures).toMatchObject([{ name: "a", class: "server" }]);
    expect(requestsTo("a")).toBe(0);
    const all = await createEnsemble({ models, aggregate: majorityVote(), minimum: 3 }).compile().invoke(ask);
    expect(all.failures).toEqual([]);
    expect(requestsTo("a")).toBe(1);
  });

  it("leaves the choice of an ensemble to key order when its judge stands alone", async () => {
    const judge = await broken("judge");
    server.reply("a", "one");
    server.reply("b", "two");
    const models = { a: openai("a"), b: openai("b") };
    const { modelUsed } = await createEnsemble({ models, aggregate: bestOf(judge) })
      .compile()
      .invoke(ask);
    expect(modelUsed).toBe("a");
    expect(requestsTo("judge")).toBe(0);
  });

  it("loses the items of a map-reduce whose worker stands alone, without a request", async () => {
    const worker = await broken("worker");
    const graph = createMapReduce({ plan: () => ["one", "two"], worker, reduce: () => "done" }).compile();
    const error = await failureOf(graph.invoke(ask));
    expect(error).toMatchObject({ name: "AllModelsFailedError", failures: [{ item: "one" }, { item: "two" }] });
    expect(requests()).toHaveLength(0);
  });

  it("lets one request find out, while others go on to the next model", async () => {
    let answer!: () => void;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const a = await broken("a", { breaker: { failures: 1, openMs: 1 } }, async () => {
      await held;
      return "Hello again";
    });
    server.reply("b", "Hello");
    const graph = createFallback({ models: { a, b: openai("b") } }).compile();
    const { guards, client } = resolve(a);
    await vi.waitFor(() => expect(guards.every((guard) => guard.unavailable(client) === undefined)).toBe(true));
    const probe = graph.invoke(ask);
    await vi.waitFor(() => expect(requestsTo("a")).toBe(1));
    const others = await Promise.all([graph.invoke(ask), graph.invoke(ask)]);
    expect(others.map(({ modelUsed }) => modelUsed)).toEqual(["b", "b"]);
    answer();
    expect((await probe).modelUsed).toBe("a");
    expect(requestsTo("a")).toBe(1);
    expect((await graph.invoke(ask)).modelUsed).toBe("a");
  });
});
