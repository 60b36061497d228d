import { describe, expect, it } from "vitest";
import { InvalidOptionError, judgeWith, selfReported, type ThompsonOptions, thompson } from "../../../src/index.js";
import { saying } from "../../support/fakes.js";
import { drawn, seeded } from "./simulated.js";

const even = { a: 1, b: 1 };

interface Simulation extends ThompsonOptions {
  readonly means: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly runs?: number;
}

/** Runs an experiment without models: each run is drawn, and rewarded with 1 as often as its variant's mean says. */
function simulated({ means, seed, runs = 1_000, ...options }: Simulation) {
  const random = seeded(seed);
  const adapt = thompson(options);
  const names = Object.keys(means);
  const weights = Object.fromEntries(names.map((name) => [name, 1]));
  const best = Math.max(...Object.values(means));
  const counts = Object.fromEntries(names.map((name) => [name, 0]));
  adapt.begin(names);
  let [regret, least] = [0, 1];
  for (let run = 0; run < runs; run++) {
    const { shares } = adapt.shares(weights);
    least = Math.min(least, ...Object.values(shares));
    const name = drawn(shares, random);
    counts[name]!++;
    regret += best - means[name]!;
    adapt.assign(`run-${run}`, name);
    adapt.reward(`run-${run}`, Number(random() < means[name]!));
  }
  return { regret, least, counts, winner: adapt.state().winner };
}
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed + 1);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Rewards a variant a number of times. */
function rewarded(adapt: ReturnType<typeof thompson>, variant: string, scores: readonly number[]) {
  for (const [index, score] of scores.entries()) {
    const id = `${variant}-${adapt.state().runs.length}-${index}`;
    adapt.assign(id, variant);
    adapt.reward(id, score);
  }
}
const ones = (count: number) => Array<number>(count).fill(1);
const zeros = (count: number) => Array<number>(count).fill(0);

