import { describe, expect, it } from "vitest";
import {
  compare,
  compareVariants,
  evaluate,
  exact,
  type ShadowedRun,
  shadowReports,
} from "../../../src/evaluation/index.js";
import { createExperiment, createRouter, type Reward, thompson } from "../../../src/index.js";
import { pricedModel } from "../runs/support/priced-model.js";

/** Right answers are "yes"; the shadow has them for questions below a number. */
const isRight: Reward = ({ answer }) => answer.text === "yes";
const upTo = (limit: number) => (text: string) => (Number(text) < limit ? "yes" : "no");

function experiment(shownBelow: number, shadowBelow: number) {
  return createExperiment({
    models: { a: pricedModel("a", upTo(shownBelow)) },
    weights: { a: 1 },
    shadow: { ...pricedModel("s", upTo(shadowBelow)), price: { input: 3, output: 3 }, score: isRight },
  });
}
async function runsOf(graph: ReturnType<typeof experiment>, count = 20): Promise<ShadowedRun[]> {
  const app = graph.compile();
  return Promise.all(Array.from({ length: count }, (_, question) => app.invoke({ messages: `${question}` })));
}

describe("shadowReports", () => {
  it("are two evaluations of the same questions, for `compare`", async () => {
    const { shown, shadow } = shadowReports(await runsOf(experiment(10, 16)));
    expect([shown.name, shown.accuracy.value, shadow.name, shadow.accuracy.value]).toEqual([
      "shown",
      0.5,
      "shadow",
      0.8,
    ]);
    expect(shown.items[3]).toMatchObject({
      input: "3",
      output: "yes",
      scores: { score: 1 },
      right: true,
      tags: { variant: "a" },
    });
    expect(shadow.items[17]).toMatchObject({ input: "17", output: "no", right: false });
    expect([shown.costUsd.value, shadow.costUsd.value]).toEqual([expect.closeTo(15e-6, 12), expect.closeTo(45e-6, 12)]);
    const { difference, mcNemar, questions, costShare } = compare(shadow, shown);
    expect([difference, questions, mcNemar.onlyFirst, mcNemar.onlySecond]).toEqual([expect.closeTo(0.3, 10), 20, 6, 0]);
    expect(costShare.value).toBeCloseTo(3, 10);
  });

  it("leave out runs without a pair, and read rows that were logged as JSON", async () => {
    const runs = await runsOf(experiment(10, 16), 4);
    const logged = JSON.parse(
      JSON.stringify(runs.map(({ calls, decisions }) => ({ calls, decisions }))),
    ) as ShadowedRun[];
    const unpaired = await runsOf(
      createExperiment({
        models: { a: pricedModel("a", upTo(1)) },
        weights: { a: 1 },
        adapt: thompson({ reward: isRight }),
      }),
      3,
    );
    const { shown, shadow } = shadowReports([...logged, ...unpaired]);
    expect([shown.items.length, shadow.accuracy.value, shadow.items[0]!.output]).toEqual([4, 1, ""]);
    expect(() => shadowReports(unpaired)).toThrow(/no run has a scored answer and a scored shadow/);
    expect(() => shadowReports(runs, { passing: 1 } as never)).toThrow(/did you mean passingScore|the options are/);
  });

  it("find the pairs of an experiment within another pattern", async () => {
    const chat = experiment(1, 1);
    const outer = createRouter({ models: { chat }, route: () => "chat" }).compile();
    const { shown, shadow } = shadowReports([await outer.invoke({ messages: "0" })]);
    expect([shown.items[0]!.output, shadow.items[0]!.right]).toEqual(["yes", true]);
    expect(shadow.costUsd.value).toBeCloseTo(45e-6, 12);
  });

  it("read the items of an evaluation", async () => {
    const dataset = Array.from({ length: 8 }, (_, question) => ({ input: `${question}`, expected: "yes" }));
    const report = await evaluate({ graph: experiment(2, 6), dataset, scorers: [exact()] });
    const { shown, shadow } = shadowReports(report.items);
    expect([report.accuracy.value, shown.accuracy.value, shadow.accuracy.value]).toEqual([0.25, 0.25, 0.75]);
    expect(report.costUsd.value).toBeCloseTo(15e-6, 12); // what the shown answers cost
  });

  it("count grades from `passingScore` up as right", async () => {
    const graph = createExperiment({
      models: { a: pricedModel("a", () => "A") },
      weights: { a: 1 },
      shadow: { ...pricedModel("s", () => "S"), score: ({ name }) => (name === "shadow" ? 0.7 : 0.4) },
    });
    const { shown, shadow } = shadowReports(await runsOf(graph, 2), { passingScore: 0.5 });
    expect([shown.accuracy.value, shadow.accuracy.value, shadow.scores.score!.value]).toEqual([
      0,
      1,
      expect.closeTo(0.7, 10),
    ]);
  });
});

describe("compareVariants", () => {
  it("leaves the cost and the time of a shadow out", async () => {
    const { variants } = compareVariants(await runsOf(experiment(10, 16), 5));
    expect(variants.a!.costUsd.value).toBeCloseTo(15e-6, 12);
  });
});
