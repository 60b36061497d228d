import { describe, expect, it } from "vitest";
import type { ModelCall, Price } from "../../src/ledger/model-call.js";
import { lookUpPrice } from "../../src/ledger/price.js";
import { formatReport, savings } from "../../src/ledger/report.js";
import { costOf } from "../../src/ledger/usage.js";
import { callOf } from "./calls.js";

/** The ledger of one question that one model answered. */
function run(
  turnId: number,
  model: string,
  price: Price | null,
  [inputTokens, outputTokens]: [number, number],
): ModelCall {
  const usage = { inputTokens, outputTokens };
  return callOf({
    turnId: String(turnId),
    node: model,
    path: model,
    model,
    price,
    usage,
    costUsd: costOf(usage, price),
  });
}
const runs = (count: number, first: number, ...rest: [string, Price | null, [number, number]]) =>
  Array.from({ length: count }, (_, index) => run(first + index, ...rest));

describe("savings", () => {
  it("reproduces 1,000 questions, 80 % of them simple: $3.10 instead of $12.50, 75 % saved", () => {
    const tokens: [number, number] = [1_000, 1_000];
    const calls = [
      ...runs(800, 0, "gpt-4o-mini", lookUpPrice("gpt-4o-mini"), tokens),
      ...runs(200, 800, "gpt-4o", lookUpPrice("gpt-4o"), tokens),
    ];
    const { costUsd, againstUsd, savedUsd, savedPercent } = savings(calls, { against: "gpt-4o" });
    expect(costUsd).toBeCloseTo(3.1, 8);
    expect(againstUsd).toBeCloseTo(12.5, 8);
    expect(savedUsd).toBeCloseTo(9.4, 8);
    expect(Math.round(savedPercent!)).toBe(75);
  });

  it("reproduces 1,000 calls a day over four tiers: $0.186 instead of $15, 98.8 % saved", () => {
    const perThousand = (usd: number): Price => ({ input: usd * 1_000, output: usd * 1_000 });
    const tokens: [number, number] = [300, 200];
    const calls = [
      ...runs(600, 0, "small", perThousand(0), tokens),
      ...runs(300, 600, "medium", perThousand(0), tokens),
      ...runs(90, 900, "large", perThousand(0.0008), tokens),
      ...runs(10, 990, "premium", perThousand(0.03), tokens),
    ];
    const { costUsd, againstUsd, savedPercent } = savings(calls, { against: "premium" });
    expect(costUsd).toBeCloseTo(0.186, 8);
    expect(againstUsd).toBeCloseTo(15, 8);
    expect(savedPercent?.toFixed(1)).toBe("98.8");
  });

  const [cheap, dear] = [
    { input: 1, output: 1 },
    { input: 10, output: 10 },
  ];
  /** A cascade of one question: a router, a draft, a judge, a failed attempt, a better answer, the judge again. */
  const climb = [
    { ...run(1, "router", cheap, [30, 1]), role: "router" as const },
    run(1, "small", cheap, [100, 50]),
    { ...run(1, "verifier", dear, [200, 10]), role: "judge" as const },
    { ...run(1, "large", dear, [0, 0]), status: "error" as const, usage: undefined },
    run(1, "large", dear, [120, 80]),
    { ...run(1, "verifier", dear, [230, 20]), role: "judge" as const },
  ];

  it("compares a climb with one call: the question as it was first asked, the answer as it was last given", () => {
    const { costUsd, againstUsd, savedUsd, savedPercent } = savings(climb, { against: "large" });
    expect(costUsd! * 1e6).toBeCloseTo(31 + 150 + 2_100 + 2_000 + 2_500, 6);
    expect(againstUsd! * 1e6).toBeCloseTo(1_000 + 800, 6);
    expect(savedUsd).toBeLessThan(0);
    expect(savedPercent).toBeCloseTo((100 * (1_800 - 6_781)) / 1_800, 6);
  });

  it("takes a node, a path, a model id of the ledger or the catalogue, or a price", () => {
    const nested = { ...climb[4]!, path: "research/large", model: "claude" };
    const calls = [climb[1]!, nested];
    const against = (name: string | Price) => savings(calls, { against: name }).againstUsd! * 1e6;
    for (const name of ["large", "research/large", "claude", dear]) expect(against(name)).toBeCloseTo(1_800, 6);
    expect(against("gpt-4o")).toBeCloseTo(250 + 800, 6);
  });

  it("is null where a price is unknown, never 0", () => {
    expect(savings(climb, { against: "nobody-1" })).toMatchObject({
      costUsd: expect.any(Number),
      againstUsd: null,
      savedUsd: null,
      savedPercent: null,
    });
    expect(savings([run(1, "local", null, [10, 10])], { against: dear })).toMatchObject({
      costUsd: null,
      againstUsd: 0.0002,
      savedUsd: null,
      savedPercent: null,
    });
  });

  it("leaves out answers that failed and lines without tokens", () => {
    const cut = { ...run(1, "large", dear, [900, 900]), status: "timeout" as const };
    const free = { ...run(2, "large", dear, [1, 1]), usage: undefined };
    expect(savings([...climb, cut, free], { against: dear }).againstUsd! * 1e6).toBeCloseTo(1_800, 6);
  });

  it.each([undefined, "", 4, null, {}, { input: 1 }, { output: 1 }, { input: 1, output: Number.NaN }])(
    "refuses %o, which is neither a name nor a price",
    (against) => {
      expect(() => savings(climb, { against: against as never })).toThrow(/savings\.against is .*name a model/);
    },
  );

  it("refuses to compare with nothing", () => {
    expect(() => savings(climb, undefined as never)).toThrow(/savings\.against is undefined; name a model/);
  });

  it("has no percentage of nothing", () => {
    expect(savings([], { against: dear })).toEqual({ costUsd: 0, againstUsd: 0, savedUsd: 0, savedPercent: null });
    expect(savings(climb, { against: { input: 0, output: 0 } }).savedPercent).toBeNull();
  });
});

