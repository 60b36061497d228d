import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter, type RouteChoice } from "../../src/index.js";
import { loadRouter, type TrainedRouter, trainRouter } from "../../src/learned/index.js";
import { routeTurn } from "../routing/turn.js";
import { saying } from "../support/fakes.js";

type Name = "small" | "medium" | "large";
const kinds = ["Mend the parser of file", "Translate the letter of", "Say hello to guest"] as const;
/** The small model can greet, the medium one can translate too, the large one can do everything. */
const examples = Array.from({ length: 90 }, (_, index) => {
  const kind = index % 3;
  const outcomes: Record<Name, number> = { small: kind === 2 ? 1 : 0, medium: kind >= 1 ? 0.9 : 0.1, large: 0.95 };
  return { prompt: `${kinds[kind]} number ${index}`, outcomes };
});
const prices = { small: { input: 0.1, output: 0.4 }, medium: { input: 1, output: 4 }, large: { input: 5, output: 20 } };
const priced = (["small", "medium", "large"] as const).map((name) => ({ name, price: prices[name] }));

let router: TrainedRouter<Name>;
beforeAll(async () => {
  router = await trainRouter(examples);
});

async function choose(
  tradeoff: number,
  question: string,
  models: Parameters<typeof routeTurn<Name>>[1] = priced,
  from: TrainedRouter<Name> = router,
) {
  return (await from.route({ tradeoff })(routeTurn<Name>(question, models).turn)) as RouteChoice<Name>;
}

describe("TrainedRouter.route", () => {
  it("takes the cheapest model whose outcome is not worth more than its price", async () => {
    expect((await choose(0.2, "Mend the parser of a file")).name).toBe("large");
    expect((await choose(0.2, "Translate the letter of a friend")).name).toBe("medium");
    expect((await choose(0.2, "Say hello to the guest")).name).toBe("small");
  });

  it("looks at outcomes only at 0 and at prices only at 1", async () => {
    const outcomes = await router.predict("Mend the parser");
    const best = (Object.keys(outcomes) as Name[]).reduce((a, b) => (outcomes[b] > outcomes[a] ? b : a));
    expect((await choose(0, "Mend the parser")).name).toBe(best);
    expect((await choose(1, "Mend the parser")).name).toBe("small");
  });

  it("never chooses a dearer model at a higher tradeoff", async () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const words = fc.array(fc.constantFrom("mend", "parser", "translate", "letter", "hello", "guest", "x"));
    await fc.assert(
      fc.asyncProperty(words, part, part, async (question, one, other) => {
        const [lower, higher] = [Math.min(one, other), Math.max(one, other)];
        const [first, second] = await Promise.all([
          choose(lower, question.join(" ")),
          choose(higher, question.join(" ")),
        ]);
        expect(prices[second.name!].input).toBeLessThanOrEqual(prices[first.name!].input);
      }),
      { numRuns: 200 },
    );
  });

  it("records what it expected of each model, and why it chose", async () => {
    const { scores, reason, skipped } = await choose(0.2, "Say hello to the guest");
    expect(scores).toEqual(await router.predict("Say hello to the guest"));
    expect(reason).toMatch(/^small: expected outcome \d\.\d\d at 2 % of the highest price; medium: .*; tradeoff 0\.2$/);
    expect(skipped).toEqual([]);
  });

  it("counts an unknown price as the highest, and says so", async () => {
    const models = [{ name: "small", price: null } as const, priced[1]!, priced[2]!];
    const { name, reason } = await choose(1, "Say hello to the guest", models);
    expect(name).toBe("medium");
    expect(reason).toContain("an unknown price, taken as the highest");
    expect((await choose(0.5, "Say hello", ["medium", "small", "large"])).name).toBeDefined();
  });

  it("takes the cheaper of two equal models, then the first", async () => {
    const equal = await trainRouter(
      examples.map(({ prompt }) => ({ prompt, outcomes: { small: 1, medium: 1, large: 1 } })),
    );
    expect((await choose(0, "Hello", [priced[2]!, priced[0]!, priced[1]!], equal)).name).toBe("small");
    expect((await choose(0, "Hello", ["medium", "small"], equal)).name).toBe("medium");
  });

  it("passes over a model it was not trained on, and decides nothing where there is no other", async () => {
    const models = [{ name: "new" as Name, price: { input: 0, output: 0 } }, ...priced];
    const { name, skipped } = await choose(1, "Say hello", models);
    expect([name, skipped]).toEqual(["small", [{ name: "new", reason: "it was not in the training examples" }]]);
    const nothing = await choose(0, "Say hello", [models[0]!]);
    expect([nothing.name, nothing.reason]).toEqual([undefined, "it was not trained on any of these models"]);
  });

  it.each([-0.1, 1.1, Number.NaN, undefined as never])("refuses the tradeoff %s", (tradeoff) => {
    expect(() => router.route({ tradeoff })).toThrow(/TrainedRouter\.route\.tradeoff/);
  });

  it("refuses to be made without options", () => {
    expect(() => (router.route as () => unknown)()).toThrow(InvalidOptionError);
  });

  it("leaves the models it did not choose alone, inside a graph", async () => {
    const clients = { small: saying("small"), medium: saying("medium"), large: saying("large") };
    const models = Object.fromEntries(priced.map(({ name, price }) => [name, { model: clients[name], price }]));
    const graph = createRouter({ models, route: router.route({ tradeoff: 0.2 }) }).compile();
    const { modelUsed, decisions } = await graph.invoke({ messages: "Translate the letter of a friend" });
    expect(modelUsed).toBe("medium");
    expect(decisions[0]).toMatchObject({ kind: "route", chosen: "medium" });
    expect([clients.small.callCount, clients.large.callCount]).toEqual([0, 0]);
  });
});

