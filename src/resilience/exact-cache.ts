import { checkKeys } from "../errors/check-keys.js";
import { hashOf } from "../text/hash-of.js";
import type { Cache } from "./cache.js";
import { memoryStore } from "./memory-store.js";
import { checkStore, checkTimeToLive, QuickStore } from "./quick-store.js";
import type { Store } from "./store.js";

export interface ExactCacheOptions {
  /** Milliseconds an answer is given again. */
  readonly ttlMs: number;
  /** Where answers are kept. @default a `memoryStore()` of its own */
  readonly store?: Store;
}

/**
 * Gives the answer to a request again, while the same request comes within `ttlMs`.
 *
 * The same is: every message, system prompts, parameters of entry, run and caller, tools, the form of the answer, model, provider and
 * address. A hit is a line of the ledger with status `cached` and cost 0. Equal requests at the same time call the model once.
 *
 * **When to use** - as `cache` of a model whose prompts repeat: classifiers, judges, retries of whole jobs, tests.
 * **Gotchas** - the same model twice in an ensemble or a cascade keeps two answers. `consistency` bypasses it. Only complete answers are
 * kept. A store that fails, or is slower than its `patienceMs`, is a miss; a `skip` decision says so once. Everyone with access to the store can read the answers.
 *
 * @example
 * ```ts
 * const entry = { model: small, cache: exactCache({ ttlMs: 10 * 60_000 }) };
 * const graph = createFallback({ models: { small: entry } }).compile();
 * await graph.invoke({ messages: "Is 91 prime?" });
 * (await graph.invoke({ messages: "Is 91 prime?" })).calls[0]?.status; // "cached"
 * ```
 * @throws {InvalidOptionError} when `ttlMs` is not above 0
 */
export function exactCache(options: ExactCacheOptions): Cache {
  checkKeys(options, "exactCache", ["ttlMs", "store"]);
  const { ttlMs, store = memoryStore() } = options;
  checkTimeToLive(ttlMs, "exactCache.ttlMs");
  checkStore(store, "exactCache.store");
  const answers = new QuickStore(store);
  return {
    name: "exactCache",
    async lookUp({ facts, messages }) {
      const key = `multimodel:exact:${await hashOf([facts, ...messages])}`;
      return { key, found: await answers.get(key), keep: (answer) => answers.set(key, answer, ttlMs) };
    },
    trouble: () => answers.trouble(),
  };
}
