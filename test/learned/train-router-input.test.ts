import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/index.js";
import { loadRouter, type RoutingExample, trainRouter } from "../../src/learned/index.js";

const examples: RoutingExample<"a" | "b">[] = Array.from({ length: 40 }, (_, index) => ({
  prompt: index % 2 === 0 ? `Add ${index} and ${index + 1}` : `Write a song about ${index} birds`,
  outcomes: { a: index % 2, b: 1 - (index % 2) },
}));
const refused = async (given: unknown, options?: object) => {
  const error: unknown = await trainRouter(given as never, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidOptionError);
  return (error as InvalidOptionError).option;
};

describe("trainRouter", () => {
  it("separates what can be separated, with outcomes between 0 and 1 too", async () => {
    const router = await trainRouter(examples);
    const [sum, song] = [await router.predict("Add 100 and 7"), await router.predict("Write a song about bees")];
    expect([sum.a < 0.3, sum.b > 0.7, song.a > 0.7, song.b < 0.3]).toEqual([true, true, true, true]);
    const half = await trainRouter(
      examples.map(({ prompt, outcomes }) => ({ prompt, outcomes: { a: 0.25 + outcomes.a / 2 } })),
    );
    expect((await half.predict("Write a song about bees")).a).toBeGreaterThan(0.55);
    expect((await half.predict("Write a song about bees")).a).toBeLessThan(0.8);
  });

  it("gives the same file for the same seed, whatever kind of seed it is", async () => {
    for (const seed of [0, 7, "seven"]) {
      const [one, other] = await Promise.all([trainRouter(examples, { seed }), trainRouter(examples, { seed })]);
      expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    }
  });

  it("predicts numbers from 0 to 1 for any text", async () => {
    const router = await trainRouter(examples);
    const hostile = [
      "",
      "x".repeat(1_000_000),
      `${".".repeat(1_000_000)}a`,
      "1,".repeat(500_000),
      " ".repeat(1_000_000),
      "\ud800".repeat(100_000),
      "\u0000\u202e",
      "漢字とかな交じり文".repeat(10_000),
      "a\u0301".repeat(10_000),
    ];
    const isOutcome = (value: number) => value >= 0 && value <= 1;
    for (const prompt of hostile) expect(Object.values(await router.predict(prompt)).every(isOutcome)).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (prompt) => {
        expect(Object.values(await router.predict(prompt)).every(isOutcome)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it("learns from texts that are all alike, empty, or in a script without spaces", async () => {
    const same = await trainRouter(
      Array.from({ length: 5 }, (_, index) => ({ prompt: "", outcomes: { a: index % 2 } })),
    );
    expect((await same.predict("")).a).toBeCloseTo(0.4, 5);
    const scripts = await trainRouter(
      Array.from({ length: 40 }, (_, index) => ({
        prompt: index % 2 === 0 ? `请修改这段代码${index}` : `请写一首诗${index}`,
        outcomes: { code: 1 - (index % 2), poem: index % 2 },
      })),
    );
    const { code, poem } = await scripts.predict("修改代码");
    expect(code).toBeGreaterThan(poem);
  });

  it("takes names that are words of the language", async () => {
    const names = examples.map(({ prompt, outcomes }) => ({
      prompt,
      outcomes: Object.fromEntries([
        ["__proto__", outcomes.a],
        ["constructor", outcomes.b],
      ]),
    }));
    const router = loadRouter(JSON.stringify(await trainRouter(names)));
    expect(Object.keys(await router.predict("Add 1 and 2"))).toEqual(["__proto__", "constructor"]);
  });

  it("says which example is wrong, and how", async () => {
    const broken = (change: object) => [...examples, { ...examples[0]!, ...change }];
    expect(await refused(undefined)).toBe("trainRouter.examples");
    expect(await refused(examples.slice(0, 4))).toBe("trainRouter.examples");
    expect(await refused(broken({ prompt: 1 }))).toBe("trainRouter.examples[40].prompt");
    expect(await refused(broken({ outcomes: {} }))).toBe("trainRouter.examples[40].outcomes");
    expect(await refused(broken({ outcomes: undefined }))).toBe("trainRouter.examples[40].outcomes");
    expect(await refused(broken({ outcomes: { a: 1 } }))).toBe("trainRouter.examples[40].outcomes");
    expect(await refused(broken({ outcomes: { a: 1, c: 1 } }))).toBe("trainRouter.examples[40].outcomes");
    for (const b of [Number.NaN, -0.1, 1.1, "1", null])
      expect(await refused(broken({ outcomes: { a: 1, b } }))).toBe("trainRouter.examples[40].outcomes.b");
    expect(await refused(examples, { seed: Number.NaN })).toBe("trainRouter.seed");
  });
});

describe("loadRouter", () => {
  it("takes the data or its text", async () => {
    const router = await trainRouter(examples);
    const expected = await router.predict("Add 1 and 2");
    for (const json of [router.toJSON(), JSON.stringify(router), JSON.parse(JSON.stringify(router))])
      expect(await loadRouter(json).predict("Add 1 and 2")).toEqual(expected);
  });

  it("refuses what is not a trained router of this version, and says what is wrong with it", async () => {
    const data = JSON.parse(JSON.stringify(await trainRouter(examples)));
    const wrong: [object, string][] = [
      [{ version: 2 }, "version"],
      [{ format: "other" }, "format"],
      [{ names: [] }, "names"],
      [{ names: ["a", "a"] }, "names"],
      [{ means: data.means.slice(1) }, "means"],
      [{ spreads: [] }, "spreads"],
      [{ spreads: data.spreads.map(() => -1) }, "spreads"],
      [{ buckets: data.buckets.map(() => 0) }, "buckets"],
      [{ buckets: [-1] }, "buckets"],
      [{ rarities: [] }, "rarities"],
      [{ weights: [] }, "weights"],
      [{ weights: [data.weights[0], [1]] }, "weights"],
      [{ weights: [data.weights[0], data.weights[1].map(() => null)] }, "weights"],
      [{ dimensions: 0 }, "dimensions"],
    ];
    for (const [change, path] of wrong) {
      expect(() => loadRouter({ ...data, ...change })).toThrow(InvalidOptionError);
      expect(() => loadRouter({ ...data, ...change })).toThrow(new RegExp(`loadRouter\\.json.*${path}`));
    }
    for (const json of [undefined, null, 1, "", "{", "[]", [], {}])
      expect(() => loadRouter(json)).toThrow(InvalidOptionError);
  });
});
