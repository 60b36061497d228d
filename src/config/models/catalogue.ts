import { findProvider } from "@pydantic/genai-prices";
import { localPrice } from "../../ledger/local-price.js";
import type { Price } from "../../ledger/model-call.js";
import { contextWindowAt, lookUpPrice } from "../../ledger/price.js";
import type { ModelSpec } from "./model-spec.js";
import { providerOf } from "./provider-of.js";

/** Returns the price of a local model, or the list price by provider or server address; `null` for a server of unknown prices. */
export function priceOf(spec: ModelSpec): Price | null | undefined {
  const { model } = spec;
  const local = localPrice({ hosting: providerOf(spec).hosting, apiUrl: spec.baseUrl, modelId: model });
  if (model === undefined || local !== undefined) return local;
  const { catalogue } = providerOf(spec);
  if (catalogue !== undefined) return lookUpPrice(model, { id: catalogue }) ?? undefined;
  const id = catalogueOf(spec);
  return id === undefined ? null : lookUpPrice(model, { id });
}

/** Returns the catalogue's name of a model's provider, found by the address of an OpenAI-compatible server. */
function catalogueOf(spec: ModelSpec): string | undefined {
  const { catalogue } = providerOf(spec);
  if (catalogue !== undefined || spec.baseUrl === undefined) return catalogue;
  return findProvider({ providerApiUrl: spec.baseUrl })?.id;
}

/** Returns a context window in tokens, from `@pydantic/genai-prices`. */
export function contextWindowOf(spec: ModelSpec): number | undefined {
  return spec.model === undefined ? undefined : contextWindowAt(spec.model, catalogueOf(spec));
}
