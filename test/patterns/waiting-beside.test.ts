import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Aggregate,
  AllModelsFailedError,
  bestOf,
  callsOf,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  judgeWith,
  longest,
  type Model,
  majorityVote,
  QuorumNotReachedError,
  synthesizeWith,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";
import { limited, type Runnable, timedRun } from "../support/timed-run.js";

const many = <Value>(count: number, make: () => Value) => Array.from({ length: count }, make);
/** A model that is busy whenever it is asked. */
const busy = (seconds = 20) => saying(...many(9, () => limited(seconds)));
const down = () => ({ model: saying(...many(9, () => httpError(401))), retry: false }) as const;
/** An aggregate that has no answer without its model. */
const asking =
  (model: Model): Aggregate =>
  async ({ ask, messages }) => ({ message: await ask(messages, { model }), confidence: null });
const thrownBy = (run: Promise<unknown>) => run.catch((error: unknown) => error);

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => void vi.useRealTimers());

describe("createExperiment", () => {
  const weights = { a: 1e9, b: 1 };

  it("draws another variant at once where the one it drew is busy, and the run counts for no side", async () => {
    const [a, b] = [busy(), saying("B")];
    const { waited, result } = await timedRun(createExperiment({ models: { a, b }, weights }).compile());
    expect([result.modelUsed, result.route, waited, a.callCount]).toEqual(["b", "b", 0, 1]);
    expect(result.messages.at(-1)!.response_metadata).not.toHaveProperty("orchestration.variants");
  });

  it("waits for the variant that can be asked first where all of them are busy", async () => {
    const [a, b] = [saying(limited(30), "A"), saying(limited(2), "B")];
    const { waited, result } = await timedRun(createExperiment({ models: { a, b }, weights }).compile());
    expect([result.modelUsed, a.callCount, b.callCount]).toEqual(["b", 1, 2]);
    expect(waited).toBeLessThan(3_000);
  });

  it("waits for a variant whose only other is switched off, down or cooling down for longer", async () => {
    const off = saying("never");
    const first = saying(limited(3), "A");
    await timedRun(createExperiment({ models: { a: first, off }, weights: { a: 1, off: 0 } }).compile());
    expect([first.callCount, off.callCount]).toEqual([2, 0]);
    const second = saying(limited(3), "A");
    const { result } = await timedRun(createExperiment({ models: { a: second, b: down() }, weights }).compile());
    expect([result.modelUsed, second.callCount]).toEqual(["a", 2]);
    const cooling = { model: saying(limited(50)), retry: false } as const;
    await timedRun(createFallback({ models: { cooling, b: saying("B") } }).compile());
    const third = saying(limited(3), "A");
    await timedRun(createExperiment({ models: { a: third, b: cooling }, weights }).compile());
    expect([third.callCount, cooling.model.callCount]).toEqual([2, 1]);
  });

  it("gives way to a model beside it when all of its variants are busy", async () => {
    const [a, b] = [busy(), busy()];
    const inner = createExperiment({ models: { a, b }, weights });
    const { waited, result } = await timedRun(createFallback({ models: { inner, z: saying("Z") } }).compile());
    expect([result.modelUsed, waited, a.callCount, b.callCount]).toEqual(["z", 0, 1, 1]);
  });
});

