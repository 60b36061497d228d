import { describe, expect, it } from "vitest";
import { logBeta } from "../../../src/routing/adapting/log-beta.js";
import { beliefOf, probabilitiesOfBest, type Rewards } from "../../../src/routing/adapting/posterior.js";

const bestOf = (...rewards: readonly Rewards[]) => probabilitiesOfBest(rewards.map(beliefOf));

describe("probabilitiesOfBest", () => {
  it("is the closed form for two variants", () => {
    // P(Beta(3, 1) > Beta(2, 2)) = 4/5, by integration
    const [high, low] = bestOf({ count: 2, sum: 2 }, { count: 2, sum: 1 });
    expect(high).toBeCloseTo(0.8, 3);
    expect(high! + low!).toBeCloseTo(1, 10);
  });

  it("is even for equal rewards, and for none", () => {
    for (const share of bestOf({ count: 7, sum: 3 }, { count: 7, sum: 3 }, { count: 7, sum: 3 })) {
      expect(share).toBeCloseTo(1 / 3, 3);
    }
    expect(bestOf({ count: 0, sum: 0 }, { count: 0, sum: 0 })[0]).toBeCloseTo(0.5, 3);
  });

  it("compares beliefs of very different width", () => {
    // P(Beta(1, 1) > 0.7) where the other mean is all but known
    expect(bestOf({ count: 0, sum: 0 }, { count: 1e7, sum: 7e6 })[0]).toBeCloseTo(0.3, 2);
    expect(bestOf({ count: 1e6, sum: 0 }, { count: 1e6, sum: 1e6 })).toEqual([0, 1]);
  });
});

describe("logBeta", () => {
  it("is the logarithm of known values", () => {
    expect(logBeta(1, 1)).toBeCloseTo(0, 9);
    expect(logBeta(3, 4)).toBeCloseTo(Math.log(1 / 60), 9);
    expect(logBeta(20, 30)).toBeCloseTo(Math.log(1 / (20 * 28277527346376)), 6); // C(49, 20)
  });
});
