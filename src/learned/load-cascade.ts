import { z } from "zod";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { registerFactories } from "../errors/refuse-factory.js";
import { checkedNormalize, type Normalize } from "../text/normalizers/normalize.js";
import { normalizerName } from "./cascade/normalizer-name.js";
import { CASCADE_FORMAT, CASCADE_VERSION, type Policy } from "./cascade/policy.js";
import { type CascadeVerify, verifyByPolicy } from "./cascade/verify-by-policy.js";

const number = z.number();
const share = number.min(0).max(1);
const count = number.int().nonnegative();
const schema = z
  .object({
    format: z.literal(CASCADE_FORMAT),
    version: z.literal(CASCADE_VERSION),
    normalizer: z.string().min(1),
    models: z.array(z.string().min(1)).min(1),
    against: z.string(),
    first: z.string(),
    abilities: z.array(number),
    slopes: z.array(number.positive()),
    same: number.gt(0).lt(1),
    costs: z.array(number.nonnegative()),
    blanks: z.array(share),
    outlook: z.object({
      lengths: z.array(z.tuple([number, number.nonnegative()])).length(2),
      tags: z.array(z.string()),
      difficulty: z.array(number),
      deviation: number.positive(),
      costs: z.array(z.array(number).length(3).nullable()),
    }),
    lengths: z.enum(["usage", "text"]),
    tradeoffs: z.tuple([number.nonnegative(), number.nonnegative()]),
    share,
    threshold: share.optional(),
    agreement: z.object({ compared: count, agreed: count }),
    report: z.looseObject({}),
  })
  .refine(({ models }) => new Set(models).size === models.length, { error: "it names a model twice", path: ["models"] })
  .refine(({ models, first }) => models.includes(first), { error: "it names no model of the policy", path: ["first"] })
  .refine(({ agreement: { compared, agreed } }) => agreed <= compared, {
    error: "more answers agreed than were compared",
    path: ["agreement"],
  })
  .refine(({ outlook }) => outlook.difficulty.length === 3 + outlook.tags.length, {
    error: "it has the wrong length",
    path: ["outlook", "difficulty"],
  });
const byModel = ["abilities", "slopes", "costs", "blanks"] as const;

/**
 * Restores a trained cascade from its `toJSON()` data: a verifier for `createCascade`, which says where to start and which model is
 * next.
 *
 * **When to use** - to train once, in a script or by `multimodel train`, and to run in a server.
 * **Gotchas** - `createCascade` needs every model of the policy, by the names of the recordings. A normalizer of another name than
 * the one it was trained with is refused. On a thread the question is the last message.
 *
 * @param json the data, or its JSON text
 * @returns a `Verify` with `first`; its score is the probability that the answer is right, and `agreement()` counts live answers
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { loadCascade } from "langgraph-multimodel/learned";
 * const build = async () => {
 *   const verify = loadCascade(await readFile("policy.json", "utf8"), { normalize: normalizeNumber });
 *   return createCascade({ models: { small, large }, verify }).compile();
 * };
 * ```
 * @throws {InvalidOptionError} when it is not a trained cascade of this version, or `normalize` is another function
 */
export function loadCascade(json: unknown, options: { readonly normalize: Normalize }): CascadeVerify {
  checkKeys(options, "loadCascade", ["normalize"]);
  const normalize = checkedNormalize(options.normalize, "loadCascade.normalize");
  const parsed = schema.safeParse(typeof json === "string" ? parse(json) : json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(json, `${issue!.path.join(".")}: ${issue!.message}`);
  }
  const { format: _format, version: _version, ...policy } = parsed.data;
  const { models, outlook, normalizer } = policy;
  const odd = byModel.find((key) => policy[key].length !== models.length);
  if (odd !== undefined || outlook.costs.length !== models.length)
    throw invalid(json, `${odd ?? "outlook.costs"}: it has the wrong length`);
  const name = normalizerName(options.normalize, "loadCascade.normalize");
  if (name !== normalizer) {
    const expected = `the policy was trained with ${normalizer}, and another form of the answers agrees in other cases; give that one`;
    throw new InvalidOptionError("loadCascade.normalize", name, expected);
  }
  return verifyByPolicy(policy as object as Policy, normalize);
}

function invalid(json: unknown, why: string): InvalidOptionError {
  const isPath = typeof json === "string" && !json.trimStart().startsWith("{");
  const expected = isPath
    ? 'give the text of the file: await readFile(file, "utf8")'
    : `give the data of toJSON(); ${why}`;
  return new InvalidOptionError("loadCascade.json", json, expected);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

registerFactories([[loadCascade, "loadCascade(json, { normalize: normalizeNumber })"]]);
