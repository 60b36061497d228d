import { MemorySaver } from "@langchain/langgraph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVariants, type RunLedger } from "../../src/evaluation/index.js";
import {
  asChatModel,
  createExperiment,
  createPipeline,
  createQualityGate,
  InvalidOptionError,
  type Model,
  totalCost,
} from "../../src/index.js";
import { callOf } from "../ledger/calls.js";
import { httpError, saying } from "../support/fakes.js";

const forever = (text: string) => saying(...Array<string>(20).fill(text));
const down = () => ({ model: saying(...Array<Error>(20).fill(httpError(503))), retry: false, breaker: false }) as const;

/** A run of a variant, as an experiment returns it. */
function runOf(variant: string, { latencyMs = 1_000, costUsd = 0.001, ...more }: RunFields = {}): RunLedger {
  const decisions = [{ node: "assignment", kind: "route", chosen: variant, reason: "drawn by weight" }] as const;
  const { startedAt = 0, ...rest } = more;
  return { calls: [callOf({ latencyMs, costUsd, startedAt })], decisions, ...rest };
}

type RunFields = Partial<Pick<RunLedger, "confidence" | "error" | "earlierCalls">> & {
  readonly latencyMs?: number;
  readonly costUsd?: number | null;
  readonly startedAt?: number;
};

const times = <Run>(count: number, make: (index: number) => Run) =>
  Array.from({ length: count }, (_, index) => make(index));
const failed = new Error("no answer");

describe("compareVariants › runs of an experiment", () => {
  const models = (): Record<"a" | "b", Model> => ({ a: forever("A"), b: forever("B") });

  it("counts each run for the variant it was assigned to", async () => {
    const graph = createExperiment({ models: models(), weights: { a: 3, b: 1 }, seed: "spring" }).compile();
    const runs = await Promise.all(times(20, () => graph.invoke({ messages: "Hi" })));
    const { variants, baseline, unassigned } = compareVariants(runs);
    const count = (name: string) => runs.filter(({ route }) => route === name).length;
    expect([variants.a?.runs, variants.b?.runs, unassigned]).toEqual([count("a"), count("b"), 0]);
    expect(baseline).toBe("a");
    expect(variants.a?.success).toEqual({ value: 1, low: expect.any(Number), high: 1, runs: count("a") });
  });

  it("counts a run that another variant answered for no side, and as fallen for the one that was drawn", async () => {
    const graph = createExperiment({ models: { ...models(), b: down() }, weights: { a: 1, b: 1 }, seed: 7 }).compile();
    const runs = await Promise.all(times(20, () => graph.invoke({ messages: "Hi" })));
    const fell = runs.filter(({ failures }) => failures.length > 0).length;
    expect(fell).toBeGreaterThan(3);
    const { variants, unassigned, differences } = compareVariants(runs);
    expect(variants.a).toMatchObject({ runs: 20 - fell, fallen: { value: 0 } });
    expect(variants.b).toMatchObject({
      runs: 0,
      fallen: { value: 1, runs: fell },
      success: { value: null, low: null },
    });
    expect(differences.b?.fallen).toMatchObject({ value: 1, differs: true, moreRuns: { seen: 0 } });
    expect(differences.b?.success).toEqual({
      value: null,
      low: null,
      high: null,
      differs: false,
      moreRuns: { seen: null },
    });
    expect(unassigned).toBe(0);
  });

  it("reads the errors of runs that threw, and answers of a chat model", async () => {
    const alone = createExperiment({ models: { ...models(), b: down() }, weights: { a: 0, b: 1 } });
    const error: unknown = await alone
      .compile()
      .invoke({ messages: "Hi" })
      .catch((thrown: unknown) => thrown);
    const gate = createQualityGate({ model: models().a, verify: () => ({ pass: true, score: 0.8 }) });
    const chat = asChatModel(createExperiment({ models: { a: gate, b: models().b }, weights: { a: 1, b: 0 } }));
    const { variants } = compareVariants([error as Error, await chat.invoke("Hi")]);
    expect(variants.b).toMatchObject({ runs: 1, success: { value: 0 } });
    expect(variants.a).toMatchObject({ runs: 1, success: { value: 1 }, score: { value: 0.8, runs: 1 } });
  });

  it("asks which experiment is meant where runs have two", async () => {
    const experiment = () => createExperiment({ models: models(), weights: { a: 1, b: 1 }, seed: 3 });
    const graph = createPipeline({ stages: { draft: experiment(), polish: experiment() } }).compile();
    const runs = await Promise.all(times(6, () => graph.invoke({ messages: "Hi" })));
    expect(() => compareVariants(runs)).toThrow(
      "compareVariants.at is undefined; name one of the experiments: draft/assignment, polish/assignment",
    );
    expect(() => compareVariants(runs, { at: "daft/assignment" })).toThrow(
      /at is "daft\/assignment".*did you mean draft\/assignment\?/,
    );
    const { variants } = compareVariants(runs, { at: "draft/assignment" });
    expect((variants.a?.runs ?? 0) + (variants.b?.runs ?? 0)).toBe(6);
  });

  it("leaves out a paused run, one of several variants and one without an experiment", async () => {
    const experiment = createExperiment({ models: models(), weights: { a: 1, b: 1 } });
    const paused = experiment.compile({ checkpointer: new MemorySaver(), interruptBefore: ["a", "b"] });
    const state = await paused.invoke({ messages: "Hi" }, { configurable: { thread_id: "1" } });
    const { decisions = [], ...twice } = runOf("a");
    const several = { ...twice, decisions: [...decisions, { ...decisions[0]!, chosen: "b" }] };
    const { unassigned, variants } = compareVariants([state, several, { calls: [] }, runOf("a")]);
    expect([unassigned, Object.keys(variants), variants.a?.runs]).toEqual([3, ["a"], 1]);
  });
});

