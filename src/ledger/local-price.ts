import type { Serialized } from "@langchain/core/load/serializable";
import { hostedPrice, isOllamaCloud } from "./hosted-price.js";
import type { Price } from "./model-call.js";
import { lookUpPrice } from "./price.js";

/** What a call costs that runs on hardware of one's own: no tokens are billed. */
export const free: Price = Object.freeze({ input: 0, output: 0 });

/** The same for a model behind a loopback address whose id says nothing: a gateway may still name a hosted one as it answers. */
export const freeUnlessHosted: Price = Object.freeze({ input: 0, output: 0 });

/** Where the models of a client run: on one's own hardware, on its maker's, or as its address says. */
export type Hosting = "here" | "elsewhere" | "anywhere";

/** Hosts that are this machine (RFC 6761 for `localhost`), or from within a container the machine it runs on. */
const thisMachine =
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]|host\.(?:docker|containers)\.internal)$/;

/** Names of files and tags of weights one runs oneself, open weights of vendors that host others among them. */
const openWeights = /:(?:\w*-)?\d+(?:\.\d+)?[bm](?:-|$)|:latest$|\.gguf$|(?:^|\/)(?:gpt-oss|gemma)/i;

/** Model families without public weights: an unlisted id of theirs has an unknown price, not 0. */
const hostedOnly = /^(?:ft:|gpt-\d|chatgpt-|o\d|claude-|gemini-|grok-)/i;

/** What gateways put before an id, and runners of open weights before some of theirs. */
const makerPrefix = /^(?:openai|google|models)\//;

/** True for an address on this machine; private network addresses are not local. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && thisMachine.test(new URL(url).hostname.replace(/\.$/, ""));
}

/** The address a client was given, as traces have it. */
export function addressIn(model: Serialized): string | undefined {
  const { kwargs = {} } = model as { readonly kwargs?: Record<string, unknown> };
  const { configuration, base_url: own } = kwargs as { configuration?: { baseURL?: unknown }; base_url?: unknown };
  return [configuration?.baseURL, own].find((url): url is string => typeof url === "string");
}

/** Where a model is reached, as far as its price follows from that. */
export interface Reached {
  /** @default "anywhere" */
  readonly hosting?: Hosting | undefined;
  readonly apiUrl?: string | undefined;
  readonly modelId?: string | undefined;
}

/**
 * The price of a model on one's own machine: 0, but for a hosted id behind a gateway its list price.
 *
 * @returns `null` where the id is one of a hosted model that no list has, `undefined` where the model is not local
 */
export function localPrice({ hosting, apiUrl, modelId = "" }: Reached): Price | null | undefined {
  if (hosting === "here") {
    const hosted = /\bollama\.com$/.test(apiUrl !== undefined && URL.canParse(apiUrl) ? new URL(apiUrl).hostname : "");
    return hosted || isOllamaCloud(modelId) ? null : free; // Ollama's cloud is billed by subscription
  }
  if (hosting === "elsewhere" || apiUrl === undefined || !isLoopback(apiUrl)) return undefined;
  return gatewayPrice(modelId);
}

/** The price of an id that a server on this machine named: its list price where it is a hosted one's, else 0. */
export function gatewayPrice(modelId: string): Price | null {
  const hosted = hostedPrice(modelId);
  if (hosted !== undefined) return hosted;
  const id = modelId.replace(makerPrefix, "");
  if (openWeights.test(modelId)) return freeUnlessHosted;
  return lookUpPrice(id) ?? (hostedOnly.test(id) ? null : freeUnlessHosted);
}
