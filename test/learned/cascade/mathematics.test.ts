import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../src/aggregation/shuffled.js";
import { mixAtCost, mixAtScore, upperHull } from "../../../src/learned/cascade/choose.js";
import { difficulties, normalWeights, sigmoid } from "../../../src/learned/cascade/difficulty.js";
import { partitionWeight, shareOfSame } from "../../../src/learned/cascade/ewens.js";
import { fitItemResponse } from "../../../src/learned/cascade/item-response.js";
import { emptyWeights, groupWeights, likelihoodsOf, weigh } from "../../../src/learned/cascade/likelihoods.js";
import { canonical, keyOf, patternsOf } from "../../../src/learned/cascade/patterns.js";
import { plan, STOP, subtreeOf } from "../../../src/learned/cascade/plan.js";

const share = fc.double({ min: 0.02, max: 0.98, noNaN: true });
const ability = fc.double({ min: -3, max: 5, noNaN: true });

/** Sizes of the groups of every way to group some answers. */
function partitions(size: number): number[][] {
  const grow = (labels: number[]): number[][] => {
    if (labels.length === size) return [labels];
    const groups = Math.max(-1, ...labels) + 1;
    return Array.from({ length: groups + 1 }, (_, group) => grow([...labels, group])).flat();
  };
  return grow([]).map((labels) => [...new Set(labels)].map((own) => labels.filter((label) => label === own).length));
}

describe("partitionWeight", () => {
  it("sums to 1 over every way to group the wrong answers", () => {
    fc.assert(
      fc.property(share, fc.integer({ min: 0, max: 6 }), (same, size) => {
        const sum = partitions(size).reduce((total, sizes) => total + partitionWeight(sizes, same), 0);
        expect(sum).toBeCloseTo(1, 12);
      }),
    );
  });

  it("is the share of equal pairs for two answers, and 1 without any", () => {
    expect(partitionWeight([2], 0.3)).toBeCloseTo(0.3, 12);
    expect(partitionWeight([1, 1], 0.3)).toBeCloseTo(0.7, 12);
    expect(partitionWeight([], 0.3)).toBe(1);
  });
});

describe("shareOfSame", () => {
  it("counts pairs of wrong answers to one question, smoothed", () => {
    expect(shareOfSame([["7", "7", "8"], ["5"], []])).toBeCloseTo((1 + 0.5) / (3 + 1), 12);
  });
});

describe("patternsOf", () => {
  it("has 4,307 patterns for 8 models, five deep, and fewer levels for more models", () => {
    expect(patternsOf(8).all).toHaveLength(4_307);
    expect(patternsOf(8).depth).toBe(5);
    expect(patternsOf(12).depth).toBeLessThan(5);
  });

  it("numbers what follows a pattern higher, and joins answers by group", () => {
    const { all, starts, following, ways, models, numbers } = patternsOf(4);
    for (const [number, { labels }] of all.entries()) {
      expect(ways[number]).toBe(new Set(labels).size + 1);
      for (let model = 0; model < models; model++) {
        const start = starts[number * models + model]!;
        if (start >= 0) expect(Math.min(...following.subarray(start, start + ways[number]!))).toBeGreaterThan(number);
      }
    }
    const { members, labels } = canonical([0, 2, 3], ["b", "a", "b"]);
    expect(labels).toEqual([0, 1, 0]);
    expect(numbers.has(keyOf(members, labels))).toBe(true);
  });
});

