import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { InvalidOptionError } from "../errors/index.js";
import type { Price } from "./model-call.js";

type CataloguePrice = number | { base: number; tiers: { start: number; price: number }[] } | undefined;

const known = new Map<string, Price | null>();

/** Ids of fine-tuned models at OpenAI (`ft:gpt-4o-mini-…:org::id`, formerly `davinci:ft-…`) and Azure (`gpt-4o-mini-….ft-…`). */
const fineTuned = /^ft:|[.:]ft-/;

/** Returns true for a fine-tuned model, whose price differs from that of its base model. */
export function isFineTuned(modelId: string): boolean {
  return fineTuned.test(modelId);
}

/**
 * Looks up the list price of a model id in the catalogue of `@pydantic/genai-prices` (USD per million tokens).
 *
 * **Gotchas** - an unknown id is `null`, never 0; prices of today, without discounts; if the price depends on the hour, the highest of the
 * day. A fine-tuned model (`ft:gpt-4o-mini-…`) never gets the price of its base model: without a list price it is `null`, so set `price`
 * in the entry.
 *
 * @param modelId id of the provider: `gpt-4o-mini`
 * @param provider provider in the catalogue (`openai`, `google`, `anthropic` …) @default found by the id
 * @example
 * ```ts
 * lookUpPrice("gpt-4o-mini"); // { input: 0.15, output: 0.6, cacheRead: 0.075 }
 * ```
 * @throws {InvalidOptionError} when `modelId` is not a string
 */
export function lookUpPrice(
  modelId: string,
  provider?: { readonly id?: string; readonly apiUrl?: string },
): Price | null {
  if (typeof modelId !== "string") throw new InvalidOptionError("lookUpPrice.modelId", modelId, "give a model's id");
  const key = `${provider?.apiUrl ?? ""} ${provider?.id ?? ""} ${modelId}`;
  let price = known.get(key);
  if (price === undefined) {
    price = inCatalogue(modelId, provider);
    known.set(key, price);
  }
  return price;
}

/** Looks up the context window of a model in the same catalogue, in tokens. */
export function contextWindowAt(modelId: string, providerId: string | undefined): number | undefined {
  if (providerId === undefined) return undefined;
  return calcPrice({}, modelId, { providerId })?.model.context_window;
}

function inCatalogue(modelId: string, provider?: { readonly id?: string; readonly apiUrl?: string }): Price | null {
  const tuned = isFineTuned(modelId);
  const byUrl = provider?.apiUrl === undefined ? undefined : findProvider({ providerApiUrl: provider.apiUrl });
  const providerId = byUrl?.id ?? provider?.id ?? (modelId.startsWith("ft:") ? "openai" : undefined);
  const at = (timestamp: Date) =>
    calcPrice({}, modelId, { timestamp, ...(providerId === undefined ? {} : { providerId }) });
  const now = at(new Date());
  if (now === null || (tuned && !isFineTuned(now.model.id))) return null;
  const catalogue = [now, ...hoursOf(now.model.prices).map((hour) => at(hour) ?? now)]
    .map(({ model_price }) => model_price as Record<string, CataloguePrice>)
    .reduce((one, other) => (sumAt(other) > sumAt(one) ? other : one));
  const base = priceAt(catalogue, 0);
  if (base === null) return null;
  const starts = new Set<number>();
  for (const entry of Object.values(catalogue)) {
    if (typeof entry === "object") for (const tier of entry.tiers) starts.add(tier.start);
  }
  const longInput = [...starts]
    .sort((a, b) => a - b)
    .flatMap((above) => {
      const price = priceAt(catalogue, above + 1);
      return price === null ? [] : [{ above, ...price }];
    });
  return longInput.length === 0 ? base : { ...base, longInput };
}

/** Returns the times of day at which the price changes. */
function hoursOf(prices: unknown): Date[] {
  const today = new Date().toISOString().slice(0, 10);
  return [prices].flat().flatMap((each) => {
    const { type, start_time } = (each as { constraint?: { type?: string; start_time?: string } }).constraint ?? {};
    return type === "time_of_date" ? [new Date(`${today}T${start_time}`)] : [];
  });
}

function sumAt(catalogue: Record<string, CataloguePrice>): number {
  const { input, output } = priceAt(catalogue, 0) ?? { input: 0, output: 0 };
  return input + output;
}

function priceAt(catalogue: Record<string, CataloguePrice>, inputTokens: number): Price | null {
  const at = (key: string): number | undefined => {
    const entry = catalogue[key];
    if (entry === undefined || typeof entry === "number") return entry;
    return entry.tiers.reduce((price, tier) => (inputTokens > tier.start ? tier.price : price), entry.base);
  };
  const input = at("input_mtok");
  const output = at("output_mtok");
  if (input === undefined || output === undefined) return null;
  const cacheRead = at("cache_read_mtok");
  const cacheWrite = at("cache_write_mtok");
  const audioInput = at("input_audio_mtok");
  const audioOutput = at("output_audio_mtok");
  return {
    input,
    output,
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWrite }),
    ...(audioInput === undefined ? {} : { audioInput }),
    ...(audioOutput === undefined ? {} : { audioOutput }),
  };
}
