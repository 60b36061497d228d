import { appendFileSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareVariants, feedback, feedbackScores, runIdOf } from "../../src/evaluation/index.js";
import { createExperiment, thompson } from "../../src/index.js";
import { useScratch } from "./recordings/support/scratch.js";
import { pricedModel } from "./runs/support/priced-model.js";

const scratch = useScratch();

describe("feedback", () => {
  it("is the judged score of the variants: the last judgement of a run counts, and a run without one has no score", async () => {
    const file = scratch.file("f.jsonl");
    const models = { a: pricedModel("a", () => "A"), b: pricedModel("b", () => "B") };
    const graph = createExperiment({ models, weights: { a: 1, b: 1 }, seed: "s" }).compile();
    const runs = [];
    for (let run = 0; run < 12; run++) runs.push(await graph.invoke({ messages: `question ${run}` }));
    const rated = runs.slice(0, 10);
    for (const run of rated) feedback(runIdOf(run)!, run.modelUsed === "a" ? 0 : 0.5, { file });
    appendFileSync(file, '{"runId":"cut o');
    const first = rated.find(({ modelUsed }) => modelUsed === "a")!;
    feedback(runIdOf(first)!, 1, {
      file,
      comment: "after all, my key sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD works",
    });
    const { variants } = compareVariants(runs, { score: feedbackScores(file) });
    const ratedOf = (name: string) => rated.filter(({ modelUsed }) => modelUsed === name).length;
    expect(variants.a!.score).toMatchObject({ runs: ratedOf("a"), value: expect.closeTo(1 / ratedOf("a"), 12) });
    expect(variants.b!.score).toMatchObject({ runs: ratedOf("b"), value: 0.5 });
    expect(readFileSync(file, "utf8")).not.toContain("abcdefghijklmnop");
  });

  it("rewards the experiment too, for a run that it remembers", async () => {
    const adapt = thompson();
    const models = { a: pricedModel("a", () => "A") };
    const run = await createExperiment({ models, weights: { a: 1 }, adapt })
      .compile()
      .invoke({ messages: "Hi" });
    const file = scratch.file("thumbs.jsonl");
    feedback(runIdOf(run)!, 0.25, { file, adapt });
    feedback("another run", 1, { file, adapt });
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 0.25 } });
    expect(feedbackScores(file)(run)).toBe(0.25);
  });

  it("refuses a score outside 0 and 1, a run without an id, and a file that is missing", () => {
    expect(() => feedback("id", 2)).toThrow("feedback.score");
    expect(() => feedback("", 1)).toThrow("feedback.runId");
    expect(() => feedbackScores(scratch.file("none.jsonl"))).toThrow("there is no such file");
  });
});
