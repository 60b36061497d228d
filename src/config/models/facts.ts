import type { Price } from "../../ledger/model-call.js";
import { entryCapabilities } from "../../models/capabilities.js";
import { factsOf as clientFacts } from "../../models/client.js";
import type { Model, ModelEntry } from "../../models/model.js";
import { contextWindowOf, priceOf } from "./catalogue.js";
import type { ModelSpec } from "./model-spec.js";

/** What is known about a model. */
export interface Facts {
  /** USD per million tokens; `null` is unknown for good, `undefined` is looked up by the id that answers. */
  readonly price: Price | null | undefined;
  /** Tokens. */
  readonly contextWindow: number | undefined;
  readonly capabilities: ModelEntry["capabilities"];
}

/**
 * What is known about a model of a file: what the file says, what its client says, which follows models.dev with each of its
 * releases, and what the catalogue of prices says where both are silent. Capabilities are in no catalogue: what no profile
 * lists is unknown.
 *
 * @param client none where its package is missing
 */
export function factsOf(spec: ModelSpec, client: Model | undefined): Facts {
  const profile = client === undefined ? undefined : clientFacts(client as Parameters<typeof clientFacts>[0]).profile;
  return {
    price: spec.price === undefined ? priceOf(spec) : spec.price,
    contextWindow: spec.contextWindow ?? profile?.contextWindow ?? contextWindowOf(spec),
    capabilities: spec.capabilities ?? entryCapabilities(profile?.capabilities),
  };
}
