import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRouter, InvalidOptionError } from "../../src/index.js";
import { loadRouter, trainRouter } from "../../src/learned/index.js";
import { saying } from "../support/fakes.js";

const words = ["parser", "compile", "function", "stack", "loop"];
/** Questions about code the large model alone gets right, small talk both do. */
const examples = Array.from({ length: 60 }, (_, index) => {
  const code = index % 2 === 0;
  const prompt = code ? `Mend the ${words[index % 5]} number ${index}` : `Tell me about your holiday number ${index}`;
  return { prompt, outcomes: { small: code ? 0 : 1, large: 1 } };
});
const prices = { small: { input: 0.15, output: 0.6 }, large: { input: 2.5, output: 10 } };

describe("trainRouter", () => {
  it("learns what each model gets right, the same way for the same seed", async () => {
    const [router, again] = [await trainRouter(examples, { seed: 7 }), await trainRouter(examples, { seed: 7 })];
    const hard = await router.predict("Mend the compile loop");
    const easy = await router.predict("Tell me about your garden");
    expect(hard.small!).toBeLessThan(0.5);
    expect(easy.small!).toBeGreaterThan(0.5);
    expect(await again.predict("Mend the stack")).toEqual(await router.predict("Mend the stack"));
  });

  it("predicts the same after a round trip through JSON", async () => {
    const router = await trainRouter(examples);
    const loaded = loadRouter(JSON.parse(JSON.stringify(router.toJSON())));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (prompt) => {
        expect(await loaded.predict(prompt)).toEqual(await router.predict(prompt));
      }),
      { numRuns: 40 },
    );
  });

  it("routes inside a graph: the cheap model where it will do, the better one where it will not", async () => {
    const router = await trainRouter(examples);
    const models = {
      small: { model: saying("small", "small"), price: prices.small },
      large: { model: saying("large", "large"), price: prices.large },
    };
    const graph = createRouter({ models, route: router.route({ tradeoff: 0.2 }) }).compile();
    const easy = await graph.invoke({ messages: "Tell me about your holiday" });
    const hard = await graph.invoke({ messages: "Mend the parser function" });
    expect([easy.route, hard.route]).toEqual(["small", "large"]);
    expect(Object.keys(hard.decisions[0]!.scores!)).toEqual(expect.arrayContaining(["small", "large"]));
  });

  it("tells the kinds of the labelled prompts apart better than chance, on prompts it was not shown", async () => {
    const file = new URL("../fixtures/labelled-prompts.json", import.meta.url);
    const prompts = JSON.parse(readFileSync(file, "utf8")) as { prompt: string; label: string }[];
    const labels = [...new Set(prompts.map(({ label }) => label))];
    const known = prompts.filter((_, index) => index % 5 !== 0);
    const unseen = prompts.filter((_, index) => index % 5 === 0);
    const outcomes = (label: string) => Object.fromEntries(labels.map((name) => [name, name === label ? 1 : 0]));
    const router = await trainRouter(known.map(({ prompt, label }) => ({ prompt, outcomes: outcomes(label) })));
    let right = 0;
    for (const { prompt, label } of unseen) {
      const scores = Object.entries(await router.predict(prompt)).sort(([, a], [, b]) => b - a);
      if (scores[0]![0] === label) right++;
    }
    expect(prompts.length).toBeGreaterThanOrEqual(200);
    expect(right / unseen.length).toBeGreaterThan(0.4); // chance is 0.25
  });

  it("refuses examples and files that cannot be meant", async () => {
    await expect(trainRouter([])).rejects.toSatisfy(InvalidOptionError.isInstance);
    await expect(trainRouter([{ prompt: "a", outcomes: { x: Number.NaN } }])).rejects.toSatisfy(
      InvalidOptionError.isInstance,
    );
    for (const wrong of [undefined, {}, { format: "other" }, []])
      expect(() => loadRouter(wrong as never)).toThrow(InvalidOptionError);
  });
});
