import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consistency, createCascade, InvalidOptionError, normalizeNumber } from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";
import { itOverClients } from "../support/over-clients.js";
import { verifyTurn } from "./turn.js";

const run = (answers: readonly (string | Error)[], options: Parameters<typeof consistency>[0]) => {
  const model = saying(...answers);
  const models = { small: { model, retry: false } } as const;
  const graph = createCascade({ models, verify: consistency(options), judgeLast: true }).compile();
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

  it("samples afresh, and passes on what is no failed call", async () => {
    const { turn, asked } = verifyTurn(["18"], ["18"]);
    await consistency({ samples: 2, threshold: 1 })(turn);
    expect(asked.map(({ options }) => options)).toEqual([{ role: "answer", fresh: true }]);
    const bug = new TypeError("bug");
    await expect(consistency({ samples: 2, threshold: 1 })(verifyTurn(["18"], [bug]).turn)).rejects.toBe(bug);
  });

  it("does not count an answer with nothing to compare", async () => {
    const { turn } = verifyTurn(["I do not know"], ["No idea"]);
    const verdict = await consistency({ samples: 2, threshold: 0.5, normalize: normalizeNumber })(turn);
    expect(verdict).toMatchObject({ pass: false, score: 0, reason: "0 of 2 answers agree, 1 of 2 are needed" });
  });

  it("refuses too few samples", () => {
    for (const samples of [1, 0, 2.5, Number.NaN]) expect(() => consistency({ samples })).toThrow(InvalidOptionError);
    expect(() => consistency({ samples: 3, threshold: 2 })).toThrow(InvalidOptionError);
  });

  it("is a function of the turn: asks the judged model the same again, and says how many agree", async () => {
    const { turn, asked } = verifyTurn(["It is 42"], ["41", "it is 42."]);
    expect(await consistency({ samples: 3 })(turn)).toMatchObject({
      pass: true,
      score: 2 / 3,
      threshold: 0.6,
      answer: { content: "It is 42" },
      reason: "2 of 3 answers agree, 2 of 3 are needed",
    });
    expect(asked.map(({ messages }) => messages)).toEqual([turn.messages, turn.messages]);
    expect(asked.every(({ options }) => options?.model === undefined && options?.role === "answer")).toBe(true);
  });

  itOverClients("samples the same model until it is decided, then climbs", async ({ client, asked }) => {
    const models = { small: client("small", "41", "42", "43", "42"), large: client("large", "42") };
    const verify = consistency({ samples: 4, threshold: 0.75, normalize: normalizeNumber });
    const { modelUsed, calls } = await createCascade({
      models: { small: models.small },
      verify,
      fallback: models.large,
    })
      .compile()
      .invoke({ messages: "Q" });
    expect([modelUsed, asked()]).toEqual(["fallback", { small: 3, large: 1 }]);
    expect(calls.map(({ path, role }) => `${path} ${role}`)).toEqual([
      "small answer",
      "verifier answer",
      "verifier answer",
      "fallback answer",
    ]);
  });

  it("says what it needs when it is made of nothing", () => {
    expect(() => consistency(undefined as never)).toThrow(InvalidOptionError);
  });
});