describe("likelihoodsOf", () => {
  it("keeps the weight of a pattern in the sum of those that follow, to 1e-12", () => {
    const slopes = fc.array(fc.double({ min: 0.2, max: 4, noNaN: true }), { minLength: 4, maxLength: 4 });
    const abilities = fc.array(ability, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(abilities, slopes, share, fc.double({ min: -2, max: 2, noNaN: true }), (a, b, same, mean) => {
        const fit = { abilities: Float64Array.from(a), slopes: Float64Array.from(b) };
        const likelihoods = likelihoodsOf(fit, same);
        const { patterns } = likelihoods;
        const weights = emptyWeights(likelihoods);
        weigh(likelihoods, normalWeights(mean, 0.8), subtreeOf(patterns, 0), weights);
        expect(weights.totals[0]).toBeCloseTo(1, 12);
        for (let number = 0; number < patterns.all.length; number++) {
          for (let model = 0; model < patterns.models; model++) {
            const start = patterns.starts[number * patterns.models + model]!;
            if (start < 0) continue;
            const next = patterns.following.subarray(start, start + patterns.ways[number]!);
            const sum = next.reduce((total, each) => total + weights.totals[each]!, 0);
            expect(Math.abs(sum - weights.totals[number]!)).toBeLessThan(1e-12);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it("gives an answer that another model confirms a higher chance", () => {
    const likelihoods = likelihoodsOf({ abilities: Float64Array.of(1, 1), slopes: Float64Array.of(1, 1) }, 0.3);
    const chance = (members: number[], labels: number[]) => {
      const groups = groupWeights(
        likelihoods,
        normalWeights(),
        likelihoods.patterns.numbers.get(keyOf(members, labels))!,
      );
      return groups[0]! / groups.reduce((sum, weight) => sum + weight, 0);
    };
    expect(chance([0, 1], [0, 0])).toBeGreaterThan(chance([0], [0]));
    expect(chance([0, 1], [0, 1])).toBeLessThan(chance([0], [0]));
  });
});

describe("fitItemResponse", () => {
  it("recovers abilities and slopes from simulated answers", () => {
    const truth = { abilities: [2.5, 1, 0, -0.5], slopes: [1.2, 2, 1.5, 2.5] };
    const random = randomFrom("simulated answers");
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const questions = Array.from({ length: 4_000 }, () => {
      const difficulty = normal();
      return Float64Array.from(truth.abilities, (value, model) =>
        Number(random() < sigmoid(value - truth.slopes[model]! * difficulty)),
      );
    });
    const fit = fitItemResponse(questions, 4);
    for (const [model, value] of truth.abilities.entries())
      expect(Math.abs(fit.abilities[model]! - value)).toBeLessThan(0.3);
    for (const [model, value] of truth.slopes.entries())
      expect(Math.abs(fit.slopes[model]! - value)).toBeLessThan(0.45);
    expect(difficulties).toHaveLength(15);
  });
});

describe("plan", () => {
  const likelihoods = likelihoodsOf(
    { abilities: Float64Array.of(1, 1, 3), slopes: Float64Array.of(1.5, 1.5, 1.5) },
    0.3,
  );
  const { patterns } = likelihoods;
  const numbers = subtreeOf(patterns, 0);
  const weights = emptyWeights(likelihoods);
  weigh(likelihoods, normalWeights(), numbers, weights);
  const planAt = (tradeoff: number, costs = [0.05, 0.05, 1]) =>
    plan(
      patterns,
      numbers,
      weights,
      { tradeoff, costs: Float64Array.from(costs), blanks: new Float64Array(3) },
      new Float64Array(patterns.all.length),
    );
  const at = (members: number[], labels: number[]) => patterns.numbers.get(keyOf(members, labels))!;

  it("stops where two cheap answers agree, and asks the strong model where they do not", () => {
    const choices = planAt(0.2);
    expect(choices[at([0, 1], [0, 0])]).toBe(STOP);
    expect(choices[at([0, 1], [0, 1])]).toBe(2);
  });

  it("asks nothing that costs more than it is worth, and never a model that cannot be asked", () => {
    expect(planAt(1_000)[0]).toBe(STOP);
    expect([...planAt(0, [0.05, 0.05, Number.POSITIVE_INFINITY])]).not.toContain(2);
  });
});

describe("upperHull", () => {
  const points = [
    { tradeoff: 3, cost: 0.1, score: 0.7 },
    { tradeoff: 2, cost: 0.3, score: 0.72 },
    { tradeoff: 1, cost: 0.5, score: 0.9 },
    { tradeoff: 0, cost: 0.9, score: 0.8 },
  ];

  it("leaves out what a mix of two others beats", () => {
    expect(upperHull(points).map(({ tradeoff }) => tradeoff)).toEqual([3, 1]);
  });

  it("is mixed so that a cost, or a score, is met", () => {
    const curves = [{ first: 0, points }];
    expect(mixAtCost(curves, 0.3).share).toBeCloseTo(0.5, 12);
    expect(mixAtCost(curves, 0.3).score).toBeCloseTo(0.8, 12);
    expect(mixAtScore(curves, 0.8).cost).toBeCloseTo(0.3, 12);
    expect(mixAtScore(curves, 0.95)).toMatchObject({ score: 0.9, cost: 0.5 });
    expect(mixAtCost(curves, 0.05).cost).toBe(0.1);
  });
});
