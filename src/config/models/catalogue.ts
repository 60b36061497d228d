import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { localPrice } from "../../ledger/local-price.js";
import type { Price } from "../../ledger/model-call.js";
import { lookUpPrice } from "../../ledger/price.js";
import type { ModelSpec } from "./model-spec.js";
import { providerOf } from "./provider-of.js";

/**
 * The price of a model on one's own machine, else the list price: by the provider's list, or by the server's address; `null` where a
 * server's price does not follow from the id.
 */
export function priceOf(spec: ModelSpec): Price | null | undefined {
  const { model } = spec;
  const local = localPrice({ hosting: providerOf(spec).hosting, apiUrl: spec.baseUrl, modelId: model });
  if (model === undefined || local !== undefined) return local;
  const { catalogue } = providerOf(spec);
  if (catalogue !== undefined) return lookUpPrice(model, { id: catalogue }) ?? undefined;
  const id = catalogueOf(spec);
  return id === undefined ? null : lookUpPrice(model, { id });
}

/** The name of a model's provider in the catalogues; of a server that speaks OpenAI's API by its address. */
function catalogueOf(spec: ModelSpec): string | undefined {
  const { catalogue } = providerOf(spec);
  if (catalogue !== undefined || spec.baseUrl === undefined) return catalogue;
  return findProvider({ providerApiUrl: spec.baseUrl })?.id;
}

/** Tokens, as `@pydantic/genai-prices` lists them; `undefined` where they are unknown. */
export function contextWindowOf(spec: ModelSpec): number | undefined {
  const catalogue = catalogueOf(spec);
  if (catalogue === undefined || spec.model === undefined) return undefined;
  return calcPrice({}, spec.model, { providerId: catalogue })?.model.context_window;
}
