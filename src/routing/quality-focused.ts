import { byCapability } from "./by-capability.js";
import { byContextWindow } from "./by-context-window.js";
import type { RoutableModel, Route, RouteChoice, RouteTurn } from "./route.js";
import { tierRank } from "./tier-rank.js";

/**
 * Chooses the best model among those that can read the request and have room for it: by the stated `quality` of its entry, then by
 * its `tier`, then by list price.
 *
 * **When to use** - the answer matters more than its price; other models serve what the best one cannot read or hold.
 * **Gotchas** - a model without a `quality` comes after those with one; of tiers it knows words such as `large`, `standard` and `small`
 * (another word counts as `standard`); the more expensive model counts as the better one, one with an unknown price as the worst. Key
 * order breaks ties. It does not react to failures: give `fallback`.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { small: { model: small, quality: 0.6 }, large: { model: large, quality: 0.9 } },
 *   route: qualityFocused(),
 * });
 * ```
 */
export function qualityFocused<Name extends string = never>(): Route<NoInfer<Name>, string> {
  const choose = bestOf as Route<Name, never>;
  return byCapability<Name>({ choose: byContextWindow<Name>({ assumeUnknown: true, choose }) });
}

/** What speaks for a model, in the order it counts, and how a decision says it. */
const measures: readonly (readonly [(model: RoutableModel) => number, (model: RoutableModel) => string])[] = [
  [({ quality = -1 }) => quality, ({ quality }) => `has the highest stated quality, ${quality}`],
  [({ tier }) => tierRank(tier), ({ tier }) => `is of the best tier${tier === undefined ? "" : `, ${tier}`}`],
  [listPrice, (model) => `has the highest list price, $${listPrice(model)} for a million tokens in and out`],
];

function bestOf<Name extends string>({ models }: RouteTurn<Name>): RouteChoice<Name> {
  const [first, ...others] = models;
  if (first === undefined) return { name: undefined, reason: "there is no model to choose from" };
  let remaining = [first, ...others];
  for (const [measure, describe] of measures) {
    const highest = Math.max(...remaining.map(measure));
    const best = remaining.filter((model) => measure(model) === highest);
    const [only] = best;
    if (best.length === 1 && remaining.length > 1)
      return { name: only!.name, reason: `${only!.name} ${describe(only!)}` };
    remaining = best;
  }
  const [chosen] = remaining as [RoutableModel<Name>];
  const why = models.length > 1 ? "is listed first of those that are equally good" : "is the only one left";
  return { name: chosen.name, reason: `${chosen.name} ${why}` };
}

function listPrice({ price }: RoutableModel): number {
  return price === null ? -1 : price.input + price.output;
}
