import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { capabilities as all, lacks } from "../models/capabilities.js";
import { mentioning, mentionsOf } from "../models/mentions.js";
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

/**
 * Chooses the first model that can do what the messages need: see an image, hear audio, read tool results.
 *
 * **When to use** - not every model sees: first in a `firstOf`; or around another route, `byCapability({ choose: byCost(…) })`,
 * which then chooses among those that can. (In a `firstOf` it would never be asked where something is needed.)
 * **Gotchas** - messages that need nothing special are no decision, or left to `choose` with all models. The whole conversation
 * counts: an image of three turns ago is still sent; so do tools the caller bound. A model of which it is not known whether it can
 * is taken only where none is known to. A `choose` that names a model which cannot is no decision.
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
  if (!Array.isArray(needs) || needs.some((need) => !all.includes(need))) {
    throw new InvalidOptionError("byCapability.needs", String(needs), `give an array of ${all.join(", ")}`);
  }
  checkChoose(choose, "byCapability.choose");
  const route: Route<Name, Name> = function byCapability(turn: RouteTurn<Name>) {
    const { messages, models } = turn;
    const needed: Capability[] = [...new Set([...needs, ...(turn.needs ?? []), ...neededCapabilities(messages)])];
    if (needed.length === 0) {
      if (choose !== undefined) return choose(turn as RouteTurn<never>);
      return { name: undefined, reason: "the messages need no special capability" };
    }
    const missing = (model: RoutableModel) => needed.find((need) => can(model, need) === false);
    const able = models.filter((model) => needed.every((need) => can(model, need)));
    const left = able.length > 0 ? able : models.filter((model) => missing(model) === undefined);
    const needing = `the request needs ${needed.join(" and ")}`;
    const [first] = left;
    if (first === undefined) return { name: undefined, reason: `${needing}, which no model has` };
    const passed = choose === undefined ? models.slice(0, models.indexOf(first)) : models;
    const skipped = passed
      .filter((model) => !left.includes(model))
      .map((model) => ({ name: model.name, reason: whyNot(model, missing(model), needed) }));
    const unknown = choose === undefined ? first.name : left.map(({ name }) => name).join(", ");
    const reason = able.length > 0 ? needing : `${needing}; what ${unknown} can do is unknown`;
    return choose === undefined
      ? { name: first.name, reason, skipped }
      : narrow(choose, turn, { left, reason, skipped });
  };
  return mentioning(route, mentionsOf([choose])) as Route<NoInfer<Name>, string>;
}

/** Whether a model can; `undefined` where it is not known. */
function can({ capabilities, unknownCapabilities = [] }: RoutableModel, need: Capability): boolean | undefined {
  if (capabilities === undefined || unknownCapabilities.includes(need)) return undefined;
  return capabilities.includes(need);
}

function whyNot(model: RoutableModel, missing: Capability | undefined, needed: readonly Capability[]): string {
  if (missing !== undefined) return lacks[missing];
  if (model.capabilities === undefined) return "its capabilities are unknown";
  return `whether it has ${needed.filter((need) => can(model, need) === undefined).join(" and ")} is unknown`;
}
