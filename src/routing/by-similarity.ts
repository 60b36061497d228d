import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { refusesToClassify } from "../calls/rehearsal.js";
import { barredEmbedder } from "../calls/turn.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError, MissingPackageError } from "../errors/index.js";
import { belongsToGraph } from "../langgraph/graph-errors.js";
import { mentioning, named } from "../models/mentions.js";
import { classifyError } from "../resilience/classify-error.js";
import { withinLimits } from "../resilience/deadline.js";
import { checkEmbeddings, checkedEntries, checkNumber } from "./check-value.js";
import { type Example, nearest, unit } from "./nearest.js";
import { lastText, type Route } from "./route.js";

export interface SimilarityOptions<Name extends string> {
  /** An embedder of LangChain. */
  readonly embeddings: EmbeddingsInterface;
  /** Example requests for each model. */
  readonly examples: Readonly<Partial<Record<Name, readonly string[]>>>;
  /** Lowest cosine similarity that decides, 0..1, inclusive. Its scale depends on the embedder: measure it. */
  readonly threshold: number;
  /** Number of nearest examples that are averaged into a model's score. @default 1 */
  readonly neighbours?: number;
  /** Milliseconds to embed a request, at first together with the examples. @default no limit */
  readonly timeout?: number;
}

/**
 * Chooses the model whose examples are closest in meaning to the request.
 *
 * **When to use** - tasks differ in meaning, not in words, and a classifier would be too slow or too expensive.
 * **Gotchas** - embeddings compare what texts are about, not how hard they are. Examples are embedded on the first run. If the
 * embedder fails, there is no decision. The ledger lacks its calls, since embedders report no usage. Only the last human message
 * is compared; key order breaks ties.
 *
 * @example
 * ```ts
 * import { OpenAIEmbeddings } from "@langchain/openai";
 *
 * const route = bySimilarity({
 *   embeddings: new OpenAIEmbeddings({ model: "text-embedding-3-small" }),
 *   examples: { code: ["Why does my loop not end?", "Write a unit test"], chat: ["Good morning!"] },
 *   threshold: 0.4,
 * });
 * createRouter({ models: { code, chat }, route: firstOf(route, () => "chat") });
 * ```
 * @throws {InvalidOptionError} when there are no examples, or `threshold` is not between 0 and 1
 */
export function bySimilarity<Name extends string>(options: SimilarityOptions<Name>): Route<NoInfer<Name>, string> {
  checkKeys(options, "bySimilarity", ["embeddings", "examples", "threshold", "neighbours", "timeout"]);
  const { embeddings, threshold, neighbours = 1, timeout } = options;
  checkSimilarityOptions(options);
  const texts = (Object.entries(options.examples) as [Name, readonly string[]][]).flatMap(([name, examples]) =>
    examples.map((text) => ({ name, text })),
  );
  let embedded: Promise<readonly Example<Name>[]> | undefined;
  const embedExamples = () => {
    embedded ??= embedAll(embeddings, texts).catch((error: unknown) => {
      embedded = undefined;
      throw error;
    });
    return embedded;
  };
  const route: Route<NoInfer<Name>, string> = async function bySimilarity({ messages, config, ask }) {
    const text = lastText(messages);
    if (text.trim() === "") return { name: undefined, reason: "there is no text to compare" };
    if (refusesToClassify(config)) return { name: undefined, reason: "the embedder is not called" };
    const barred = barredEmbedder({ ask }, embeddings);
    if (barred !== undefined) return { name: undefined, reason: barred };
    try {
      const [examples, request] = await withinLimits({ timeout }, [config.signal], () =>
        Promise.all([embedExamples(), embeddings.embedQuery(text)]),
      );
      const { scores, best } = nearest(examples, unit(request), neighbours);
      if (best === undefined) return { name: undefined, reason: "the embedder gave vectors that cannot be compared" };
      const found = `${best.score.toFixed(3)} to ${JSON.stringify(best.text.slice(0, 80))}`;
      if (best.score >= threshold) return { name: best.name, scores, threshold, reason: `similarity ${found}` };
      return { name: undefined, scores, threshold, reason: `no example is near enough: at most ${found}` };
    } catch (error) {
      if (config.signal?.aborted || MissingPackageError.isInstance(error) || belongsToGraph(error)) throw error;
      return { name: undefined, threshold, reason: `the embedder failed (${classifyError(error).class})` };
    }
  };
  return mentioning(route, named("bySimilarity.examples", Object.keys(options.examples)));
}

async function embedAll<Name extends string>(
  embeddings: EmbeddingsInterface,
  texts: readonly { readonly name: Name; readonly text: string }[],
): Promise<readonly Example<Name>[]> {
  const vectors = await embeddings.embedDocuments(texts.map(({ text }) => text));
  if (vectors.length !== texts.length) throw new Error(`${texts.length} examples gave ${vectors.length} vectors`);
  return texts.map(({ name, text }, index) => ({ name, text, vector: unit(vectors[index]!) }));
}

function checkSimilarityOptions({
  embeddings,
  examples,
  threshold,
  neighbours = 1,
  timeout = 1,
}: SimilarityOptions<string>): void {
  checkEmbeddings(embeddings, "bySimilarity.embeddings");
  const expected = 'give requests for each model: { code: ["Why does my loop not end?"] }';
  for (const [name, texts] of checkedEntries(examples, "bySimilarity.examples", expected)) {
    if (!Array.isArray(texts) || texts.length === 0 || texts.some((text) => typeof text !== "string" || !text.trim())) {
      throw new InvalidOptionError(`bySimilarity.examples.${name}`, texts, expected);
    }
  }
  checkNumber(threshold, "bySimilarity.threshold", "give a similarity from 0 to 1");
  const whole = (count: number) => Number.isInteger(count) && count > 0;
  checkNumber(neighbours, "bySimilarity.neighbours", "give a whole number above 0", whole);
  checkNumber(timeout, "bySimilarity.timeout", "give ms above 0", (ms) => ms > 0);
}