describe("a pattern in a chain whose next model is healthy", () => {
  /** Every place of a pattern where a busy model ends it. */
  const places: Readonly<Record<string, (model: Model) => Model>> = {
    "the first stage of a pipeline": (one) => createPipeline({ stages: { one, two: saying("2", "2") } }),
    "the last stage of a pipeline": (two) => createPipeline({ stages: { one: saying("1", "1", "1"), two } }),
    "a stage that is a chain": (a) => createPipeline({ stages: { one: createFallback({ models: { a } }) } }),
    "a pipeline in a pipeline": (one) =>
      createPipeline({ stages: { in: createPipeline({ stages: { one } }), two: saying("2", "2") } }),
    "a plan": (plan) => createMapReduce({ plan, worker: saying("w", "w"), reduce: saying("r", "r") }),
    "a worker": (worker) => createMapReduce({ plan: () => ["1"], worker, reduce: saying("r", "r") }),
    "a worker that is a chain": (a) =>
      createMapReduce({ plan: () => ["1"], worker: createFallback({ models: { a } }), reduce: saying("r", "r") }),
    "a reduce model": (reduce) => createMapReduce({ plan: () => ["1"], worker: saying("w", "w", "w"), reduce }),
    "a reduce function": (model) =>
      createMapReduce({
        plan: () => ["1"],
        worker: saying("w", "w", "w"),
        reduce: ({ ask, messages }) => ask(messages, { model }),
      }),
    "the only lane of an ensemble": (a) => createEnsemble({ models: { a }, aggregate: longest() }),
    "a lane that is needed": (a) =>
      createEnsemble({ models: { a, b: saying("B", "B", "B") }, minimum: 2, aggregate: longest() }),
    "a lane that is a chain": (a) =>
      createEnsemble({ models: { in: createFallback({ models: { a } }) }, aggregate: longest() }),
    "an aggregate that asks it": (model) =>
      createEnsemble({
        models: { a: saying("A", "A", "A"), b: saying("B", "B", "B") },
        aggregate: asking(model),
      }),
    "the classifier of a router": (model) =>
      createRouter({ models: { a: saying("A"), b: saying("B") }, route: classifyWith(model) }),
    "a judge whose failure is thrown": (model) =>
      createCascade({
        models: { a: saying("A", "A", "A"), b: saying() },
        verify: judgeWith(model),
        onUnverified: "throw",
      }),
    "the last tier of a cascade": (large) =>
      createCascade({
        models: { small: saying("no", "no", "no"), large },
        verify: check(({ answer }) => answer.text !== "no"),
      }),
    "a chain that has a default response": (a) => createFallback({ models: { a }, defaultResponse: "Later." }),
  };

  it.each(Object.entries(places))("%s does not make it wait", async (_, nest) => {
    const model = busy();
    const graph = createFallback({ models: { inner: nest(model), z: saying("Z") } }).compile();
    const { waited, result } = await timedRun(graph);
    expect([result.modelUsed, waited, model.callCount]).toEqual(["z", 0, 1]);
  });

  it.each(Object.entries(places))("%s is waited for when the other model fails", async (_, nest) => {
    const model = saying(limited(20), "the label is a", "the label is a");
    const graph = createFallback({ models: { inner: nest(model), z: down() } }).compile();
    const { waited, result } = await timedRun(graph).catch((error: unknown) => ({ waited: 0, result: error as never }));
    expect([String(result.modelUsed), waited >= 20_000]).toEqual([expect.stringMatching(/^inner/), true]);
    expect(model.callCount).toBe(2);
  });

  it("keeps what the other workers of a plan had paid in the ledger, and gives no answer without the missing item", async () => {
    const worker = saying("one", limited(20), "three");
    const reduce = saying("never");
    const inner = createMapReduce({ plan: () => ["1", "2", "3"], worker, reduce, concurrency: 1 });
    const { waited, result } = await timedRun(createFallback({ models: { inner, z: saying("Z") } }).compile());
    expect([result.modelUsed, waited, reduce.callCount]).toEqual(["z", 0, 0]);
    expect(result.calls.filter(({ path }) => path === "inner/worker")).toHaveLength(worker.callCount);
  });

  it("waits for a judge that has an answer to judge, a little", async () => {
    const judges = [saying(limited(5), "Score: 9"), saying(limited(30), "never")];
    const runs = judges.map((judge) => {
      const inner = createQualityGate({ model: saying("A"), verify: judgeWith(judge) });
      return createFallback({ models: { inner, z: saying("never") } }).compile();
    });
    const short = await timedRun(runs[0]!);
    expect([short.result.modelUsed, judges[0]!.callCount, short.waited >= 5_000]).toEqual(["inner/draft", 2, true]);
    const long = await timedRun(runs[1]!);
    expect([long.result.modelUsed, judges[1]!.callCount, long.waited]).toEqual(["inner/draft", 1, 0]);
  });
});