describe("compareVariants › figures", () => {
  it("gives the known figures of two sides of known runs", () => {
    const runs = [
      ...times(70, (index) => runOf("old", { latencyMs: index + 1, ...(index >= 56 && { error: failed }) })),
      ...times(80, (index) => runOf("new", { costUsd: 0.002, ...(index >= 48 && { error: failed }) })),
    ];
    const { variants, differences, baseline } = compareVariants(runs, { baseline: "new" });
    expect(baseline).toBe("new");
    const { success, costUsd, p50LatencyMs } = differences.old!;
    expect(success.value).toBeCloseTo(0.2, 12);
    expect(success.low).toBeCloseTo(0.0524, 4); // Newcombe (1998), table II
    expect(success.high).toBeCloseTo(0.3339, 4);
    expect(success.differs).toBe(true);
    expect(costUsd).toMatchObject({ value: -0.001, low: -0.001, high: -0.001, differs: true }); // no variance by rounding
    expect(p50LatencyMs.value).toBe(28 - 1_000);
    expect(variants.old!.meanLatencyMs).toMatchObject({ value: 28.5, runs: 56 });
    expect(variants.old!.p95LatencyMs).toEqual({ value: 54, low: 50, high: null, runs: 56 });
  });

  it("counts the cost of failed runs and of earlier attempts, and the time of neither", () => {
    const earlierCalls = [callOf({ costUsd: 0.004, startedAt: -1e9 })];
    const runs = [runOf("a", { earlierCalls }), runOf("a", { error: failed, latencyMs: 9_000, costUsd: 0.003 })];
    const { costUsd, meanLatencyMs } = compareVariants(runs).variants.a!;
    expect(costUsd.value).toBeCloseTo(0.004, 12);
    expect(meanLatencyMs).toEqual({ value: 1_000, low: null, high: null, runs: 1 });
  });

  it("measures a run from its first call to the end of its last one", () => {
    const lanes = [callOf({ startedAt: 100, latencyMs: 50 }), callOf({ startedAt: 120, latencyMs: 80 })];
    const { decisions } = runOf("a");
    expect(compareVariants([{ calls: lanes, decisions }]).variants.a!.meanLatencyMs.value).toBe(100);
  });

  it("has no cost for a side with an unknown price, instead of that of other runs", () => {
    const runs = [...times(5, () => runOf("a")), ...times(5, () => runOf("b")), runOf("b", { costUsd: null })];
    const { variants, differences } = compareVariants(runs, { baseline: "a" });
    expect(variants.b!.costUsd).toEqual({ value: null, low: null, high: null, runs: 0 });
    expect(differences.b!.costUsd).toMatchObject({ value: null, differs: false, moreRuns: { seen: null } });
    expect(variants.a!.costUsd.value).toBeCloseTo(0.001, 12);
  });

  it("takes the score from confidence, and from a function of the run", () => {
    const runs = [0.5, 0.9, null, undefined].map((confidence) => runOf("a", { confidence }));
    const { score } = compareVariants(runs).variants.a!;
    expect([score.value, score.runs]).toEqual([0.7, 2]);
    const own = compareVariants(runs, {
      score: ({ calls }) => calls.length,
      success: ({ confidence }) => confidence === 0.9,
    });
    expect(own.variants.a).toMatchObject({ score: { value: 1, runs: 4 }, success: { value: 0.25 } });
  });

  it("says nothing of no runs", () => {
    expect(compareVariants([])).toEqual({
      baseline: undefined,
      peeking: false,
      variants: {},
      differences: {},
      unassigned: 0,
    });
    expect(compareVariants([], { baseline: "a" }).baseline).toBeUndefined();
  });

  it("survives JSON as it is", () => {
    const comparison = compareVariants([runOf("a"), ...times(3, () => runOf("b"))], { smallest: { success: 0.1 } });
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
  });
});