describe("thompson", () => {
  it("loses less than a third of what an even split loses", () => {
    const means = { a: 0.6, b: 0.75 };
    const regrets = seeds(20).map((seed) => simulated({ means, seed }).regret);
    const ofEvenSplit = (1_000 * 0.15) / 2;
    expect(mean(regrets)).toBeLessThan(ofEvenSplit / 3);
  });

  it("keeps the floor until it stops", () => {
    const { least, counts } = simulated({ means: { a: 0.2, b: 0.9 }, seed: 3, floor: 0.1, stop: false });
    expect(least).toBeCloseTo(0.1, 10);
    expect(counts.a).toBeGreaterThan(60); // 100 expected; 4 standard deviations below
  });

  it("gives all traffic to the winner of three", () => {
    const { winner, least } = simulated({ means: { a: 0.3, b: 0.9, c: 0.5 }, seed: 5 });
    expect([winner, least]).toEqual(["b", 0]);
  });

  it("splits by weight until every variant has enough rewards, and says so", () => {
    const adapt = thompson({ least: 2 });
    adapt.begin(["a", "b"]);
    rewarded(adapt, "a", ones(50));
    expect(adapt.shares({ a: 9, b: 1 })).toEqual({
      shares: { a: 9, b: 1 },
      reason: "drawn by weight, as b has 0 of 2 rewards",
    });
    rewarded(adapt, "b", [1, 0]);
    const { shares, reason } = adapt.shares({ a: 9, b: 1 });
    expect(shares.a).toBeGreaterThan(0.9);
    expect(reason).toBe("drawn by reward: a 1 of 50, b 0.5 of 2");
  });

  it("divides the traffic among the variants that are open", () => {
    const adapt = thompson({ least: 1, floor: 0 });
    adapt.begin(["a", "b", "c"]);
    for (const name of ["a", "b", "c"]) rewarded(adapt, name, [1, 0]);
    expect(adapt.shares({ b: 1, c: 1 }).shares).toEqual({ b: expect.closeTo(0.5, 6), c: expect.closeTo(0.5, 6) });
  });

  it("leaves the winner for another variant only where the winner is out", () => {
    const adapt = thompson({ least: 1 });
    adapt.begin(["a", "b", "c"]);
    rewarded(adapt, "b", [1, 0]);
    rewarded(adapt, "c", [1, 0]);
    rewarded(adapt, "a", zeros(3));
    expect(adapt.state().winner).toBeUndefined();
    rewarded(adapt, "b", ones(400));
    rewarded(adapt, "c", zeros(40));
    rewarded(adapt, "a", zeros(40));
    expect(adapt.state().winner).toBe("b");
    const { shares, reason } = adapt.shares({ a: 1, b: 1, c: 1 });
    expect(shares).toEqual({ a: 0, b: 1, c: 0 });
    expect(reason).toMatch(
      /^the experiment has stopped: b is within 0\.01 of the best with confidence 0\.95 \(a 0 of 43, b /,
    );
    const { shares: without } = adapt.shares({ a: 1, c: 1 });
    expect([without.a! > 0, without.c! > 0, without.a! + without.c!]).toEqual([true, true, expect.closeTo(1, 10)]);
  });

  it("counts the last reward of a run, and none of a run that it does not know", () => {
    const adapt = thompson();
    adapt.begin(["a", "b"]);
    adapt.assign("one", "a");
    expect([adapt.reward("one", 1), adapt.reward("one", 0.25), adapt.reward("two", 1)]).toEqual([true, true, false]);
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 0.25 } });
  });

  it("counts a failure as 0, and no reward for the run after it", () => {
    const adapt = thompson();
    adapt.begin(["a", "b"]);
    adapt.assign("one", "a");
    adapt.fail("one", "a");
    expect(adapt.reward("one", 1)).toBe(false);
    adapt.assign("one", "b");
    expect(adapt.reward("one", 1)).toBe(true);
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 0 }, b: { count: 1, sum: 1 } });
  });

  it("goes on from its state, as JSON", () => {
    const before = thompson({ least: 1 });
    before.begin(["a", "b"]);
    rewarded(before, "a", [1, 0, 0.5]);
    rewarded(before, "b", ones(4));
    before.assign("open", "a");
    const state = JSON.parse(JSON.stringify(before.state())) as ReturnType<typeof before.state>;
    const after = thompson({ least: 1, state });
    after.begin(["a", "b"]);
    expect(after.shares(even)).toEqual(before.shares(even));
    expect([before.reward("open", 1), after.reward("open", 1)]).toEqual([true, true]);
    expect(after.state()).toEqual(before.state());
    expect(state.variants.a).toEqual({ count: 3, sum: 1.5 }); // a copy, which later rewards leave as it is
  });

  it("remembers the last 10,000 runs", () => {
    const adapt = thompson();
    adapt.begin(["a", "b"]);
    for (let run = 0; run <= 10_000; run++) adapt.assign(`${run}`, "a");
    expect([adapt.reward("0", 1), adapt.reward("1", 1), adapt.state().runs.length]).toEqual([false, true, 10_000]);
  });

  it.each<[string, unknown, RegExp]>([
    ["floor", { floor: 2 }, /thompson\.floor is 2/],
    ["least", { least: 0.5 }, /thompson\.least is 0\.5/],
    ["confidence", { stop: { confidence: 1 } }, /thompson\.stop\.confidence is 1/],
    ["margin", { stop: { margin: -1 } }, /thompson\.stop\.margin is -1/],
    ["a key", { flor: 0.1 }, /did you mean floor/],
    ["reward", { reward: 3 }, /thompson\.reward is 3/],
    ["a factory", { reward: judgeWith }, /call it, judgeWith\(model\)/],
    ["a verifier with an instruction", { reward: selfReported() }, /give a judge or a rule/],
    ["state", { state: { variants: { a: { count: 1, sum: 2 } }, runs: [] } }, /thompson\.state/],
    ["winner", { state: { variants: {}, runs: [], winner: "a" } }, /thompson\.state/],
  ])("refuses a wrong %s by name", (_, options, message) => {
    expect(() => thompson(options as ThompsonOptions)).toThrow(InvalidOptionError);
    expect(() => thompson(options as ThompsonOptions)).toThrow(message);
  });

  it("refuses rewards that are none, more variants than its floor allows, and a second experiment", () => {
    const adapt = thompson({ floor: 0.4, reward: judgeWith(saying()) });
    adapt.assign("one", "a");
    expect(() => adapt.reward("one", 2)).toThrow(/thompson\.reward is 2; give 0 to 1/);
    expect(() => adapt.begin(["a", "b", "c"])).toThrow(/createExperiment\.adapt\.floor is 0\.4; 3 variants/);
    adapt.begin(["a", "b"]);
    adapt.begin(["b", "a"]);
    expect(() => adapt.begin(["x", "y"])).toThrow(/it learns about a, b already/);
  });
});