describe("createEnsemble", () => {
  const others = () => ({ a: saying("x"), b: saying("y") });
  it.each<[string, Aggregate]>([
    ["a vote", majorityVote()],
    ["a choice", longest()],
    ["a judge", bestOf(saying("1"))],
  ])("does not wait for a busy lane where the others give enough answers for %s", async (_, aggregate) => {
    const c = busy();
    const { waited, result } = await timedRun(createEnsemble({ models: { ...others(), c }, aggregate }).compile());
    expect([waited, c.callCount]).toEqual([0, 1]);
    expect(result.failures).toMatchObject([{ name: "c", class: "rate_limit" }]);
    expect(result.decisions).toContainEqual(expect.objectContaining({ kind: "skip", chosen: "c" }));
  });

  it("does not wait for lanes that are chains either", async () => {
    const c = busy();
    const models = { ...others(), c: createFallback({ models: { c } }) };
    const { waited } = await timedRun(createEnsemble({ models, aggregate: longest() }).compile());
    expect([waited, c.callCount]).toEqual([0, 1]);
  });

  it("asks a busy lane again while another is still at work: it costs no time then", async () => {
    let release = () => {};
    const slow = saying("slow");
    const generate = slow._generate.bind(slow);
    slow._generate = async (...call) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return generate(...call);
    };
    const c = saying(limited(3), "a longer answer");
    const answer = c._generate.bind(c);
    c._generate = async (...call) => {
      if (c.callCount === 1) setImmediate(release);
      return answer(...call);
    };
    const { result } = await timedRun(
      createEnsemble({ models: { a: saying("x"), slow, c }, aggregate: longest() }).compile(),
    );
    expect([result.modelUsed, c.callCount, result.candidates.length]).toEqual(["c", 2, 3]);
  });

  it("comes back to a busy lane when the others fail, and waits for no more of them than are needed", async () => {
    const [a, c] = [saying(limited(20), "A"), saying(limited(40), "never")];
    const models = { a, b: down(), c };
    const { waited, result } = await timedRun(createEnsemble({ models, aggregate: longest() }).compile());
    expect([result.modelUsed, a.callCount, c.callCount]).toEqual(["a", 2, 1]);
    expect(waited).toBeGreaterThanOrEqual(20_000);
    expect(waited).toBeLessThan(21_000);
  });

  it("waits for no lane that cannot make the answers enough", async () => {
    const a = busy();
    const run = timedRun(createEnsemble({ models: { a, b: down() }, minimum: 2, aggregate: longest() }).compile());
    expect(await thrownBy(run)).toSatisfy(QuorumNotReachedError.isInstance);
    expect(a.callCount).toBe(1);
  });

  it("asks each lane as often as its retries allow where nothing else answers", async () => {
    const [a, b] = [busy(1), busy(1)];
    const run = timedRun(
      createEnsemble({ models: { a, b: { model: b, retry: { maxRetries: 1 } } }, aggregate: longest() }).compile(),
    );
    const error = await thrownBy(run);
    expect(error).toSatisfy(QuorumNotReachedError.isInstance);
    expect([a.callCount, b.callCount]).toEqual([3, 2]);
    expect(
      callsOf(error)
        .map(({ path, attempt }) => `${path} ${attempt}`)
        .sort(),
    ).toEqual(["a 1", "a 2", "a 3", "b 1", "b 2"]);
  });

  it("runs a lane that is a chain once more after its wait, in which the chain has its own retries", async () => {
    const lane = () => createFallback({ models: { x: saying(limited(2), limited(2), "X") } });
    const { result } = await timedRun(
      createEnsemble({ models: { a: lane(), b: lane() }, aggregate: longest() }).compile(),
    );
    expect(result.candidates.length).toBeGreaterThan(0);
    expect(result.calls.filter(({ path }) => path === "a/x").map(({ status }) => status)).toEqual([
      "error",
      "error",
      "ok",
    ]);
  });

  it("lets a healthy fallback answer at once, and waits for the lanes where it is cooling down", async () => {
    const [a, b] = [busy(), busy()];
    const healthy = createEnsemble({ models: { a, b }, aggregate: majorityVote(), fallback: saying("F") });
    const { waited, result } = await timedRun(healthy.compile());
    expect([result.modelUsed, waited, a.callCount, b.callCount]).toEqual(["fallback", 0, 1, 1]);
    const [c, fallback] = [saying(limited(3), "C"), saying(limited(50))];
    await timedRun(createFallback({ models: { fallback, z: saying("Z") } }).compile());
    const cooling = createEnsemble({ models: { c }, aggregate: longest(), fallback });
    const late = await timedRun(cooling.compile());
    expect([late.result.modelUsed, c.callCount, fallback.callCount]).toEqual(["c", 2, 1]);
  });

  it("comes back to a lane when the fallback fails, if one answer is enough", async () => {
    const a = saying(limited(20), "A");
    const { result } = await timedRun(
      createEnsemble({ models: { a }, aggregate: longest(), fallback: down() }).compile(),
    );
    expect([result.modelUsed, a.callCount]).toEqual(["a", 2]);
    const [b, c] = [busy(), busy()];
    const two = createEnsemble({ models: { b, c }, minimum: 2, aggregate: longest(), fallback: down() });
    expect(await thrownBy(timedRun(two.compile()))).toSatisfy(AllModelsFailedError.isInstance);
    expect([b.callCount, c.callCount]).toEqual([1, 1]);
  });

  it("does not wait for an aggregator where the fallback can answer", async () => {
    const model = busy();
    const graph = createEnsemble({ models: others(), aggregate: asking(model), fallback: saying("F") });
    const { waited, result } = await timedRun(graph.compile());
    expect([result.modelUsed, waited, model.callCount]).toEqual(["fallback", 0, 1]);
  });

  it("waits rather than to say its default response", async () => {
    const a = saying(limited(20), "A");
    const graph = createEnsemble({ models: { a }, aggregate: longest(), defaultResponse: "Later." });
    expect((await timedRun(graph.compile())).result.modelUsed).toBe("a");
  });

  it("wakes at once when it is aborted", async () => {
    const abort = new AbortController();
    const graph = createEnsemble({ models: { a: busy(50), b: busy(50) }, aggregate: longest() }).compile();
    const run = graph.invoke({ messages: "Hi" }, { signal: abort.signal });
    run.catch(() => {});
    await vi.waitUntil(() => vi.getTimerCount() >= 2, { timeout: 300_000 });
    abort.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a strategy whose model is busy", () => {
  const lanes = () => ({ a: saying("A"), b: saying("B") });
  const cases: readonly [string, number, boolean, (judge: Model) => Runnable][] = [
    [
      "a classifier before a healthy fallback",
      1,
      false,
      (judge) =>
        createRouter({
          models: { a: saying("A"), b: saying("B") },
          route: classifyWith(judge),
          fallback: saying("F"),
        }).compile(),
    ],
    [
      "a classifier before a fallback that is down",
      1,
      true,
      (judge) =>
        createRouter({
          models: { a: saying("A"), b: saying("B") },
          route: classifyWith(judge),
          fallback: judge,
        }).compile(),
    ],
    [
      "a classifier without a fallback",
      20,
      true,
      (judge) => createRouter({ models: { a: saying("A"), b: saying("B") }, route: classifyWith(judge) }).compile(),
    ],
    [
      "a judge, for as long as a retry usually waits",
      8,
      true,
      (judge) => createQualityGate({ model: saying("A"), verify: judgeWith(judge) }).compile(),
    ],
    [
      "a judge, for longer",
      9,
      false,
      (judge) => createQualityGate({ model: saying("A"), verify: judgeWith(judge) }).compile(),
    ],
    [
      "a judge that is a chain, for longer",
      9,
      false,
      (model) =>
        createQualityGate({ model: saying("A"), verify: judgeWith(createFallback({ models: { model } })) }).compile(),
    ],
    [
      "a judge before an escalation, for longer",
      9,
      false,
      (judge) =>
        createCascade({
          models: { a: saying("A"), b: saying("B") },
          verify: judgeWith(judge),
          onUnverified: "escalate",
        }).compile(),
    ],
    [
      "a judge the run cannot end without",
      20,
      true,
      (judge) =>
        createCascade({
          models: { a: saying("A"), b: saying("B") },
          verify: judgeWith(judge),
          onUnverified: "throw",
        }).compile(),
    ],
    [
      "the reviewer of a stage, for longer",
      9,
      false,
      (judge) =>
        createPipeline({
          stages: {
            one: saying("1"),
            two: {
              model: saying("2"),
              next: async ({ ask, messages }) => void (await ask(messages, { model: judge })),
            },
          },
        }).compile(),
    ],
  ];

  it("is waited for as long as its own backoff says", async () => {
    const judge = saying(limited(), "Score: 9");
    const verify = judgeWith({ model: judge, retry: { backoff: [20_000] } });
    const { waited } = await timedRun(createQualityGate({ model: saying("A"), verify }).compile());
    expect([judge.callCount, waited >= 20_000]).toEqual([2, true]);
  });

  it.each([synthesizeWith, bestOf])("%o makes an answer without it rather than to wait long", async (strategy) => {
    for (const [seconds, count] of [
      [8, 2],
      [9, 1],
    ] as const) {
      const model = saying(limited(seconds), "Best: 1");
      for (const fallback of [undefined, saying("never")]) {
        const graph = createEnsemble({ models: lanes(), aggregate: strategy(model), ...(fallback && { fallback }) });
        await timedRun(graph.compile());
        expect(fallback?.callCount ?? 0).toBe(0);
      }
      expect(model.callCount).toBe(count + 1);
    }
  });

  it.each(cases)("%s, %i s: it is waited for: %s", async (_, seconds, isWaitedFor, build) => {
    const judge = saying(limited(seconds), "a", "Score: 9");
    const { waited } = await timedRun(build(judge));
    expect([waited >= seconds * 1_000, judge.callCount > 1]).toEqual([isWaitedFor, isWaitedFor]);
  });
});
