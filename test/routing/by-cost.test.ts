import { HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import type { Price } from "../../src/ledger/model-call.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byCost, type CostOptions } from "../../src/routing/by-cost.js";
import { firstOf } from "../../src/routing/first-of.js";
import { toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

const prices: Readonly<Record<string, Price | null>> = {
  small: { input: 0.15, output: 0.6 },
  large: { input: 2.5, output: 10 },
  local: { input: 0, output: 0 },
  secret: null,
};

async function choose(options: CostOptions<string>, names = Object.keys(prices), question = "x".repeat(4_000)) {
  const models = names.map((name) => ({ name, price: prices[name] ?? null }));
  return toChoice(await byCost<string>(options)(routeTurn(question, models).turn));
}

describe("byCost", () => {
  it("chooses the cheapest model that is good enough, and says what the others would cost", async () => {
    const quality = { small: 0.7, large: 0.9, local: 0.4 };
    expect(await choose({ quality, min: 0.7 }, ["large", "small", "local"])).toEqual({
      name: "small",
      scores: { large: 0.9, small: 0.7, local: 0.4 },
      threshold: 0.7,
      skipped: [{ name: "local", reason: "its quality is 0.4, under 0.7" }],
      reason: "the cheapest that is good enough is small at about $0.00045, against large at about $0.0075",
    });
    expect((await choose({ quality, min: 0.8 })).name).toBe("large");
    expect((await choose({ quality, min: 0 })).name).toBe("local");
  });

  it("weighs tokens in against tokens out", async () => {
    const models = [
      { name: "reads", price: { input: 1, output: 20 } },
      { name: "writes", price: { input: 10, output: 2 } },
    ];
    const cheapest = async (characters: number, answerTokens: number) => {
      const { turn } = routeTurn<string>("x".repeat(characters), models);
      return toChoice(await byCost<string>({ quality: { reads: 1, writes: 1 }, min: 1, answerTokens })(turn)).name;
    };
    expect(await cheapest(40_000, 100)).toBe("reads");
    expect(await cheapest(40, 1_000)).toBe("writes");
  });

  it("takes long-prompt prices where they apply", async () => {
    const dear = { input: 1, output: 1, longInput: [{ above: 1_000, input: 9, output: 9 }] };
    const models = [
      { name: "tiered", price: dear },
      { name: "flat", price: { input: 2, output: 2 } },
    ];
    const cheapest = async (question: string) =>
      toChoice(await byCost<string>({ quality: { tiered: 1, flat: 1 }, min: 1 })(routeTurn(question, models).turn))
        .name;
    expect([await cheapest("Hi"), await cheapest("x".repeat(8_000))]).toEqual(["tiered", "flat"]);
  });

  it("puts a model whose price is unknown last, and says so", async () => {
    const quality = { secret: 1, large: 0.9 };
    expect(await choose({ quality, min: 0.9 }, ["secret", "large"])).toMatchObject({
      name: "large",
      skipped: [{ name: "secret", reason: "its price is unknown" }],
    });
    expect(await choose({ quality, min: 0.95 }, ["secret", "large"])).toMatchObject({
      name: "secret",
      skipped: [{ name: "large", reason: "its quality is 0.9, under 0.95" }],
      reason: "the cheapest that is good enough is secret at an unknown price",
    });
  });

  it("does not choose a model nobody rated", async () => {
    expect(await choose({ quality: { large: 0.9 }, min: 0 }, ["local", "large"])).toMatchObject({
      name: "large",
      skipped: [{ name: "local", reason: "its quality is unknown" }],
    });
  });

  it("lets key order decide between equal prices", async () => {
    const models = ["b", "a"].map((name) => ({ name, price: { input: 0, output: 0 } }));
    const { turn } = routeTurn<string>("Hi", models);
    expect(toChoice(await byCost<string>({ quality: { a: 1, b: 1 }, min: 0.5 })(turn)).name).toBe("b");
  });

  it("makes no decision when none will do, with the reason for each", async () => {
    expect(await choose({ quality: { small: 0.7 }, min: 0.8 }, ["small", "large"])).toEqual({
      name: undefined,
      scores: { small: 0.7 },
      threshold: 0.8,
      reason: "no model is good enough (small: its quality is 0.7, under 0.8; large: its quality is unknown)",
    });
  });

  it.each([5, -0.1, Infinity])("refuses the rating %o of a function, which is on another scale", async (rating) => {
    await expect(choose({ quality: () => ({ small: rating }), min: 0.5 })).rejects.toThrow(/byCost\.quality\.small/);
  });

  it("takes ratings from a function of the turn", async () => {
    const quality: CostOptions<string>["quality"] = async ({ messages }) =>
      messages[0]!.text.includes("proof") ? { small: 0.2, large: 0.9 } : { small: 0.9, large: 0.9 };
    const named = async (question: string) => (await choose({ quality, min: 0.5 }, undefined, question)).name;
    expect([await named("a proof"), await named("hello")]).toEqual(["large", "small"]);
    for (const nothing of [{}, undefined, { small: Number.NaN, large: "good" }]) {
      expect((await choose({ quality: () => nothing as never, min: 0 })).name).toBeUndefined();
    }
  });

  it("always chooses a model that is good enough and none of those is cheaper", async () => {
    const rated = fc.record({
      quality: fc.double({ min: 0, max: 1, noNaN: true }),
      price: fc.option(fc.record({ input: fc.nat(50), output: fc.nat(50) })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(rated, { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(5_000),
        async (given, min, length) => {
          const models = given.map(({ price }, index) => ({ name: `m${index}`, price }));
          const quality = Object.fromEntries(given.map((model, index) => [`m${index}`, model.quality]));
          const { turn } = routeTurn<string>([new HumanMessage("x".repeat(length))], models);
          const choice = toChoice(await byCost<string>({ quality, min })(turn));
          const costs = given.map(({ price, quality }) =>
            quality < min
              ? Number.NaN
              : price === null
                ? Infinity
                : Math.ceil(length / 4) * price.input + 500 * price.output,
          );
          const best = Math.min(...costs.filter((cost) => !Number.isNaN(cost)));
          const expected = costs.indexOf(best);
          expect(choice.name).toBe(expected < 0 ? undefined : `m${expected}`);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each<[Partial<CostOptions<string>>]>([
    [{ quality: {} }],
    [{ quality: { small: 1.5 } }],
    [{ quality: { small: Number.NaN } }],
    [{ quality: { small: undefined } }],
    [{ quality: undefined as never }],
    [{ min: Number.NaN }],
    [{ min: 7 }],
    [{ min: undefined as never }],
    [{ answerTokens: -1 }],
  ])("refuses %o when it is made", (options) => {
    expect(() => byCost<string>({ quality: { small: 1 }, min: 0.5, ...options })).toThrow(InvalidOptionError);
  });

  it("routes runs of a graph, with a skip decision for each model that was passed over", async () => {
    const models = {
      tiny: { model: saying(), price: { input: 0.1, output: 0.1 } },
      unknown: saying(),
      small: { model: saying("s"), price: { input: 1, output: 2 } },
      large: { model: saying(), price: { input: 5, output: 9 } },
    };
    const route = firstOf(
      byCost({ quality: { tiny: 0.2, unknown: 0.9, small: 0.8, large: 0.9 }, min: 0.8 }),
      () => "large",
    );
    const { modelUsed, decisions } = await createRouter({ models, route }).compile().invoke({ messages: "Hi" });
    expect(modelUsed).toBe("small");
    expect(decisions).toEqual([
      { node: "router", kind: "skip", chosen: "tiny", reason: "its quality is 0.2, under 0.8" },
      { node: "router", kind: "skip", chosen: "unknown", reason: "its price is unknown" },
      expect.objectContaining({ kind: "route", chosen: "small", threshold: 0.8, scores: expect.anything() }),
    ]);
  });
});