describe("formatReport", () => {
  it("keeps foreign names on their line, visible and cut", () => {
    const name = "\u001b[2Ja\nb\t\u202ec\u0000";
    const lines = formatReport([callOf({ model: name }), callOf({ model: "x".repeat(100_000) })]).split("\n");
    expect(lines[1]).toMatch(/^\[2Ja b c +1 /);
    expect(lines).toHaveLength(5); // heads, two names, figures of the long one, total
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it.each(["latencyMs", "costUsd"] as const)("refuses lines whose %s is no number", (field) => {
    for (const value of [Number.NaN, undefined, "12", {}])
      expect(() => formatReport([callOf(), callOf({ [field]: value })])).toThrow(/formatReport\.calls\[1\] is/);
  });

  const calls = [
    callOf({ id: "1", costUsd: 0.000194, latencyMs: 430.6, usage: { inputTokens: 812, outputTokens: 120 } }),
    callOf({ id: "2", model: "gpt-4o", costUsd: 0, latencyMs: 10, status: "error" }),
    ...[1_900, 2_100].map((latencyMs) =>
      callOf({
        ...{ id: `large ${latencyMs}`, path: "large", model: "gpt-4o", costUsd: 0.75, latencyMs },
        usage: { inputTokens: 10_000, outputTokens: 1_500 },
      }),
    ),
  ];

  it("writes a line a model and the total, with shares and percentiles, columns under one another", () => {
    expect(formatReport(calls)).toBe(
      [
        "model        calls    %  failed  tokens in   out  mean ms   p50   p95  cost USD    %",
        "gpt-4o-mini      1   25       0        812   120      431   431   431  0.000194   <1",
        "gpt-4o           3   75       1      20000  3000     1337  1900  2100  1.500000  >99",
        "total            4  100       1      20812  3120     1110   431  2100  1.500194  100",
      ].join("\n"),
    );
  });

  it("marks the model that gave the answer of a state, and leaves out times on demand", () => {
    expect(formatReport({ calls, modelUsed: "large" }, { latency: false })).toBe(
      [
        "  model        calls    %  failed  tokens in   out  cost USD    %",
        "  gpt-4o-mini      1   25       0        812   120  0.000194   <1",
        "→ gpt-4o           3   75       1      20000  3000  1.500000  >99",
        "  total            4  100       1      20812  3120  1.500194  100",
        "→ gave the answer",
      ].join("\n"),
    );
    expect(formatReport({ calls, modelUsed: "elsewhere" })).toBe(formatReport(calls));
  });

  it("has no tokens and no cost for calls that were not billed, and 0 for those that are free", () => {
    const failed = callOf({ model: "down", costUsd: 0, status: "error" });
    const free = callOf({ model: "local", costUsd: 0, usage: { inputTokens: 9, outputTokens: 2 } });
    const cells = formatReport([failed, free], { latency: false })
      .split("\n")
      .map((line) => line.split(/\s+/));
    expect(cells[1]).toEqual(["down", "1", "50", "1", "–", "–", "–", "–"]);
    expect(cells[2]).toEqual(["local", "1", "50", "0", "9", "2", "0.000000", "–"]);
  });

  it("says that a cost is unknown, in the total too, and then has no shares", () => {
    const unknown = [callOf({ costUsd: 0.1 }), callOf({ model: "local", costUsd: null })];
    const lines = formatReport(unknown).split("\n");
    expect(lines.map((line) => line.split(/\s+/).at(-2))).toEqual(["USD", "0.100000", "unknown", "unknown"]);
    expect(lines.slice(1).map((line) => line.split(/\s+/).at(-1))).toEqual(["–", "–", "–"]);
  });

  it("is at most 100 columns wide: a longer name has a line of its own", () => {
    const long = `accounts/fireworks/models/${"x".repeat(80)}`;
    const lines = formatReport([...calls, callOf({ model: long, costUsd: 12.5 })]).split("\n");
    expect(lines.filter((line) => line.length > 100)).toEqual([long]);
    expect(lines[lines.indexOf(long) + 1]).toMatch(/^ +1 +20 .* 12\.500000 +89$/);
  });

  it("has a head only for a run that called nothing", () => {
    expect(formatReport([])).toBe("model  calls  %  failed  tokens in  out  mean ms  p50  p95  cost USD  %");
  });

  it.each([undefined, null, {}, { calls: "none" }, "calls"])("refuses %o", (ledger) => {
    expect(() => formatReport(ledger as never)).toThrow(
      /formatReport\.calls is .*give the `calls` of a run's final state/,
    );
  });
});
