import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import type { Price } from "../ledger/model-call.js";
import type { RunContext } from "../state/run-context.js";
import { hashOf } from "../text/hash-of.js";
import type { Cache, CacheRequest } from "./cache.js";
import { classifyError } from "./classify-error.js";
import { withinLimits } from "./deadline.js";
import { memoryStore } from "./memory-store.js";
import { checkStore, checkTimeToLive, QuickStore } from "./quick-store.js";
import { encoded, nearestEntry, readEntries } from "./semantic-entries.js";
import type { Store } from "./store.js";

export interface SemanticCacheOptions {
  /** An embedder of LangChain. */
  readonly embeddings: EmbeddingsInterface;
  /** Lowest cosine similarity of two questions, 0..1, inclusive. Its scale depends on the embedder: measure it. */
  readonly threshold: number;
  /** Whose answers may be given to whom: a text, or a function of the run context; without a text from it, nothing is cached. */
  readonly namespace: string | ((context: RunContext) => string | undefined);
  /** Milliseconds an answer is given again. @default 86,400,000 (a day) */
  readonly ttlMs?: number;
  /** Where questions and answers are kept. @default a `memoryStore()` of its own */
  readonly store?: Store;
  /** USD per million tokens of the embedder. @default looked up by the model's id; 0 for `localEmbeddings`; unknown is `null`, never 0 */
  readonly price?: Price | null;
  /** Milliseconds for the embedder; a slower one is a miss. @default 2,000 */
  readonly timeout?: number;
}

/** Questions kept for one conversation so far; a new one replaces the oldest. */
const capacity = 100;
/** Characters above which a vector says too little about a text. */
const longest = 1_000;

/**
 * Gives the answer to a question again when one comes that means the same: near in meaning, and without a number, name, negation,
 * opposite, language or other word that tells the two apart.
 *
 * Only the last message is compared by meaning, and only if a person wrote it and it is text of at most 1,000 characters. All before it,
 * system prompts, parameters, tools and model have to be the same, as in `exactCache`.
 *
 * **When to use** - many people ask the same in slightly other words, such as at a help desk; an answer to the wrong question is bearable.
 * **Gotchas** - measure hits and false hits on your own questions (docs/caching.md). Only answers are cached: no judge, router or
 * aggregator. Each miss costs a call of the embedder, a line of role `embedding` in the ledger; its tokens are estimated. An embedder that
 * fails is a miss. Questions and answers are in the store as they are.
 *
 * @example
 * ```ts
 * import { localEmbeddings } from "langgraph-multimodel/learned";
 * const cache = semanticCache({
 *   embeddings: localEmbeddings(),
 *   threshold: 0.8,
 *   namespace: ({ tenant }) => tenant as string | undefined,
 * });
 * const graph = createFallback({ models: { small: { model: small, cache } } }).compile();
 * await graph.invoke({ messages: "How do I reset my password?" }, { context: { tenant: "acme" } });
 * ```
 * @throws {InvalidOptionError} when `namespace` is missing, or `threshold` is not from 0 to 1
 */
export function semanticCache(options: SemanticCacheOptions): Cache {
  checkOptions(options);
  const {
    embeddings,
    threshold,
    namespace,
    ttlMs = 86_400_000,
    store = memoryStore(),
    timeout = 2_000,
    price,
  } = options;
  const kept = new QuickStore(store);
  const embedder = { model: nameOf(embeddings), price };
  let outage: string | undefined;
  let failing = false;

  async function vectorOf(question: string, { stops, embed }: CacheRequest): Promise<number[] | undefined> {
    try {
      const work = () => withinLimits({ timeout }, stops, () => embeddings.embedQuery(question));
      const vector = await embed(question, embedder, work);
      failing = false;
      return vector;
    } catch (error) {
      for (const stop of stops) stop?.throwIfAborted();
      if (!failing) outage = `its embedder failed (${classifyError(error).class})`;
      failing = true;
      return undefined;
    }
  }

  async function keep(key: string, question: string, vector: readonly number[], answer: string): Promise<void> {
    const others = readEntries(await kept.get(key)).filter((entry) => entry.question !== question);
    const entry = { question, vector: encoded(vector), answer, expiresAt: Date.now() + ttlMs };
    kept.set(key, JSON.stringify([entry, ...others].slice(0, capacity)), ttlMs);
  }

  return {
    name: "semanticCache",
    async lookUp(request) {
      const { facts, messages, question, role, context = {} } = request;
      const tenant = typeof namespace === "string" ? namespace : namespace(context);
      if (role !== "answer" || !question?.trim() || question.length > longest || !tenant) return undefined;
      const key = `multimodel:semantic:${await hashOf([JSON.stringify(tenant), embedder.model, facts, ...messages.slice(0, -1)])}`;
      const entries = readEntries(await kept.get(key));
      const vector = await vectorOf(question, request);
      if (vector === undefined) return undefined;
      const found = nearestEntry(entries, question, vector, threshold);
      return {
        key: `${key} ${question}`,
        found: found?.answer,
        reason: found && `not called: semanticCache has the answer to a question of similarity ${found.similarity}`,
        ...(found && { scores: { similarity: found.similarity }, threshold }),
        keep: (answer) => void keep(key, question, vector, answer),
      };
    },
    trouble() {
      const said = kept.trouble() ?? outage;
      outage = undefined;
      return said;
    },
  };
}

/** Returns the model id of an embedder, or the name of its class. */
function nameOf(embeddings: EmbeddingsInterface): string {
  const { model, modelName } = embeddings as { readonly model?: unknown; readonly modelName?: unknown };
  const id = [model, modelName].find((each): each is string => typeof each === "string" && each !== "");
  return id ?? embeddings.constructor.name;
}

function checkOptions(options: SemanticCacheOptions): void {
  checkKeys(options, "semanticCache", ["embeddings", "threshold", "namespace", "ttlMs", "store", "price", "timeout"]);
  const { embeddings, threshold, namespace, ttlMs = 1, store, timeout = 1 } = options;
  const refuse = (name: keyof SemanticCacheOptions, value: unknown, expected: string) => {
    throw new InvalidOptionError(`semanticCache.${name}`, value, expected);
  };
  if (typeof Object(embeddings).embedQuery !== "function")
    refuse("embeddings", embeddings, "give an embedder of LangChain");
  if (!(threshold >= 0 && threshold <= 1)) refuse("threshold", threshold, "give a similarity from 0 to 1");
  if (typeof namespace !== "function" && (typeof namespace !== "string" || namespace === "")) {
    refuse("namespace", namespace, 'say whose answers may be given to whom: "public", or ({ tenant }) => tenant');
  }
  checkTimeToLive(ttlMs, "semanticCache.ttlMs");
  checkStore(store, "semanticCache.store");
  if (!(timeout > 0)) refuse("timeout", timeout, "give ms above 0");
}