describe("trainRouter with embeddings", () => {
  const vectorOf = (text: string) => [
    Number(/mend|fix/i.test(text)),
    Number(/translate/i.test(text)),
    text.length / 100,
  ];
  const embeddings: EmbeddingsInterface = {
    embedQuery: async (text) => vectorOf(text),
    embedDocuments: async (texts) => texts.map(vectorOf),
  };

  it("gives others their turn while it trains", async () => {
    let turns = 0;
    const count = () => {
      turns++;
      running = setImmediate(count);
    };
    let running = setImmediate(count);
    await trainRouter(examples, { embeddings });
    clearImmediate(running);
    expect(turns).toBeGreaterThan(30);
  });

  it("reads meaning in place of words", async () => {
    const trained = await trainRouter(examples, { embeddings });
    expect((await trained.predict("Fix it")).small).toBeLessThan((await trained.predict("Hm")).small - 0.3);
    expect(trained.toJSON().buckets).toEqual([]);
  });

  it("needs its embedder again when it is loaded, and predicts the same with it", async () => {
    const trained = await trainRouter(examples, { embeddings });
    const text = JSON.stringify(trained);
    expect(() => loadRouter(text)).toThrow(/loadRouter\.embeddings.*3 numbers/);
    expect(await loadRouter(text, { embeddings }).predict("Mend it")).toEqual(await trained.predict("Mend it"));
  });

  it("makes no decision where the embedder fails, and refuses vectors of another length", async () => {
    const trained = JSON.stringify(await trainRouter(examples, { embeddings }));
    const down = { ...embeddings, embedQuery: () => Promise.reject(Object.assign(new Error("busy"), { status: 503 })) };
    const { name, reason } = await choose(0.2, "Hello", priced, loadRouter<Name>(trained, { embeddings: down }));
    expect([name, reason]).toEqual([undefined, "the embedder failed (server)"]);
    const other = { ...embeddings, embedQuery: async () => [1] };
    await expect(loadRouter(trained, { embeddings: other }).predict("Hello")).rejects.toThrow(/vectors of 3 numbers/);
    const uneven = { ...embeddings, embedDocuments: async () => [[1]] };
    await expect(trainRouter(examples, { embeddings: uneven })).rejects.toThrow(/90 vectors of equal length/);
    await expect(trainRouter(examples, { embeddings: {} as never })).rejects.toThrow(/trainRouter\.embeddings/);
  });
});
