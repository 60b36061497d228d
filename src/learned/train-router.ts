import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { registerFactories } from "../errors/refuse-factory.js";
import { checkEmbeddings, checkNumber } from "../routing/check-value.js";
import { FOLDS, fitRouter } from "./fit-router.js";
import { promptFeatures } from "./router-model.js";
import { type TrainedRouter, trainedRouter } from "./trained-router.js";

/** A prompt with the outcome of each model. */
export interface RoutingExample<Name extends string = string> {
  readonly prompt: string;
  /** Quality of each model's answer, 0..1: right or wrong, a judge's score, a user's rating. */
  readonly outcomes: Readonly<Record<Name, number>>;
}

export interface TrainOptions {
  /** Embedder that reads prompts by meaning instead of by words. @default words */
  readonly embeddings?: EmbeddingsInterface;
  /** Seed of the cross-validation folds. @default 0 */
  readonly seed?: string | number;
}

/**
 * Learns from recorded outcomes which model to call: one small linear model per name, trained in seconds without a service.
 *
 * Inputs are the length of a prompt, its form (numbers, code, lists, negations …) and its hashed words and word pairs; with
 * `embeddings`, its vector instead of the words. Each outcome is predicted by ridge regression (Hoerl and Kennard 1970) with 5-fold
 * cross-validation. `npm run bench:quality` measures it on outcomes of RouteLLM (Ong et al. 2024, arXiv:2406.18665).
 *
 * **When to use** - you have outcomes of your models on at least a few hundred similar prompts.
 * **Gotchas** - train again when models or prompts change. Where questions look alike, prefer a cascade, which also sees the
 * answers. Training blocks the thread for up to 0.2 s at a time: 1,500 prompts and two models take 1 to 3 s, with vectors of 1,536
 * numbers 12 s; train once in a script and keep `toJSON()`. Number and negation words are English, and only the first 20,000
 * characters are read. Calls of an embedder are not in the ledger.
 *
 * @example
 * ```ts
 * import { trainRouter } from "langgraph-multimodel/learned";
 * const easy = ["What is 2 + 2?", "Name the capital of France.", "Is 7 odd?"];
 * const hard = ["Prove that there are infinitely many primes.", "Prove that e is irrational.", "Prove Fermat's little theorem."];
 * const router = await trainRouter([
 *   ...easy.map((prompt) => ({ prompt, outcomes: { small: 1, large: 1 } })),
 *   ...hard.map((prompt) => ({ prompt, outcomes: { small: 0, large: 1 } })),
 * ]);
 * await router.predict("Prove that pi is irrational."); // small: about 0.05, large: 1
 * createRouter({ models: { small, large }, route: router.route({ tradeoff: 0.2 }) });
 * ```
 * @throws {InvalidOptionError} for fewer than 5 examples, different names, outcomes outside 0..1, or vectors of different lengths
 */
export async function trainRouter<Name extends string>(
  examples: readonly RoutingExample<Name>[],
  options: TrainOptions = {},
): Promise<TrainedRouter<Name>> {
  checkKeys(options, "trainRouter", ["embeddings", "seed"]);
  const { embeddings, seed = 0 } = options;
  const names = checkExamples(examples);
  if (typeof seed !== "string") checkNumber(seed, "trainRouter.seed", "give a number or a string", () => true);
  if (embeddings !== undefined) checkEmbeddings(embeddings, "trainRouter.embeddings");
  const prompts = examples.map(({ prompt }) => prompt);
  const vectors = embeddings && checkVectors(await embeddings.embedDocuments(prompts), prompts.length);
  const model = await fitRouter({
    names,
    features: prompts.map((prompt, index) => promptFeatures(prompt, vectors?.[index])),
    outcomes: names.map((name) => Float64Array.from(examples, ({ outcomes }) => outcomes[name])),
    seed: String(seed),
  });
  return trainedRouter(model, embeddings);
}

function checkExamples<Name extends string>(examples: readonly RoutingExample<Name>[]): Name[] {
  const expected = "give { prompt, outcomes: { small: 0, large: 1 } } for each example";
  if (!Array.isArray(examples) || examples.length < FOLDS) {
    throw new InvalidOptionError("trainRouter.examples", examples, `give at least ${FOLDS} examples, better hundreds`);
  }
  const names = Object.keys(examples[0]?.outcomes ?? {}) as Name[];
  for (const [index, example] of examples.entries()) {
    const at = `trainRouter.examples[${index}]`;
    if (typeof example?.prompt !== "string") throw new InvalidOptionError(`${at}.prompt`, example?.prompt, expected);
    const own = Object.keys(example.outcomes ?? {});
    if (own.length === 0) throw new InvalidOptionError(`${at}.outcomes`, example.outcomes, expected);
    if (own.length !== names.length || !names.every((name) => Object.hasOwn(example.outcomes, name))) {
      throw new InvalidOptionError(`${at}.outcomes`, own, `give the same names in all examples: ${names.join(", ")}`);
    }
    for (const name of names)
      checkNumber(example.outcomes[name], `${at}.outcomes.${name}`, "give a number from 0 to 1");
  }
  return names;
}

function checkVectors(vectors: readonly (readonly number[])[], count: number): readonly (readonly number[])[] {
  const size = vectors[0]?.length ?? 0;
  const usable = vectors.length === count && size > 0;
  if (!usable || vectors.some((vector) => vector.length !== size || !vector.every(Number.isFinite))) {
    throw new InvalidOptionError("trainRouter.embeddings", vectors, `it must return ${count} vectors of equal length`);
  }
  return vectors;
}

registerFactories([[trainRouter, "(await trainRouter(examples)).route({ tradeoff: 0.2 })"]]);
