import type { Price } from "../../ledger/model-call.js";
import { entryCapabilities } from "../../models/capabilities.js";
import { factsOf as clientFacts } from "../../models/client.js";
import type { Model, ModelEntry } from "../../models/model.js";
import { contextWindowOf, priceOf } from "./catalogue.js";
import type { ModelSpec } from "./model-spec.js";

/** Known facts about a model. */
export interface Facts {
  /** USD per million tokens; `null` is unknown, `undefined` is looked up by the id in each answer. */
  readonly price: Price | null | undefined;
  /** Tokens. */
  readonly contextWindow: number | undefined;
  readonly capabilities: ModelEntry["capabilities"];
}

/**
 * Returns the facts of the file, else of the client's profile (updated from models.dev with each release), else of the price
 * catalogue, which lists no capabilities.
 *
 * @param client unset if its package is missing
 */
export function factsOf(spec: ModelSpec, client: Model | undefined): Facts {
  const profile = client === undefined ? undefined : clientFacts(client as Parameters<typeof clientFacts>[0]).profile;
  return {
    price: spec.price === undefined ? priceOf(spec) : spec.price,
    contextWindow: spec.contextWindow ?? profile?.contextWindow ?? contextWindowOf(spec),
    capabilities: spec.capabilities ?? entryCapabilities(profile?.capabilities),
  };
}
