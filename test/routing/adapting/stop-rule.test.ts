import { describe, expect, it } from "vitest";
import { winnerOf } from "../../../src/routing/adapting/stop-rule.js";
import { seeded } from "./simulated.js";

const rule = { confidence: 0.95, margin: 0.01, least: 10 };

/** Watches two variants of these means, an equal number of runs each, and returns who won after how many rewards. */
function watched(means: Readonly<Record<string, number>>, seed: number, { rounds = 800, margin = rule.margin } = {}) {
  const random = seeded(seed);
  const rewards = Object.fromEntries(Object.keys(means).map((name) => [name, { count: 0, sum: 0 }]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, mean] of Object.entries(means)) {
      rewards[name] = { count: round, sum: rewards[name]!.sum + Number(random() < mean) };
    }
    const winner = winnerOf(rewards, { ...rule, margin });
    if (winner !== undefined) return { winner, round };
  }
  return undefined;
}
const seeds = Array.from({ length: 300 }, (_, seed) => seed + 1);

describe("winnerOf", () => {
  it("stops at a wrong variant in at most 5 % of experiments, though it is asked after every reward", () => {
    const ends = seeds.map((seed) => watched({ a: 0.5, b: 0.58 }, seed, { margin: 0 }));
    const wrong = ends.filter((end) => end?.winner === "a").length;
    expect(wrong / seeds.length).toBeLessThanOrEqual(0.05);
    expect(ends.filter((end) => end?.winner === "b").length).toBeGreaterThan(20); // it does stop
  });

  it("stops between equal variants in at most 5 % of experiments", () => {
    const ends = seeds.map((seed) => watched({ a: 0.7, b: 0.7 }, seed, { margin: 0 }));
    expect(ends.filter((end) => end !== undefined).length / seeds.length).toBeLessThanOrEqual(0.05);
  });

  it("stops at a wrong variant in at most 5 % of experiments that go after the leader", () => {
    const means = { a: 0.5, b: 0.58 };
    const ends = seeds.map((seed) => {
      const random = seeded(seed);
      const rewards = { a: { count: 0, sum: 0 }, b: { count: 0, sum: 0 } };
      const meanOf = ({ count, sum }: { count: number; sum: number }) => (count === 0 ? 1 : sum / count);
      for (let run = 0; run < 1_600; run++) {
        const leader = meanOf(rewards.a) > meanOf(rewards.b) ? "a" : "b";
        const name = random() < 0.8 ? leader : leader === "a" ? "b" : "a";
        const { count, sum } = rewards[name];
        rewards[name] = { count: count + 1, sum: sum + Number(random() < means[name]) };
        const winner = winnerOf(rewards, { ...rule, margin: 0 });
        if (winner !== undefined) return winner;
      }
      return undefined;
    });
    expect(ends.filter((winner) => winner === "a").length / seeds.length).toBeLessThanOrEqual(0.05);
    expect(ends.filter((winner) => winner === "b").length).toBeGreaterThan(20);
  });

  it("finds a clear winner in every experiment, and the right one", () => {
    const ends = seeds.slice(0, 100).map((seed) => watched({ a: 0.6, b: 0.75 }, seed));
    expect(ends.filter((end) => end?.winner === "a")).toEqual([]);
    expect(ends.filter((end) => end?.winner === "b").length).toBeGreaterThan(95);
  });

  it("needs fewer rewards the larger the margin is", () => {
    const near = { a: 0.6, b: 0.62 };
    const rounds = (margin: number) => watched(near, 1, { margin, rounds: 20_000 })?.round ?? Infinity;
    expect(rounds(0.2)).toBeLessThan(rounds(0.1));
  });

  it("weighs rewards between 0 and 1, and several variants", () => {
    const low = { count: 200, sum: 60.5 };
    expect(winnerOf({ a: { count: 200, sum: 150.25 }, b: low, c: low }, rule)).toBe("a");
    expect(winnerOf({ a: { count: 200, sum: 150.25 }, b: low, c: { count: 200, sum: 149 } }, rule)).toBeUndefined();
  });

  it("has no winner without enough rewards of each, nor of one variant", () => {
    const sure = { count: 9, sum: 9 };
    expect(winnerOf({ a: sure, b: { count: 500, sum: 0 } }, rule)).toBeUndefined();
    expect(winnerOf({ a: { count: 500, sum: 500 } }, rule)).toBeUndefined();
    expect(winnerOf({ a: { count: 10, sum: 10 }, b: { count: 500, sum: 0 } }, rule)).toBe("a");
  });
});
