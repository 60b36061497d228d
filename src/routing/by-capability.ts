import { InvalidOptionError } from "../errors/index.js";
import { checkKeys } from "../models/check-keys.js";
import type { Capability } from "../models/model.js";
import { checkChoose, narrow } from "./narrow.js";
import { neededCapabilities } from "./needed-capabilities.js";
import type { RoutableModel, Route, RouteTurn } from "./route.js";

/** Options of `byCapability`. */
export interface CapabilityOptions<Name extends string = string> {
  /** Needed whatever the messages hold: `["json"]` where the answer must be JSON. @default none */
  readonly needs?: readonly Capability[];
  /** Chooses among the models that can: `byLatency(…)`, `byContextWindow()`. @default the first of them */
  readonly choose?: Route<Name, never>;
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
 * **When to use** - not every model sees: first in a `firstOf`; or around another route, `byCapability({ choose: byCost(…) })`,
 * which then chooses among those that can. (In a `firstOf` it would never be asked where something is needed.)
 * **Gotchas** - messages that need nothing special are no decision, or left to `choose` with all models. The whole conversation
 * counts: an image of three turns ago is still sent. A model whose capabilities are unknown is taken only where none is known to
 * have them. A `choose` that names a model which cannot is no decision.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { chat, gemini: { model: gemini, capabilities: ["vision", "tools"] } },
 *   route: firstOf(byCapability(), () => "chat"),
 * });
 * ```
 * @throws {InvalidOptionError} when `needs` holds a word that is no capability, or `choose` is not a function
 */
export function byCapability<Name extends string = never>(
  options: CapabilityOptions<Name> = {},
): Route<NoInfer<Name>, string> {
  checkKeys(options, "byCapability", ["needs", "choose"]);
  const { needs = [], choose } = options;
  if (!Array.isArray(needs) || needs.some((need) => !Object.hasOwn(lacks, need))) {
    const words = Object.keys(lacks).join(", ");
    throw new InvalidOptionError("byCapability.needs", String(needs), `give an array of ${words}`);
  }
  checkChoose(choose, "byCapability.choose");
  return function byCapability(turn: RouteTurn<Name>) {
    const { messages, models } = turn;
    const needed: Capability[] = [...new Set([...needs, ...neededCapabilities(messages)])];
    if (needed.length === 0) {
      if (choose !== undefined) return choose(turn as RouteTurn<never>);
      return { name: undefined, reason: "the messages need no special capability" };
    }
    const missing = ({ capabilities }: RoutableModel) => needed.find((need) => !capabilities?.includes(need));
    const able = models.filter((model) => missing(model) === undefined);
    const left = able.length > 0 ? able : models.filter(({ capabilities }) => capabilities === undefined);
    const needing = `the request needs ${needed.join(" and ")}`;
    const [first] = left;
    if (first === undefined) return { name: undefined, reason: `${needing}, which no model has` };
    const passed = choose === undefined ? models.slice(0, models.indexOf(first)) : models;
    const skipped = passed
      .filter((model) => !left.includes(model))
      .map((model) => ({
        name: model.name,
        reason: model.capabilities === undefined ? "its capabilities are unknown" : lacks[missing(model)!],
      }));
    const unknown = choose === undefined ? first.name : left.map(({ name }) => name).join(", ");
    const reason = able.length > 0 ? needing : `${needing}; what ${unknown} can do is unknown`;
    return choose === undefined
      ? { name: first.name, reason, skipped }
      : narrow(choose, turn, { left, reason, skipped });
  };
}
