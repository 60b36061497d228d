import type { Serialized } from "@langchain/core/load/serializable";
import { hostedPrice, isOllamaCloud } from "./hosted-price.js";
import type { Price } from "./model-call.js";
import { lookUpPrice } from "./price.js";

/** Price of models on the user's own hardware. */
export const free: Price = Object.freeze({ input: 0, output: 0 });

/** Price 0 for an unknown id behind a loopback address; a gateway may still name a hosted model in its answer. */
export const freeUnlessHosted: Price = Object.freeze({ input: 0, output: 0 });

/** Where the models of a client run: on the user's hardware, at a provider, or depending on the address. */
export type Hosting = "here" | "elsewhere" | "anywhere";

/** Host names of this machine (RFC 6761 for `localhost`), also as seen from a container. */
const thisMachine =
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]|host\.(?:docker|containers)\.internal)$/;

/** File names and tags of open weights, also of vendors that host other models. */
const openWeights = /:(?:\w*-)?\d+(?:\.\d+)?[bm](?:-|$)|:latest$|\.gguf$|(?:^|\/)(?:gpt-oss|gemma)/i;

/** Model families without public weights: an unlisted id of theirs has an unknown price, not 0. */
const hostedOnly =
  /^(?:ft:|gpt-\d|chatgpt-|o\d|claude-|gemini-|grok-|text-davinci-|(?:davinci|curie|babbage|ada):ft-)/i;

/** Prefixes of gateways, and of runners of open weights, before an id. */
const makerPrefix = /^(?:openai|google|models)\//;

/** Returns true for an address on this machine, not for private networks. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && thisMachine.test(new URL(url).hostname.replace(/\.$/, ""));
}

/** Reads the address of a client from a trace. */
export function addressIn(model: Serialized): string | undefined {
  const { kwargs = {} } = model as { readonly kwargs?: Record<string, unknown> };
  const { configuration, base_url: own } = kwargs as { configuration?: { baseURL?: unknown }; base_url?: unknown };
  return [configuration?.baseURL, own].find((url): url is string => typeof url === "string");
}

export interface PricedEndpoint {
  /** @default "anywhere" */
  readonly hosting?: Hosting | undefined;
  readonly apiUrl?: string | undefined;
  readonly modelId?: string | undefined;
}

/**
 * Returns the price of a model on this machine: 0, or the list price of a hosted model behind a gateway.
 *
 * @returns `null` for a hosted model without list price, `undefined` if the model is not local
 */
export function localPrice({ hosting, apiUrl, modelId = "" }: PricedEndpoint): Price | null | undefined {
  if (hosting === "here") {
    const hosted = /\bollama\.com$/.test(apiUrl !== undefined && URL.canParse(apiUrl) ? new URL(apiUrl).hostname : "");
    return hosted || isOllamaCloud(modelId) ? null : free; // Ollama Cloud is billed by subscription
  }
  if (hosting === "elsewhere" || apiUrl === undefined || !isLoopback(apiUrl)) return undefined;
  return gatewayPrice(modelId);
}

/** Returns the price of a model id from a server on this machine: the list price of a hosted model, otherwise 0. */
export function gatewayPrice(modelId: string): Price | null {
  const hosted = hostedPrice(modelId);
  if (hosted !== undefined) return hosted;
  const id = modelId.replace(makerPrefix, "");
  if (openWeights.test(modelId)) return freeUnlessHosted;
  return lookUpPrice(id) ?? (hostedOnly.test(id) ? null : freeUnlessHosted);
}