describe("compareVariants › other sides", () => {
  const day = (text: string) => new Date(text).getTime();
  const runs = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-12-01"].map((at) => runOf("a", { startedAt: day(at) }));

  it("compares two times, each from its first moment to before its last", () => {
    const by = { before: [undefined, "2026-11-02"], after: [new Date("2026-11-02"), day("2026-12-01")] } as const;
    const { variants, baseline, unassigned } = compareVariants(runs, { by });
    expect([baseline, variants.before!.runs, variants.after!.runs, unassigned]).toEqual(["before", 1, 2, 1]);
  });

  it("has a time without runs, too", () => {
    const { variants, differences } = compareVariants(runs, { by: { before: ["2020", "2021"], after: ["2026"] } });
    expect(variants.before).toMatchObject({ runs: 0, success: { value: null }, p95LatencyMs: { value: null } });
    expect(differences.after!.meanLatencyMs.value).toBeNull();
  });

  it("takes what a function returns", () => {
    const { variants, unassigned } = compareVariants(runs, {
      by: ({ calls }) => (calls[0]!.startedAt < day("2026-11-02") ? undefined : "late"),
    });
    expect([variants.late?.runs, unassigned]).toEqual([3, 1]);
  });

  it.each([
    [{ by: { a: ["2026-01-01", "2026-02-01"], b: ["2026-01-31"] } }, /by\.b is an array of 1; it shares time with a/],
    [{ by: { a: ["2026-02-01", "2026-01-01"] } }, /by\.a is an array of 2; give two moments, the earlier first/],
    [{ by: { a: ["soon"] } }, /by\.a is an array of 1; give two moments/],
    [{ by: { a: "2026" } }, /by\.a is "2026"; give two moments/],
    [{ by: "model" }, /by is "model"; give "variant", a function/],
    [{ baseline: "b" }, /baseline is "b"; the sides are a/],
    [{ smallest: { success: 0 } }, /smallest\.success is 0; give a difference above 0/],
    [{ smallest: { sucess: 0.1 } }, /smallest\.sucess is 0.1; the options are .*did you mean success\?/],
    [{ looks: 4 }, /looks is 4; the options are/],
  ])("refuses %o", (options, message) => {
    expect(() => compareVariants(runs, options as never)).toThrow(message);
    expect(() => compareVariants(runs, options as never)).toThrow(InvalidOptionError);
  });

  it.each([undefined, "rows", { calls: [] }])("refuses %o in the place of runs", (given) => {
    expect(() => compareVariants(given as never)).toThrow(/compareVariants\.runs is .*give a list of final states/);
  });

  it.each([[null], ["a row"], [{ text: "Hi" }]])("refuses %o as a run", (run) => {
    expect(() => compareVariants([run] as never)).toThrow(/compareVariants\.runs\[0\] is .*it has no ledger/);
  });

  it.each([
    ["calls[0]", { calls: [null] }],
    ["calls[0]", { calls: [{ name: "search", args: {} }] }],
    ["calls[0]", { calls: [callOf({ latencyMs: Number.NaN })] }],
    ["calls[0]", { calls: [], earlierCalls: [{}] }],
    ["decisions", { calls: [], decisions: [null] }],
    ["decisions", { calls: [], decisions: "route" }],
  ])("refuses a run whose %s is none, with its position", (place, run) => {
    const refused = `compareVariants.runs[1].${place} is `;
    expect(() => compareVariants([runOf("a"), run] as never)).toThrow(refused);
    expect(() => compareVariants([runOf("a"), run] as never)).toThrow(InvalidOptionError);
  });

  it("reads states from JSON, whose empty fields are null", () => {
    const empty = { decisions: null, confidence: null, earlierCalls: null, error: null };
    const { variants, unassigned } = compareVariants([runOf("a"), { ...runOf("a"), ...empty } as never]);
    expect([variants.a?.runs, unassigned]).toEqual([1, 1]);
  });
});

