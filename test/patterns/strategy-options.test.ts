import { describe, expect, it } from "vitest";
import * as library from "../../src/index.js";
import { loadRouter, trainRouter } from "../../src/learned/index.js";
import { saying } from "../support/fakes.js";

const {
  agreement,
  bestOf,
  byCapability,
  byComplexity,
  byContextWindow,
  byCost,
  byLatency,
  bySimilarity,
  byTask,
  classifyWith,
  consistency,
  groundedIn,
  InvalidOptionError,
  judgeWith,
  logprobs,
  majorityVote,
  selfReported,
  sharedMemory,
  summarizeWith,
  synthesizeWith,
  weighted,
  weightedVote,
} = library;

const model = saying();
const embeddings = { embedQuery: async () => [1], embedDocuments: async () => [[1]] };

/** Every strategy that takes options: what it is called with when they are right, and an option with a typo. */
const strategies: Readonly<Record<string, readonly [(options: never) => unknown, options: object, typo: string]>> = {
  agreement: [agreement, { need: 2 }, "ned"],
  bestOf: [(options) => bestOf(model, options), { seed: 1 }, "sed"],
  byCapability: [byCapability, { needs: ["json"] }, "need"],
  byComplexity: [(options) => byComplexity({ simple: "a" }, options), { detect: () => "simple" }, "detekt"],
  byContextWindow: [byContextWindow, { answerTokens: 5 }, "answertoken"],
  byCost: [byCost, { quality: { a: 1 }, min: 0.5 }, "answerTokns"],
  byLatency: [byLatency, { deadlineMs: 5 }, "percentil"],
  bySimilarity: [bySimilarity, { embeddings, examples: { a: ["x"] }, threshold: 0.5 }, "neighbors"],
  byTask: [byTask, { table: { chat: { simple: "a" } } }, "defualt"],
  classifyWith: [(options) => classifyWith(model, options), { instructions: "Choose." }, "instruction"],
  consistency: [consistency, { samples: 3 }, "treshold"],
  groundedIn: [groundedIn, { sources: () => [] }, "source"],
  judgeWith: [(options) => judgeWith(model, options), { threshold: 8 }, "treshold"],
  logprobs: [logprobs, { reduce: "min" }, "reducer"],
  majorityVote: [majorityVote, { ties: "first" }, "tie"],
  selfReported: [selfReported, { threshold: 0.5 }, "treshold"],
  sharedMemory: [sharedMemory, { namespace: "notes" }, "limits"],
  summarizeWith: [(options) => summarizeWith(model, options), { maxTokens: 5 }, "maxToken"],
  synthesizeWith: [(options) => synthesizeWith(model, options), { instructions: "Join." }, "instruction"],
  weighted: [(options) => weighted({ a: 1 }, options), { seed: 1 }, "stickBy"],
  weightedVote: [weightedVote, { weights: { a: 2 } }, "normalise"],
};

describe("the options of a strategy", () => {
  it.each(Object.entries(strategies))(
    "%s refuses one with a typo by name, and says what there is",
    (name, [build, options, typo]) => {
      expect(() => build(options as never)).not.toThrow();
      const wrong = () => build({ ...options, [typo]: 1 } as never);
      expect(wrong).toThrow(InvalidOptionError);
      expect(wrong).toThrow(`${name}.${typo} is 1; the options are `);
      expect(wrong).toThrow("; did you mean ");
      for (const none of [null, 5, "fast", []]) expect(() => build(none as never)).toThrow(InvalidOptionError);
    },
  );

  it("trainRouter and the route it trains refuse one, too", async () => {
    const examples = Array.from({ length: 20 }, (_, index) => ({
      prompt: `question ${index}`,
      outcomes: { a: 1, b: 0 },
    }));
    await expect(trainRouter(examples, { sed: 1 } as never)).rejects.toThrow("trainRouter.sed");
    const trained = await trainRouter(examples);
    expect(() => trained.route({ tradeoff: 0.5, tradeof: 1 } as never)).toThrow("TrainedRouter.route.tradeof");
    expect(() => loadRouter(trained.toJSON(), { embedding: 1 } as never)).toThrow("loadRouter.embedding");
  });
});
