import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callsOf, keepLedger, keptLedger } from "../../src/ledger/kept-ledger.js";
import { ModelCall } from "../../src/ledger/model-call.js";
import { byModel, isEstimated, totalCost, totalTokens } from "../../src/ledger/totals.js";
import { callOf } from "./calls.js";

const priced = (costUsd: number | null) => callOf({ costUsd, usage: { inputTokens: 1, outputTokens: 1 } });

describe("totalCost", () => {
  it("sums what calls cost, judges, routers and failed attempts included", () => {
    const calls = [
      callOf({ costUsd: 0.001 }),
      callOf({ costUsd: 0.0002, role: "judge" }),
      callOf({ costUsd: 0.0001, role: "router" }),
      callOf({ costUsd: 0.0003, status: "cancelled" }),
      callOf({ costUsd: 0, status: "error" }),
    ];
    expect(totalCost(calls)).toBeCloseTo(0.0016, 10);
  });

  it("is null, not less, as soon as the price of one call is unknown", () => {
    expect(totalCost([priced(0.5), priced(null), priced(0.25)])).toBeNull();
    expect(totalCost([priced(0.5), priced(null)], { unknown: "null" })).toBeNull();
  });

  it("sums the rest when asked to ignore unknown prices", () => {
    expect(totalCost([priced(0.5), priced(null), priced(0.25)], { unknown: "ignore" })).toBe(0.75);
    expect(totalCost([priced(null)], { unknown: "ignore" })).toBe(0);
  });

  it("is 0 for a run that called nothing", () => {
    expect(totalCost([])).toBe(0);
  });
});

describe("sums over calls", () => {
  it.each([undefined, null, "calls", {}, [null], [1], [callOf(), undefined]])(
    "refuse %j, which is no ledger",
    (calls) => {
      for (const sum of [totalCost, totalTokens, byModel])
        expect(() => sum(calls as never)).toThrow(
          new RegExp(`${sum.name}\\.calls .*give the \`calls\` of a run's final state`),
        );
    },
  );
});

describe("isEstimated", () => {
  const usage = { inputTokens: 1, outputTokens: 1 };

  it("is true as soon as tokens of one call are an estimate", () => {
    expect(isEstimated([callOf({ usage }), callOf({ usage, estimated: true })])).toBe(true);
    expect(isEstimated([callOf({ usage }), callOf({ estimated: true })])).toBe(false);
    expect(isEstimated([])).toBe(false);
  });
});

describe("totalTokens", () => {
  it("sums tokens and gives details only where there are some", () => {
    const calls = [
      callOf({ usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 4 } }),
      callOf({ usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 1, reasoningTokens: 2 } }),
      callOf({ status: "error" }),
    ];
    expect(totalTokens(calls)).toEqual({
      inputTokens: 11,
      outputTokens: 7,
      cacheReadTokens: 5,
      reasoningTokens: 2,
      totalTokens: 18,
    });
    expect(totalTokens([])).toEqual({ inputTokens: 0, outputTokens: 0, totalTokens: 0 });
  });
});

describe("byModel", () => {
  it("groups calls by the model that served them", () => {
    const calls = [
      callOf({ costUsd: 0.1, latencyMs: 100, usage: { inputTokens: 10, outputTokens: 5 } }),
      callOf({ costUsd: 0, latencyMs: 300, status: "timeout" }),
      callOf({ costUsd: 0, latencyMs: 200, status: "error" }),
      callOf({ costUsd: 0.2, latencyMs: 200, status: "cancelled", usage: { inputTokens: 1, outputTokens: 0 } }),
      callOf({ model: "local", costUsd: null, usage: { inputTokens: 7, outputTokens: 7 } }),
    ];
    expect(byModel(calls)).toEqual({
      "gpt-4o-mini": {
        calls: 4,
        failed: 2,
        inputTokens: 11,
        outputTokens: 5,
        meanLatencyMs: 200,
        p50LatencyMs: 200,
        p95LatencyMs: 300,
        costUsd: expect.closeTo(0.3, 10),
      },
      local: {
        calls: 1,
        failed: 0,
        inputTokens: 7,
        outputTokens: 7,
        meanLatencyMs: 1_000,
        p50LatencyMs: 1_000,
        p95LatencyMs: 1_000,
        costUsd: null,
      },
    });
  });

  it("groups models whose names are those of object members", () => {
    const groups = byModel([callOf({ model: "__proto__" }), callOf({ model: "constructor" })]);
    expect(Object.keys(groups)).toEqual(["__proto__", "constructor"]);
  });

  it("loses no call, no token and no cent, and never gives NaN", () => {
    const usage = fc.option(fc.record({ inputTokens: fc.nat(1_000), outputTokens: fc.nat(1_000) }), { nil: undefined });
    const call = fc
      .record({ model: fc.constantFrom("a", "b", "__proto__"), usage, costUsd: fc.nat(100), latencyMs: fc.nat(9_999) })
      .map(callOf);
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const groups = Object.values(byModel(calls));
        const sum = (field: "calls" | "inputTokens" | "outputTokens" | "costUsd") =>
          groups.reduce((total, group) => total + group[field]!, 0);
        expect(sum("calls")).toBe(calls.length);
        expect(sum("costUsd")).toBe(totalCost(calls));
        expect(sum("inputTokens") + sum("outputTokens")).toBe(totalTokens(calls).totalTokens);
        for (const group of groups) expect(Object.values(group).some(Number.isNaN)).toBe(false);
      }),
    );
  });
});

