import { describe, expect, it } from "vitest";
import { randomFrom } from "../../src/aggregation/shuffled.js";
import { chooseThreshold, wrongAcceptedIn } from "../../src/evaluation/calibration/choose-threshold.js";
import { reliabilityOf } from "../../src/evaluation/calibration/reliability.js";
import { calibrate, exact, type Recording } from "../../src/evaluation/index.js";
import { examplesFor, learnThenTest } from "../../src/evaluation/statistics/learn-then-test.js";
import { createCascade, selfReported } from "../../src/index.js";

/** Answers with a stated confidence that is too high by a tenth. */
function stated(count: number, seed: string): Recording[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, at): Recording => {
    const confidence = Math.round(random() * 20) / 20;
    const text = random() < confidence - 0.1 ? "yes" : "no";
    return {
      input: `${seed} ${at}`,
      expected: "yes",
      answers: {
        small: { text: `${text}\nConfidence: ${confidence}`, costUsd: 0.001 },
        large: { text: "yes\nConfidence: 1", costUsd: 0.02 },
      },
    };
  });
}

const recordings = stated(150, "calibration");
const options = {
  graph: (threshold: number, { small, large }: Record<string, never>) =>
    createCascade({ models: { small: small!, large: large! }, verify: selfReported({ threshold }) }),
  recordings,
  scorers: [exact()],
} as never as Omit<Parameters<typeof calibrate>[0], "target">;

describe("calibrate", () => {
  it("finds a threshold whose wrong accepted answers stay below the bound, and reports it outside the folds", async () => {
    const calibration = await calibrate({
      ...options,
      thresholds: [1, 0.9, 0.8, 0.7, 0.5, 0],
      target: { wrongAccepted: 0.1, confidence: 0.9 },
    });
    expect(calibration.threshold).toBeGreaterThan(0);
    expect(calibration.threshold).toBeLessThan(1);
    expect(calibration.report.wrongAccepted.value).toBeLessThan(0.1);
    expect(calibration.report.accepted.value).toBeGreaterThan(0);
    expect(calibration.curve.map(({ threshold }) => threshold)[0]).toBe(1);
    expect(calibration.reliability!.ece).toBeGreaterThan(0.02);
  }, 60_000);

  it("meets a share of the cost, and re-reports the final threshold on a holdout", async () => {
    const thresholds = [0, 0.25, 0.5, 0.75, 1];
    const calibration = await calibrate({
      ...options,
      target: { costShare: 0.6 },
      thresholds,
      holdout: [{ input: recordings[0]!.input, expected: "yes" }],
    });
    expect(calibration.holdout!.questions).toBe(1);
    expect(calibration.report.costShare).toBeLessThan(0.7);
    expect(
      calibration.curve.find(({ threshold }) => threshold === calibration.threshold)!.costShare,
    ).toBeLessThanOrEqual(0.6);
  }, 60_000);

  it("refuses a bound that takes more examples, with their number", async () => {
    const run = calibrate({ ...options, target: { wrongAccepted: 0.005, confidence: 0.9 } });
    await expect(run).rejects.toThrow(/at least 460 examples/);
  });

  it("refuses a target that no threshold meets, and one that is none", async () => {
    const thresholds = [0];
    await expect(calibrate({ ...options, thresholds, target: { accuracy: 0.99 } })).rejects.toThrow(
      /no threshold meets the target on the examples: the most accurate is right in \d+\.\d %;/,
    );
    const [costShare, wrongAccepted] = [{ costShare: 0.01 }, { wrongAccepted: 0.01, confidence: 0.5 }];
    await expect(calibrate({ ...options, target: costShare })).rejects.toThrow(
      /the cheapest costs \d+\.\d % of the dearest/,
    );
    await expect(calibrate({ ...options, thresholds, target: wrongAccepted })).rejects.toThrow(
      /the strictest accepts \d+ wrong answers of \d+/,
    );
    await expect(calibrate({ ...options, target: { accuracy: 2 } })).rejects.toThrow(/accuracy: 0.95/);
    await expect(calibrate({ ...options, dataset: [], target: { accuracy: 0.9 } })).rejects.toThrow(/either/);
  });
});

describe("chooseThreshold", () => {
  const population = Array.from({ length: 300 }, (_, at) => {
    const random = randomFrom(`population ${at}`);
    const score = random();
    return { score, right: random() < score };
  });
  const rowsOf = (questions: typeof population) =>
    Array.from({ length: 21 }, (_, step) => 1 - step / 20).map((threshold) => ({
      threshold,
      trials: questions.map(({ score, right }) => ({ right, costUsd: 0, accepted: score >= threshold })),
    }));
  /** Share of 300 calibration sets, drawn with replacement, whose threshold breaks the bound on the population. */
  const broken = (choose: (rows: ReturnType<typeof rowsOf>) => number | undefined) => {
    const random = randomFrom("draws");
    const draws = Array.from({ length: 300 }, () => {
      const drawn = Array.from({ length: 200 }, () => population[Math.floor(random() * population.length)]!);
      const threshold = choose(rowsOf(drawn)) ?? Number.POSITIVE_INFINITY;
      const wrong = population.filter(({ score, right }) => score >= threshold && !right).length;
      return wrong / population.length > 0.1;
    });
    return draws.filter(Boolean).length / draws.length;
  };

  it("keeps its promise in 300 draws, which a threshold that only looks right breaks", () => {
    const target = { wrongAccepted: 0.1, confidence: 0.9 };
    expect(broken((rows) => chooseThreshold(rows, target)?.threshold)).toBeLessThanOrEqual(0.135);
    const naive = (rows: ReturnType<typeof rowsOf>) =>
      rows.findLast(({ trials }) => wrongAcceptedIn(trials) / trials.length <= 0.1)?.threshold;
    expect(broken(naive)).toBeGreaterThan(0.25);
  });

  it("ends at the first threshold that fails, even if a looser one would pass", () => {
    const trials = (wrong: number) =>
      Array.from({ length: 100 }, (_, at) => ({ right: at >= wrong, costUsd: 0, accepted: true }));
    const rows = [0, 20, 0].map((wrong, at) => ({ threshold: 1 - at / 10, trials: trials(wrong) }));
    expect(chooseThreshold(rows, { wrongAccepted: 0.05, confidence: 0.9 })?.threshold).toBe(1);
    expect(chooseThreshold(rows.slice(1), { wrongAccepted: 0.05, confidence: 0.9 })).toBeUndefined();
  });
});

describe("learnThenTest", () => {
  it("needs as many examples as show the bound without an error", () => {
    const promised = { wrongAccepted: 0.005, confidence: 0.9 };
    expect(examplesFor(promised)).toBe(460);
    const clean = (count: number) => Array.from({ length: count }, (_, at) => ({ score: at / count, wrong: false }));
    expect(learnThenTest(clean(459), promised)).toBeUndefined();
    expect(learnThenTest(clean(460), promised)).toBe(0);
  });
});

describe("reliabilityOf", () => {
  it("is 0 for a confidence that comes true, and grows with overconfidence", () => {
    const answers = Array.from({ length: 10 }, (_, at) => ({ confidence: 0.75, right: at < 7 }));
    const { ece, brier, bins } = reliabilityOf(answers);
    expect(ece).toBeCloseTo(0.05, 12);
    expect(brier).toBeCloseTo(0.7 * 0.25 ** 2 + 0.3 * 0.75 ** 2, 12);
    expect(bins).toMatchObject([{ from: 0.7, count: 10, right: 0.7 }]);
  });
});
