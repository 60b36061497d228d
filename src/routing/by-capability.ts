import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { capabilities as all, lacks } from "../models/capabilities.js";
import { mentioning, mentionsOf } from "../models/mentions.js";
import type { Capability } from "../models/model.js";
import { notedPrompts, notePrompts } from "../state/note-prompts.js";
import { checkChoose, narrow } from "./narrow.js";
import { neededCapabilities } from "./needed-capabilities.js";
import type { RoutableModel, Route, RouteTurn } from "./route.js";

export interface CapabilityOptions<Name extends string = string> {
  /** Capabilities required in addition to those the messages need: `["json"]` if the answer must be JSON. @default [] */
  readonly needs?: readonly Capability[];
  /** Chooses among the capable models: `byLatency(…)`, `byContextWindow()`. @default the first of them */
  readonly choose?: Route<Name, never>;
}

/**
 * Chooses the first model that can handle what the messages hold: images, audio, tool results.
 *
 * **When to use** - some models lack a capability. Put it first in a `firstOf`, or around the route that should choose among the
 * capable models: `byCapability({ choose: byCost(…) })`.
 * **Gotchas** - if nothing special is needed, it makes no decision, or calls `choose` with all models. The whole conversation
 * counts, and so do tools the caller bound. A model whose capabilities are unknown is chosen only if no model is known to be
 * capable. If `choose` names an incapable model, there is no decision.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { chat, gemini: { model: gemini, capabilities: ["vision", "tools"] } },
 *   route: firstOf(byCapability(), () => "chat"),
 * });
 * ```
 * @throws {InvalidOptionError} when `needs` holds an unknown capability, or `choose` is not a function
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
    const missing = (model: RoutableModel) => needed.find((need) => hasCapability(model, need) === false);
    const capable = models.filter((model) => needed.every((need) => hasCapability(model, need)));
    const remaining = capable.length > 0 ? capable : models.filter((model) => missing(model) === undefined);
    const needing = `the request needs ${needed.join(" and ")}`;
    const [first] = remaining;
    if (first === undefined) return { name: undefined, reason: `${needing}, which no model has` };
    const passed = choose === undefined ? models.slice(0, models.indexOf(first)) : models;
    const skipped = passed
      .filter((model) => !remaining.includes(model))
      .map((model) => ({ name: model.name, reason: skipReason(model, missing(model), needed) }));
    const unknown = choose === undefined ? first.name : remaining.map(({ name }) => name).join(", ");
    const reason = capable.length > 0 ? needing : `${needing}; what ${unknown} can do is unknown`;
    return choose === undefined
      ? { name: first.name, reason, skipped }
      : narrow(choose, turn, { remaining, reason, skipped });
  };
  notePrompts(route, notedPrompts([choose]));
  return mentioning(route, mentionsOf([choose])) as Route<NoInfer<Name>, string>;
}

/** Returns `undefined` if it is unknown whether the model has the capability. */
function hasCapability(
  { capabilities, unknownCapabilities = [] }: RoutableModel,
  need: Capability,
): boolean | undefined {
  if (capabilities === undefined || unknownCapabilities.includes(need)) return undefined;
  return capabilities.includes(need);
}

function skipReason(model: RoutableModel, missing: Capability | undefined, needed: readonly Capability[]): string {
  if (missing !== undefined) return lacks[missing];
  if (model.capabilities === undefined) return "its capabilities are unknown";
  return `whether it has ${needed.filter((need) => hasCapability(model, need) === undefined).join(" and ")} is unknown`;
}