describe("callsOf", () => {
  it("gives the ledger of a run that threw", () => {
    const calls = [callOf()];
    const error = new Error("over budget");
    keepLedger(error, { calls, decisions: [] });
    expect(error.message).toBe("over budget");
    expect(callsOf(error)).toBe(calls);
  });

  it("has what every node of the run left there, and nothing of another run that threw the same", () => {
    const error = new Error("the same object each time");
    const [first, second, other] = [
      callOf({ id: "1", turnId: "1" }),
      callOf({ id: "2", turnId: "1" }),
      callOf({ id: "3", turnId: "2" }),
    ];
    keepLedger(error, { calls: [first], decisions: [] });
    keepLedger(error, { calls: [first, second], decisions: [] });
    expect(callsOf(error)).toEqual([first, second]);
    keepLedger(error, { calls: [other], decisions: [] });
    expect(callsOf(error)).toEqual([other]);
    keepLedger(error, { calls: [first], decisions: [] }, { shared: true });
    expect(callsOf(error)).toEqual([other, first]);
  });

  it("has the calls of one run in the order in which they began, whichever node left them first", () => {
    const [late, early] = [callOf({ id: "1", startedAt: 20 }), callOf({ id: "2", startedAt: 10 })];
    const error = new Error("two nodes");
    keepLedger(error, { calls: [late], decisions: [] });
    keepLedger(error, { calls: [early], decisions: [] });
    expect(callsOf(error)).toEqual([early, late]);
  });

  it("keeps what is there when a node that called nothing adds its decisions", () => {
    const decision = { node: "router", kind: "route" as const, chosen: "small", reason: "" };
    const [call, error] = [callOf(), new Error("after a route")];
    keepLedger(error, { calls: [call], decisions: [] });
    keepLedger(error, { calls: [], decisions: [decision] });
    expect(keptLedger(error)).toEqual({ calls: [call], decisions: [decision] });
  });

  it("is no field that shows, and is not kept where nothing can be", () => {
    const error = new Error("plain");
    keepLedger(error, { calls: [callOf()], decisions: [] });
    expect(Object.keys(error)).toEqual([]);
    expect(Object.getOwnPropertySymbols(error).filter((key) => ({}).propertyIsEnumerable.call(error, key))).toEqual([]);
    const frozen = Object.freeze(new Error("frozen"));
    for (const outcome of [frozen, "text", undefined, null, 7]) {
      expect(keepLedger(outcome, { calls: [callOf()], decisions: [] })).toBe(outcome);
      expect(keptLedger(outcome)).toEqual({ calls: [], decisions: [] });
    }
  });

  it("points from a final state to its own calls, not from an error that has some", () => {
    expect(() => callsOf({ calls: [callOf()] })).toThrow(/callsOf\.outcome .*totalCost\(state\.calls\)/);
    expect(callsOf(Object.assign(new Error("own"), { calls: [callOf()] }))).toEqual([]);
  });

  it.each([new Error("foreign"), "text", undefined, null, 7])("is empty for %o", (error) => {
    expect(callsOf(error)).toEqual([]);
  });
});

describe("ModelCall", () => {
  it("accepts a line of the ledger, and refuses one without a cost or with half a token", () => {
    expect(ModelCall.safeParse(callOf({ usage: { inputTokens: 1, outputTokens: 0 }, costUsd: null })).success).toBe(
      true,
    );
    expect(ModelCall.safeParse({ ...callOf(), costUsd: undefined }).success).toBe(false);
    expect(ModelCall.safeParse(callOf({ usage: { inputTokens: 0.5, outputTokens: 0 } })).success).toBe(false);
    expect(ModelCall.parse(callOf({ estimated: true, summed: true }))).toMatchObject({ estimated: true, summed: true });
    const error = { name: "Error", class: "server", status: 500, message: "down" };
    expect(ModelCall.parse(callOf({ error }))).toMatchObject({ error });
  });
});
