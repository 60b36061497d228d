import { loadClient } from "../config/models/build-model.js";
import { type Facts, factsOf } from "../config/models/facts.js";
import { firstClient } from "../config/models/model-clients.js";
import type { ModelSpec } from "../config/models/model-spec.js";
import { parameterFields, providerOf } from "../config/models/provider-of.js";
import { noKey } from "../config/secrets.js";
import { MissingPackageError } from "../errors/index.js";
import type { Price } from "../ledger/model-call.js";
import { isFineTuned, lookUpPrice } from "../ledger/price.js";
import type { ModelEntry } from "../models/model.js";

/** Known facts about a model; `null` is unknown. */
export interface ModelFacts {
  readonly name: string;
  readonly provider: string;
  readonly model: string | null;
  /** USD per million tokens. */
  readonly price: Price | null;
  /** Tokens. */
  readonly contextWindow: number | null;
  /** A list if all are known, otherwise an object of the known ones. */
  readonly capabilities: NonNullable<ModelEntry["capabilities"]> | null;
  readonly tier: string | null;
  /** Clients of a pool. */
  readonly clients?: number;
}

/** Returns the facts about a model of a file. */
export async function specFacts(
  name: string,
  pool: ModelSpec,
  tiers: Readonly<Record<string, string>> = {},
): Promise<ModelFacts> {
  const spec = firstClient(name, pool);
  const { price, contextWindow, capabilities } = await loadedFacts(name, spec);
  const named = Object.keys(tiers).filter((tier) => tiers[tier] === name);
  return {
    name,
    provider: spec.provider,
    model: spec.model ?? spec.deployment ?? null,
    price: price ?? null,
    contextWindow: contextWindow ?? null,
    capabilities: capabilities ?? null,
    tier: [...new Set([...(spec.tier === undefined ? [] : [spec.tier]), ...named])].join(", ") || null,
    ...(pool.clients && { clients: pool.clients.length }),
  };
}

/** Returns facts from the model's client, or from the catalogues alone if its package is missing. */
async function loadedFacts(name: string, spec: ModelSpec): Promise<Facts> {
  const provider = providerOf(spec);
  try {
    const Client = await loadClient(name, provider);
    return factsOf(
      spec,
      new Client({ ...provider.fields({ apiKey: noKey, ...spec }, {}), ...parameterFields(spec, provider) }),
    );
  } catch (error) {
    if (MissingPackageError.isInstance(error)) return factsOf(spec, undefined);
    throw error;
  }
}

/** Providers whose lists are searched, makers of models before hosts. */
const lists = ["openai", "google-genai", "anthropic", "openrouter", "azure"] as const;

/** Returns the facts about a model id of the catalogues. */
export async function listedModel(id: string): Promise<ModelFacts | undefined> {
  const price = lookUpPrice(id);
  for (const provider of lists) {
    const spec: ModelSpec = { provider, model: id, ...(provider === "azure" && { baseUrl: "http://azure" }) };
    const facts = await specFacts(id, spec);
    if (facts.contextWindow !== null || facts.capabilities !== null) return { ...facts, price };
  }
  if (price === null) return undefined;
  return { name: id, provider: "unknown", model: id, price, contextWindow: null, capabilities: null, tier: null };
}

/** Remedy for a fine-tuned model whose price is unknown. */
export const priceHint =
  "the catalogue has no price for it, and that of its base model differs; write its price in the file";

/** Returns whether a model is fine-tuned and has no known price. */
export function isUnpriced({ model, price }: Pick<ModelFacts, "model" | "price">): boolean {
  return price === null && model !== null && isFineTuned(model);
}
