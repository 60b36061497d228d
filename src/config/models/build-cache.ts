import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { localEmbeddings } from "../../learned/index.js";
import type { Cache } from "../../resilience/cache.js";
import { exactCache } from "../../resilience/exact-cache.js";
import { type SemanticCacheOptions, semanticCache } from "../../resilience/semantic-cache.js";
import type { CacheSpec } from "../rows/cache.js";
import { contextField } from "./context-field.js";

/** Makes the cache of a model; one that compares meaning uses the embeddings of the file. */
export function buildCache(spec: CacheSpec, embeddings: EmbeddingsInterface = localEmbeddings()): Cache {
  if (!("threshold" in spec)) return exactCache(spec);
  const { namespace, ...rest } = spec;
  const by = typeof namespace === "string" ? undefined : namespace.by;
  const options = { ...rest, embeddings, namespace: by === undefined ? namespace : contextField(by) };
  return semanticCache(options as SemanticCacheOptions);
}
