import { capabilitiesOf, contextWindowOf, priceOf } from "../config/catalogue.js";
import type { ModelSpec } from "../config/model-spec.js";
import { providerOf, providers } from "../config/providers.js";
import { lookUpPrice } from "../cost/price.js";
import type { Capability } from "../models/model.js";
import type { Price } from "../state/ledger.js";

/** What is known about a model; `null` is unknown. */
export interface ModelFacts {
  readonly name: string;
  readonly provider: string;
  readonly model: string | null;
  /** USD per million tokens. */
  readonly price: Price | null;
  /** Tokens. */
  readonly contextWindow: number | null;
  readonly capabilities: readonly Capability[] | null;
  readonly tier: string | null;
}

/** What is known about a model of a file, without its client. */
export function specFacts(name: string, spec: ModelSpec, tiers: Readonly<Record<string, string>> = {}): ModelFacts {
  const { catalogue } = providerOf(spec);
  return {
    name,
    provider: spec.provider,
    model: spec.model ?? spec.deployment ?? null,
    price: (spec.price === undefined ? priceOf(spec, catalogue) : spec.price) ?? null,
    contextWindow: spec.contextWindow ?? contextWindowOf(spec, catalogue) ?? null,
    capabilities: spec.capabilities ?? capabilitiesOf(spec, catalogue) ?? null,
    tier: spec.tier ?? Object.keys(tiers).find((tier) => tiers[tier] === name) ?? null,
  };
}

/** Whose lists are looked into, those who make models before those who host them. */
const lists = ["openai", "google-genai", "anthropic", "openrouter", "azure"] as const;

/** What the catalogue knows about a model id; nothing where it does not know it. */
export function listedModel(id: string): ModelFacts | undefined {
  const price = lookUpPrice(id);
  for (const provider of lists) {
    const { catalogue } = providers[provider];
    const spec = { model: id } as ModelSpec;
    const contextWindow = contextWindowOf(spec, catalogue) ?? null;
    const capabilities = capabilitiesOf(spec, catalogue) ?? null;
    if (contextWindow !== null || capabilities !== null) {
      return { name: id, provider, model: id, price, contextWindow, capabilities, tier: null };
    }
  }
  if (price === null) return undefined;
  return { name: id, provider: "unknown", model: id, price, contextWindow: null, capabilities: null, tier: null };
}
