import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anyOf,
  check,
  consistency,
  createCascade,
  createQualityGate,
  InvalidOptionError,
  judgeWith,
  normalizeNumber,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";

const run = (answers: readonly (string | Error)[], options: Parameters<typeof consistency>[0]) => {
  const model = saying(...answers);
  const graph = createCascade({ models: { small: { model, retry: false } }, verify: consistency(options) }).compile();
  return graph.invoke({ messages: "Q" }).then((result) => ({ result, asked: model.callCount }));
};

describe("consistency", () => {
  it("stops as soon as enough answers agree", async () => {
    const { result, asked } = await run(["18", "It is 18.", "#### 18", "never"], {
      samples: 5,
      normalize: normalizeNumber,
    });
    expect(asked).toBe(3);
    expect(result).toMatchObject({ verdict: { pass: true, score: 1 }, confidence: 1 });
    expect(result.calls.map(({ path }) => path)).toEqual(["small", "verifier", "verifier"]);
  });

  it("stops as soon as not enough can agree any more", async () => {
    const { result, asked } = await run(["1", "2", "3", "never"], { samples: 5, threshold: 0.8 });
    expect(asked).toBe(3);
    expect(result.verdict).toMatchObject({ pass: false });
  });

  it("returns the most frequent answer, not the first one", async () => {
    const { result } = await run(["17", "18", "18"], { samples: 3 });
    expect(result.messages.at(-1)!.text).toBe("18");
  });

  it("counts a failed sample as one that disagrees", async () => {
    const { result, asked } = await run(["18", httpError(500), "18"], { samples: 3 });
    expect([asked, result.verdict?.pass, result.verdict?.score]).toEqual([3, true, 2 / 3]);
  });

  it("decides as if all samples had been asked, and never asks more than it may", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("a1", "b2", "c3"), { minLength: 2, maxLength: 7 }),
        fc.constantFrom(0.3, 0.5, 0.6, 1),
        async (answers, threshold) => {
          const { result, asked } = await run(answers, { samples: answers.length, threshold });
          const counts = answers.map((answer) => answers.filter((other) => other === answer).length);
          expect(result.verdict!.pass).toBe(Math.max(...counts) >= Math.ceil(threshold * answers.length - 1e-9));
          expect(asked).toBeLessThanOrEqual(answers.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuses too few samples", () => {
    for (const samples of [1, 0, 2.5, Number.NaN]) expect(() => consistency({ samples })).toThrow(InvalidOptionError);
    expect(() => consistency({ samples: 3, threshold: 2 })).toThrow(InvalidOptionError);
  });
});

describe("anyOf", () => {
  it("passes with the first verifier that does, without paying the next", async () => {
    const judge = saying("9");
    const verify = anyOf(
      check(() => true),
      judgeWith(judge),
    );
    await createQualityGate({ model: saying("A"), verify })
      .compile()
      .invoke({ messages: "Q" });
    expect(judge.callCount).toBe(0);
  });

  it("keeps the highest score and joins the feedback when none passes", async () => {
    const verify = anyOf(
      check(() => ({ pass: false, score: 0.2, feedback: "too short" })),
      check(() => ({ pass: false, score: 0.6, threshold: 0.7, feedback: "no source" })),
    );
    const model = saying("A", "B");
    const result = await createQualityGate({ model, verify }).compile().invoke({ messages: "Q" });
    expect(result.verdict).toMatchObject({ pass: false, score: 0.6, threshold: 0.7, feedback: "too short; no source" });
    expect(model.calls[1]!.messages.at(-1)!.text).toContain("too short; no source");
  });

  it("refuses to be empty", () => {
    expect(() => anyOf()).toThrow(InvalidOptionError);
  });
});
