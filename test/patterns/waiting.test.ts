import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  AllModelsFailedError,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  judgeWith,
  longest,
  type Model,
  type ModelEntry,
  type OnUnverified,
  type OrchestrationState,
  type Verify,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";
import { limited, type Runnable, timedRun } from "../support/timed-run.js";

const busy = (seconds: number) => httpError(503, "overloaded", { headers: { "retry-after": String(seconds) } });
const once = { retry: false } as const;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => void vi.useRealTimers());

describe("a chain", () => {
  it.each([
    ["a rate limit", limited()],
    ["a rate limit that names a wait", limited(2)],
    ["a busy server that names a wait", busy(30)],
  ])("moves on at once from %s while another model is healthy, and cools the first down", async (_, error) => {
    const a = saying(error, "A");
    const graph = createFallback({ models: { a, b: saying("B", "B") } }).compile();
    const { waited, result } = await timedRun(graph);
    expect([result.modelUsed, waited]).toEqual(["b", 0]);
    const next = await timedRun(graph);
    expect(next.result.decisions[0]).toMatchObject({ kind: "skip", chosen: "a" });
    expect(a.callCount).toBe(1);
  });

  it("retries a server that fails without naming a wait in place, as ever", async () => {
    const a = saying(httpError(500), "A");
    const { result } = await timedRun(createFallback({ models: { a, b: saying("B") } }).compile());
    expect([result.modelUsed, a.callCount]).toEqual(["a", 2]);
  });

  it("waits for the last model that can still answer", async () => {
    const b = saying(limited(2), "B");
    const { waited, result } = await timedRun(
      createFallback({ models: { a: { model: saying(limited(40)), ...once }, b } }).compile(),
    );
    expect([result.modelUsed, b.callCount]).toEqual(["b", 2]);
    expect(waited).toBeGreaterThanOrEqual(2_000);
    expect(waited).toBeLessThan(3_000);
  });

  it("waits for a single model as long as it asks", async () => {
    const { waited, result } = await timedRun(createFallback({ models: { a: saying(limited(7), "A") } }).compile());
    expect(result.modelUsed).toBe("a");
    expect(waited).toBeGreaterThanOrEqual(7_000);
  });

  it("waits for the one that can be asked first", async () => {
    const [a, b] = [saying(limited(2), "A"), saying(limited(30), "B")];
    const { waited, result } = await timedRun(createFallback({ models: { a, b } }).compile());
    expect([result.modelUsed, a.callCount, b.callCount]).toEqual(["a", 2, 1]);
    expect(waited).toBeLessThan(3_000);
    expect(result.calls.map(({ path, attempt }) => [path, attempt])).toEqual([
      ["a", 1],
      ["b", 1],
      ["a", 2],
    ]);
    expect(result.decisions.at(-1)).toMatchObject({ node: "b", kind: "fallback", chosen: "a" });
  });

  it("comes back to a model it moved on from when all others fail for good", async () => {
    const a = saying(limited(5), "A");
    const models = { a, b: { model: saying(httpError(500)), ...once }, c: { model: saying(httpError(401)), ...once } };
    const { waited, result } = await timedRun(createFallback({ models, defaultResponse: "Later." }).compile());
    expect(result.modelUsed).toBe("a");
    expect(waited).toBeGreaterThanOrEqual(5_000);
    expect(waited).toBeLessThan(6_000);
    expect(result.failures.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("asks each model as often as its own retries allow, and says of each once why it failed", async () => {
    const always = () => saying(...Array.from({ length: 9 }, () => limited(1)));
    const models = { a: always(), b: { model: always(), retry: { maxRetries: 1 } }, c: { model: always(), ...once } };
    const { result: failed } = await timedRun({
      invoke: async (input: { messages: string }) => {
        const error: unknown = await createFallback({ models })
          .compile()
          .invoke(input)
          .catch((thrown: unknown) => thrown);
        return { modelUsed: undefined, error };
      },
    });
    const { error } = failed as { error: AllModelsFailedError };
    expect(error).toSatisfy(AllModelsFailedError.isInstance);
    expect(error.failures.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect([models.a.callCount, models.b.model.callCount, models.c.model.callCount]).toEqual([3, 2, 1]);
  });

  it("does not wait for more than 60 s", async () => {
    const a = saying(limited(61), "A");
    const graph = createFallback({
      models: { a, b: { model: saying(httpError(500)), ...once } },
      defaultResponse: "Later.",
    });
    const { waited, result } = await timedRun(graph.compile());
    expect([result.modelUsed, waited, a.callCount]).toEqual(["default_response", 0, 1]);
  });

  it("wakes at once when it is aborted", async () => {
    const abort = new AbortController();
    const a = saying(limited(50), "A");
    const run = createFallback({ models: { a, b: { model: saying(httpError(500)), ...once } } })
      .compile()
      .invoke({ messages: "Hi" }, { signal: abort.signal });
    run.catch(() => {});
    await vi.waitUntil(() => vi.getTimerCount() > 0, { timeout: 300_000 });
    abort.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    expect([a.callCount, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it("does not take a model that is cooling down, or too small, for one that is left", async () => {
    const cooling = { model: saying(limited(50), "never"), ...once };
    await timedRun(createFallback({ models: { cooling, b: saying("B") } }).compile());
    const a = saying(limited(2), "A");
    const small = { model: saying("never"), contextWindow: 1 };
    const { result } = await timedRun(createFallback({ models: { a, cooling, small } }).compile());
    expect([result.modelUsed, a.callCount, cooling.model.callCount]).toEqual(["a", 2, 1]);
  });
});

describe("other patterns", () => {
  const good = check(() => true);
  it.each<[string, (a: ModelEntry["model"], b: ModelEntry["model"]) => Runnable]>([
    ["a cascade", (small, b) => createCascade({ models: { small, b }, verify: good }).compile()],
    [
      "a cascade with a fallback",
      (small, fallback) => createCascade({ models: { small }, verify: good, fallback }).compile(),
    ],
    ["a router", (a, fallback) => createRouter({ models: { a }, route: () => "a", fallback }).compile()],
    ["a gate", (model, fallback) => createQualityGate({ model, verify: good, fallback }).compile()],
  ])("%s moves on at once too", async (_, build) => {
    const [a, b] = [saying(limited(20), "A"), saying("B")];
    const { waited } = await timedRun(build(a, b));
    expect([waited, a.callCount, b.callCount]).toEqual([0, 1, 1]);
  });

  it.each<[string, (a: ModelEntry["model"]) => Runnable]>([
    ["a gate without a fallback", (model) => createQualityGate({ model, verify: good }).compile()],
    ["a router without one", (a) => createRouter({ models: { a, b: saying("B") }, route: () => "a" }).compile()],
    [
      "a lane that is needed",
      (a) => createEnsemble({ models: { a, b: saying("B") }, minimum: 2, aggregate: longest() }).compile(),
    ],
  ])("%s waits: no other model can do its work", async (_, build) => {
    const a = saying(limited(3), "A longer answer");
    const { waited } = await timedRun(build(a));
    expect(a.callCount).toBe(2);
    expect(waited).toBeGreaterThanOrEqual(3_000);
  });

  it.each<[string, (models: Record<string, ModelEntry["model"]>) => ModelEntry["model"]]>([
    ["a chain", (models) => createFallback({ models })],
    ["a cascade", (models) => createCascade({ models, verify: good })],
    [
      "a chain in a router",
      (models) => createRouter({ models: { in: createFallback({ models }) }, route: () => "in" }),
    ],
  ])("%s in a chain gives way at once, and is come back to when the other model fails", async (_, nest) => {
    const x = saying(limited(20), limited(20), "X");
    const inner = nest({ x });
    const healthy = await timedRun(createFallback({ models: { inner, b: saying("B") } }).compile());
    expect([healthy.result.modelUsed, healthy.waited, x.callCount]).toEqual(["b", 0, 1]);
    vi.setSystemTime(Date.now() + 60_000);
    const down = { model: saying(httpError(401)), ...once };
    const { waited, result } = await timedRun(createFallback({ models: { inner, down } }).compile());
    expect(result.modelUsed).toMatch(/^inner/);
    expect(x.callCount).toBe(3);
    expect(waited).toBeGreaterThanOrEqual(20_000);
    expect(waited).toBeLessThan(21_000);
  });

  it("a nested chain that has waited is not run again", async () => {
    const x = saying(...Array.from({ length: 9 }, () => limited(1)));
    const graph = createFallback({ models: { in: createFallback({ models: { x } }) }, defaultResponse: "Later." });
    const { result } = await timedRun(graph.compile());
    expect([result.modelUsed, x.callCount]).toEqual(["default_response", 3]);
  });

  it("a cascade comes back to the tier it moved on from, and has its answer judged", async () => {
    const small = saying(limited(4), "small");
    const models = { small, large: { model: saying(httpError(401)), ...once } };
    const { result } = await timedRun(
      createCascade({ models, verify: check(() => ({ pass: true, score: 0.9 })) }).compile(),
    );
    expect(result).toMatchObject({ modelUsed: "small", confidence: 0.9, verdict: { pass: true } });
    expect(result.calls.map(({ path, node }) => [path, node])).toEqual([
      ["small", "small"],
      ["large", "large"],
      ["small", "small"],
    ]);
  });

  it("a router comes back to its model when the fallback is down", async () => {
    const a = saying(limited(4), "A");
    const graph = createRouter({
      models: { a, b: saying() },
      route: () => "a",
      fallback: { model: saying(httpError(401)), ...once },
    });
    const { result } = await timedRun(graph.compile());
    expect([result.modelUsed, result.route, a.callCount]).toEqual(["a", "a", 2]);
  });

  describe("behind a verifier, where the fallback is down", () => {
    interface Judged extends Runnable {
      invoke(input: { messages: string }): Promise<typeof OrchestrationState.State>;
    }
    const broken = () => ({ model: saying(httpError(401)), ...once });
    const patterns: Readonly<Record<string, (model: Model, verify: Verify, onUnverified?: OnUnverified) => Judged>> = {
      "a cascade": (small, verify, onUnverified = "accept") =>
        createCascade({ models: { small }, verify, onUnverified, fallback: broken() }).compile(),
      "a cascade of two": (small, verify, onUnverified = "accept") =>
        createCascade({ models: { small, large: broken() }, verify, onUnverified, fallback: broken() }).compile(),
      "a gate": (model, verify, onUnverified = "accept") =>
        createQualityGate({ model, verify, onUnverified, fallback: broken() }).compile(),
      "a router": (a, verify, onUnverified = "accept") =>
        createRouter({ models: { a }, route: () => "a", verify, onUnverified, fallback: broken() }).compile(),
    };
    const busyOnce = () => saying(limited(4), "late");

    it.each(Object.entries(patterns))("%s comes back to the busy model, and judges its answer", async (_, pattern) => {
      for (const pass of [true, false]) {
        const verify = vi.fn(() => ({ pass, score: 0.4 }));
        const model = busyOnce();
        const { waited, result } = await timedRun(pattern(model, check(verify)));
        expect(result).toMatchObject({ confidence: 0.4, verdict: { pass }, candidates: [{ verdict: { pass } }] });
        expect(result.messages.map(({ text }) => text)).toEqual(["Why is the sky blue?", "late"]);
        expect([model.callCount, verify.mock.calls.length]).toEqual([2, 1]);
        expect(result.decisions.at(-1)).toMatchObject({ node: "verifier", kind: "accept" });
        expect(waited).toBeGreaterThanOrEqual(4_000);
      }
    });

    it("a cascade pays no judge for it, since no model comes after it; a gate and a router do", async () => {
      for (const [name, pattern] of Object.entries(patterns)) {
        const judge = saying("Score: 9");
        const { result } = await timedRun(pattern(busyOnce(), judgeWith(judge)));
        const isLadder = name.startsWith("a cascade");
        expect([name, judge.callCount, result.confidence]).toEqual([name, ...(isLadder ? [0, null] : [1, 0.9])]);
        if (isLadder) expect(result.decisions.at(-1)).toMatchObject({ reason: "last tier, not judged" });
      }
    });

    it.each(["a gate", "a router"])(
      "%s does not take a failing judge, or a bug, for another failure of the model",
      async (name) => {
        const judge = () => judgeWith({ model: saying(httpError(401)), ...once });
        const { result } = await timedRun(patterns[name]!(busyOnce(), judge()));
        expect([result.messages.at(-1)!.text, result.confidence, result.verdict]).toEqual(["late", null, undefined]);
        const failing = timedRun(patterns[name]!(busyOnce(), judge(), "throw"));
        await expect(failing).rejects.toMatchObject({ name: "ModelCallError", class: "authentication" });
        const bug = check(() => {
          throw new TypeError("a bug");
        });
        await expect(timedRun(patterns[name]!(busyOnce(), bug))).rejects.toThrow("a bug");
      },
    );
  });
});

describe("a cool-down", () => {
  const chainOf = (a: ModelEntry) =>
    createFallback({ models: { a, b: saying(...Array<string>(20).fill("B")) } }).compile();
  const served = async (graph: Runnable) => (await timedRun(graph)).result.modelUsed;

  it("has a ceiling: a Retry-After of years does not remove a model", async () => {
    for (const wait of ["315360000", new Date(Date.now() + 1e12).toUTCString()]) {
      const graph = chainOf({
        model: saying(httpError(429, "later", { headers: { "retry-after": wait } }), "A"),
        ...once,
      });
      expect(await served(graph)).toBe("b");
      vi.setSystemTime(Date.now() + 299_000);
      expect(await served(graph)).toBe("b");
      vi.setSystemTime(Date.now() + 2_000);
      expect(await served(graph)).toBe("a");
    }
  });

  it("has the ceiling of its entry, where that has one", async () => {
    const graph = chainOf({ model: saying(limited(3_600), "A"), ...once, coolDown: { maxMs: 1_000 } });
    expect(await served(graph)).toBe("b");
    vi.setSystemTime(Date.now() + 1_001);
    expect(await served(graph)).toBe("a");
    const never = chainOf({ model: saying(limited(3_600), "A"), ...once, coolDown: { maxMs: 0 } });
    expect([await served(never), await served(never)]).toEqual(["b", "a"]);
  });

  it("is not longer because the clock was set back", async () => {
    const graph = chainOf({ model: saying(limited(20), "A"), ...once });
    expect(await served(graph)).toBe("b");
    vi.setSystemTime(Date.now() - 86_400_000);
    expect(await served(graph)).toBe("b");
    vi.setSystemTime(Date.now() + 20_001);
    expect(await served(graph)).toBe("a");
  });

  it("ends with one request, while others go on without the model until it has ended", async () => {
    let release = (_answer: string) => {};
    const gate = new Promise<string>((resolve) => {
      release = resolve;
    });
    const a = saying(limited(20), "A", "A");
    const graph = chainOf({ model: a, ...once });
    expect(await served(graph)).toBe("b");
    vi.setSystemTime(Date.now() + 20_001);
    const generate = a._generate.bind(a);
    a._generate = async (...call) => {
      await gate;
      return generate(...call);
    };
    const probe = graph.invoke({ messages: "probe" });
    await vi.waitUntil(() => a.callCount === 1, { timeout: 300_000 });
    for (let i = 0; i < 3; i++) await new Promise(setImmediate);
    const others = await Promise.all([1, 2, 3].map(() => graph.invoke({ messages: "Hi" })));
    expect(others.map(({ modelUsed }) => modelUsed)).toEqual(["b", "b", "b"]);
    expect(others[0]!.decisions[0]!.reason).toMatch(/another run finds out/);
    release("");
    expect((await probe).modelUsed).toBe("a");
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("a");
  });

  it("begins again when the probe fails, whatever it fails with", async () => {
    const a = saying(limited(20), httpError(500), "A");
    const graph = chainOf({ model: a, ...once });
    expect(await served(graph)).toBe("b");
    vi.setSystemTime(Date.now() + 20_001);
    expect(await served(graph)).toBe("b");
    expect(await served(graph)).toBe("b");
    expect(a.callCount).toBe(2);
    vi.setSystemTime(Date.now() + 5_001);
    expect(await served(graph)).toBe("a");
  });
});
