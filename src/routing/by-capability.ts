import { InvalidOptionError } from "../errors.js";
import type { Capability } from "../models/model.js";
import { neededCapabilities } from "./needed-capabilities.js";
import type { RoutableModel, Route } from "./route.js";

/** Options of `byCapability`. */
export interface CapabilityOptions {
  /** Needed whatever the messages hold: `["json"]` where the answer must be JSON. @default none */
  readonly needs?: readonly Capability[];
}

const lacks: Readonly<Record<Capability, string>> = {
  vision: "it cannot see images",
  audio: "it cannot hear audio",
  tools: "it has no tools",
  json: "it has no JSON output",
};

/**
 * Chooses the first model that can do what the messages need: see an image, hear audio, read tool results.
 *
 * **When to use** - first in a `firstOf`, where not every model sees.
 * **Gotchas** - messages that need nothing special are no decision. The whole conversation counts: an image of three turns
 * ago is still sent. A model whose capabilities are unknown is taken only where none is known to have them.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { chat, gemini: { model: gemini, capabilities: ["vision", "tools"] } },
 *   route: firstOf(byCapability(), () => "chat"),
 * });
 * ```
 * @throws {InvalidOptionError} when `needs` holds a word that is no capability
 */
export function byCapability<Name extends string = never>({
  needs = [],
}: CapabilityOptions = {}): Route<NoInfer<Name>> {
  if (!Array.isArray(needs) || needs.some((need) => !Object.hasOwn(lacks, need))) {
    const words = Object.keys(lacks).join(", ");
    throw new InvalidOptionError("byCapability.needs", String(needs), `give an array of ${words}`);
  }
  return function byCapability({ messages, models }) {
    const needed: Capability[] = [...new Set([...needs, ...neededCapabilities(messages)])];
    if (needed.length === 0) return { name: undefined, reason: "the messages need no special capability" };
    const missing = ({ capabilities }: RoutableModel) => needed.find((need) => !capabilities?.includes(need));
    const known = models.filter(({ capabilities }) => capabilities !== undefined);
    const able = known.find((model) => missing(model) === undefined);
    const chosen = able ?? models.find(({ capabilities }) => capabilities === undefined);
    const needing = `the request needs ${needed.join(" and ")}`;
    if (chosen === undefined) return { name: undefined, reason: `${needing}, which no model has` };
    const before = models.slice(0, models.indexOf(chosen));
    return {
      name: chosen.name,
      reason: able === undefined ? `${needing}; what ${chosen.name} can do is unknown` : needing,
      skipped: before.map((model) => ({
        name: model.name,
        reason: model.capabilities === undefined ? "its capabilities are unknown" : lacks[missing(model)!],
      })),
    };
  };
}