describe("compareVariants › how many more runs", () => {
  const side = (name: string, right: number, total: number) =>
    times(total, (index) => runOf(name, index >= right ? { error: failed } : {}));

  it("plans for the difference seen, and for the smallest that matters", () => {
    const runs = [...side("a", 90, 100), ...side("b", 95, 100)];
    const { success } = compareVariants(runs, { baseline: "a", smallest: { success: 0.05 } }).differences.b!;
    expect(success.differs).toBe(false);
    expect(success.moreRuns.seen).toBe(Math.ceil(2 * 434.432 - 200)); // 5 against 10 %
    expect(success.moreRuns.smallest).toBeGreaterThan(2 * 435 - 200); // 85 against 90 %, nearer to the middle
  });

  it("keeps the split of the traffic", () => {
    const runs = [...side("a", 810, 900), ...side("b", 95, 100)];
    const { moreRuns } = compareVariants(runs, { baseline: "a" }).differences.b!.success;
    expect(moreRuns.seen! + 1_000).toBeGreaterThan(2 * 2 * 435);
  });

  it("needs no more where the interval excludes 0, and cannot say where nothing differs", () => {
    const clear = compareVariants([...side("a", 10, 100), ...side("b", 90, 100)], {
      baseline: "a",
      smallest: { success: 0.5 },
    });
    expect(clear.differences.b!.success).toMatchObject({ differs: true, moreRuns: { seen: 0, smallest: 0 } });
    const same = compareVariants([...side("a", 9, 10), ...side("b", 9, 10)], { smallest: { success: 0.95 } });
    expect(same.differences.b!.success.moreRuns).toEqual({ seen: null, smallest: null });
  });

  it("finds, by the planned number of runs, the planned difference of a quantile", () => {
    const spread = (name: string, shift: number, count: number) =>
      times(count, (index) => runOf(name, { latencyMs: shift + (1_000 * index) / count }));
    const few = compareVariants([...spread("a", 0, 40), ...spread("b", 100, 40)], { baseline: "a" }).differences.b!;
    const { seen } = few.p50LatencyMs.moreRuns;
    expect(few.p50LatencyMs.differs).toBe(false);
    const enough = (seen! + 80) / 2;
    const many = compareVariants([...spread("a", 0, enough), ...spread("b", 100, enough)], { baseline: "a" });
    expect(many.differences.b!.p50LatencyMs.differs).toBe(true);
    expect(few.p95LatencyMs.moreRuns.seen).toBeNull(); // no upper limit yet
  });
});

describe("compareVariants › a property of random runs", () => {
  const variant = fc.constantFrom("a", "b", "c");
  const runs = fc.array(
    fc.record({
      variant,
      latencyMs: fc.nat(60_000),
      costUsd: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 20 }),
      confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      isFailed: fc.boolean(),
    }),
  );

  it("gives every figure as the ledger has it, inside its interval", () => {
    fc.assert(
      fc.property(runs, (given) => {
        const all = given.map(({ variant, isFailed, ...run }) => ({
          variant,
          run: runOf(variant, { ...run, ...(isFailed && { error: failed }) }),
        }));
        const { variants } = compareVariants(all.map(({ run }) => run));
        for (const [name, figures] of Object.entries(variants)) {
          const own = all.filter(({ variant }) => variant === name).map(({ run }) => run);
          const answered = own.filter(({ error }) => error === undefined);
          const total = totalCost(own.flatMap(({ calls }) => calls));
          expect(figures.runs).toBe(own.length);
          expect(figures.success.value! * own.length).toBeCloseTo(answered.length, 9);
          if (total === null) expect(figures.costUsd.value).toBeNull();
          else expect(figures.costUsd.value! * own.length).toBeCloseTo(total, 9);
          const latencies = answered.map(({ calls }) => calls[0]!.latencyMs);
          const { value } = figures.p95LatencyMs;
          if (value !== null) {
            expect(latencies.filter((each) => each <= value).length).toBeGreaterThanOrEqual(
              0.95 * latencies.length - 1e-6,
            );
            expect(latencies.filter((each) => each < value).length).toBeLessThan(0.95 * latencies.length);
          }
          const { runs: _count, ...intervals } = figures;
          for (const { value, low, high } of Object.values(intervals)) {
            if (value === null) continue;
            expect(low ?? -Infinity).toBeLessThanOrEqual(value + 1e-12);
            expect(high ?? Infinity).toBeGreaterThanOrEqual(value - 1e-12);
          }
        }
      }),
    );
  });
});
