import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { knowMakers } from "../errors/uncalled.js";
import { checkEmbeddings, checkNumber } from "../routing/check-value.js";
import { FOLDS, fitRouter } from "./fit-router.js";
import { promptFeatures } from "./router-model.js";
import { type TrainedRouter, trainedRouter } from "./trained-router.js";

/** A prompt with what came of asking each model. */
export interface RoutingExample<Name extends string = string> {
  readonly prompt: string;
  /** How good each model's answer was, 0..1: right or wrong, a judge's score, a user's rating. */
  readonly outcomes: Readonly<Record<Name, number>>;
}

export interface TrainOptions {
  /** Reads prompts by meaning instead of by their words; any embedder of LangChain. @default words */
  readonly embeddings?: EmbeddingsInterface;
  /** Which examples are tried together when it chooses how far to trust what it reads. @default 0 */
  readonly seed?: string | number;
}

/**
 * Learns from recorded outcomes which model to ask: one small linear model for each name, trained in seconds without a service.
 *
 * It reads the length of a prompt, its form (numbers, code marks, list marks, negations …) and its words and pairs of words,
 * hashed; or, with `embeddings`, its vector in place of the words. Each expected outcome is a ridge regression (Hoerl and
 * Kennard 1970) whose strength is chosen by 5-fold cross-validation within the examples. On recorded outcomes of RouteLLM
 * (Ong et al. 2024, arXiv:2406.18665) it is measured by `npm run bench:quality`.
 *
 * **When to use** - you have outcomes of the models on prompts like those to come: a few hundred at least. They say more
 * about your models than any rule does.
 * **Gotchas** - it knows only what the examples show: train it anew when models or prompts change. What it can tell from a
 * question alone is little where questions are alike; a cascade looks at the answers too. Training takes the thread for
 * seconds, in pieces: 1,500 prompts and two models take 1 to 3 s, with vectors of 1,536 numbers 12 s, for up to 0.2 s at a time.
 * Train once, in a script, and keep `toJSON()`. Number and negation words are English.
 * Only the first 20,000 characters are read. Calls of an embedder are not in the ledger.
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
 * @throws {InvalidOptionError} when there are fewer than 5 examples, one has other names than the first, or an outcome is not
 * between 0 and 1; when the embedder gives vectors that are not of one length
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
      throw new InvalidOptionError(`${at}.outcomes`, own, `give all examples the same names: ${names.join(", ")}`);
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
    throw new InvalidOptionError("trainRouter.embeddings", vectors, `it must give ${count} vectors of one length`);
  }
  return vectors;
}

knowMakers([[trainRouter, "(await trainRouter(examples)).route({ tradeoff: 0.2 })"]]);
