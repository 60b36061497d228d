import { describe, expect, it } from "vitest";
import { rank } from "../../bench/quality/apgr.js";
import { aiq, bestOf, callsFor, incrementalBenefit, pgr } from "../../bench/quality/yardsticks.js";

describe("published yardsticks", () => {
  // a perfect router over four questions, of which the strong model is needed for two
  const ranked = rank([1, 1, 0, 0], [4, 3, 2, 1]);

  it("PGR and CPT: a perfect router recovers the whole gap with half of the calls", () => {
    expect([0, 0.25, 0.5, 1].map((calls) => pgr(ranked, calls))).toEqual([0, 0.5, 1, 1]);
    expect([callsFor(ranked, 0.5), callsFor(ranked, 1)]).toEqual([0.25, 0.5]);
  });

  it("AIQ: the mean height of the hull, which a point below it does not change", () => {
    const two = [
      { quality: 0.5, cost: 0 },
      { quality: 1, cost: 1 },
    ];
    expect(aiq(two, [0, 1])).toBeCloseTo(0.75);
    expect(aiq([...two, { quality: 0.6, cost: 0.5 }], [0, 1])).toBeCloseTo(0.75);
    expect(aiq([...two, { quality: 1, cost: 0.5 }], [0, 1])).toBeCloseTo(0.875);
  });

  it("ΔIBC: 0 on the line between the models, 1 where quality is bought at half the price", () => {
    const [small, large] = [
      { quality: 0.5, cost: 0 },
      { quality: 1, cost: 1 },
    ];
    expect(incrementalBenefit({ quality: 0.75, cost: 0.5 }, small, large)).toBeCloseTo(0);
    expect(incrementalBenefit({ quality: 1, cost: 0.5 }, small, large)).toBeCloseTo(1);
  });

  it("best of n: one of two right samples is drawn at 0.5, both draws find it", () => {
    const games = [
      { samples: 2, right: 1 },
      { samples: 2, right: 0 },
    ];
    expect([bestOf(games, 1), bestOf(games, 2)]).toEqual([0.25, 0.5]);
  });
});
