import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { z } from "zod";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { registerFactories } from "../errors/refuse-factory.js";
import { checkEmbeddings } from "../routing/check-value.js";
import { MEASURE_COUNT, type RouterModel } from "./router-model.js";
import { BUCKET_COUNT } from "./text-features.js";
import { ROUTER_FORMAT, ROUTER_VERSION, type TrainedRouter, trainedRouter } from "./trained-router.js";

const numbers = z.array(z.number());
const schema = z
  .object({
    format: z.literal(ROUTER_FORMAT),
    version: z.literal(ROUTER_VERSION),
    names: z.array(z.string().min(1)).min(1),
    dimensions: z.int().positive().optional(),
    means: numbers,
    spreads: z.array(z.number().nonnegative()),
    buckets: z.array(z.int().min(0).lt(BUCKET_COUNT)),
    rarities: numbers,
    weights: z.array(numbers),
  })
  .refine(({ names }) => new Set(names).size === names.length, { error: "a name is repeated", path: ["names"] })
  .refine(({ means, dimensions = 0 }) => means.length === MEASURE_COUNT + dimensions, wrongLength("means"))
  .refine(({ spreads, means }) => spreads.length === means.length, wrongLength("spreads"))
  .refine(({ buckets }) => new Set(buckets).size === buckets.length, {
    error: "a bucket is repeated",
    path: ["buckets"],
  })
  .refine(({ rarities, buckets }) => rarities.length === buckets.length, wrongLength("rarities"))
  .refine(({ weights, names }) => weights.length === names.length, wrongLength("weights"))
  .refine(
    ({ weights, means, buckets }) => weights.every((own) => own.length === 1 + means.length + buckets.length),
    wrongLength("weights"),
  );

function wrongLength(key: string) {
  return { error: "it has the wrong length", path: [key] };
}

/**
 * Restores a trained router from its `toJSON()` data.
 *
 * **When to use** - to train a router once in a script and use it in a server: write `JSON.stringify(router)` to a file and load it.
 * **Gotchas** - a router trained with `embeddings` needs the same embedder again. Files of another format version are rejected.
 *
 * @param json the data, or its JSON text
 * @example
 * ```ts
 * import { loadRouter, trainRouter } from "langgraph-multimodel/learned";
 * const examples = Array.from({ length: 20 }, (_, n) => ({ prompt: `What is ${n} + 1?`, outcomes: { small: 1, large: 1 } }));
 * const text = JSON.stringify(await trainRouter(examples));
 * const router = loadRouter<"small" | "large">(text);
 * createRouter({ models: { small, large }, route: router.route({ tradeoff: 0.2 }) });
 * ```
 * @throws {InvalidOptionError} when it is not a trained router of this version, or lacks its embedder
 */
export function loadRouter<Name extends string = string>(
  json: unknown,
  options: { readonly embeddings?: EmbeddingsInterface } = {},
): TrainedRouter<Name> {
  checkKeys(options, "loadRouter", ["embeddings"]);
  const { embeddings } = options;
  const parsed = schema.safeParse(typeof json === "string" ? parse(json) : json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.length === 0 ? "" : `${issue!.path.join(".")}: `;
    throw new InvalidOptionError("loadRouter.json", json, `give the data of toJSON(); ${where}${issue!.message}`);
  }
  const { format: _format, version: _version, dimensions, ...rest } = parsed.data;
  if (dimensions === undefined) return trainedRouter<Name>(rest, undefined);
  if (embeddings === undefined) {
    const expected = `give the embedder it was trained with (vectors of ${dimensions} numbers)`;
    throw new InvalidOptionError("loadRouter.embeddings", embeddings, expected);
  }
  checkEmbeddings(embeddings, "loadRouter.embeddings");
  const model: RouterModel = { ...rest, dimensions };
  return trainedRouter<Name>(model, embeddings);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

registerFactories([[loadRouter, "loadRouter(json).route({ tradeoff: 0.2 })"]]);
