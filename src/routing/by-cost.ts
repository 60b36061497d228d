import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import { costOf, estimateMessages } from "../ledger/usage.js";
import { mentioning, named } from "../models/mentions.js";
import { checkedEntries, checkNumber } from "./check-value.js";
import type { Route, RouteChoice, RouteTurn } from "./route.js";

/** Quality of each model at the task, 0..1. */
export type Ratings<Name extends string> = Readonly<Partial<Record<Name, number>>>;

export interface CostOptions<Name extends string> {
  /** Quality of each model, 0..1, or a function that rates the models for a request; a model without a rating is not chosen. */
  readonly quality: Ratings<Name> | ((turn: RouteTurn) => Ratings<Name> | Promise<Ratings<Name>>);
  /** Lowest quality that is good enough, 0..1, inclusive. */
  readonly min: number;
  /** Expected length of an answer, in tokens. @default 500 */
  readonly answerTokens?: number;
}

interface PricedModel<Name extends string> {
  readonly name: Name;
  readonly costUsd: number | null;
}

/**
 * Chooses the cheapest model that is good enough.
 *
 * **When to use** - you know how good each model is at your task, from your own evaluation or `TrainedRouter.predict`.
 * **Gotchas** - the cost is estimated from input tokens (UTF-8 bytes / 4) and `answerTokens` at list price. A model with an
 * unknown price comes last; key order breaks ties. If no model is good enough, there is no decision.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { small, large, gemini },
 *   route: byCost({ quality: { small: 0.6, large: 0.9, gemini: 0.85 }, min: 0.8 }),
 * });
 * ```
 * @throws {InvalidOptionError} when `min` or a rating is not between 0 and 1; during the run for ratings of a function
 */
export function byCost<Name extends string = never>(options: CostOptions<Name>): Route<NoInfer<Name>, string> {
  checkKeys(options, "byCost", ["quality", "min", "answerTokens"]);
  const { quality, min, answerTokens = 500 } = options;
  checkCostOptions(options);
  const route = async function byCost(turn: RouteTurn<Name>): Promise<RouteChoice<Name>> {
    const ratings: Ratings<string> = (typeof quality === "function" ? await quality(turn) : quality) ?? {};
    if (typeof quality === "function") checkRatings(ratings);
    const inputTokens = estimateMessages(turn.messages);
    const scores: Record<string, number> = {};
    const skipped: { name: Name; reason: string }[] = [];
    const candidates: PricedModel<Name>[] = [];
    for (const { name, price } of turn.models) {
      const rating = Object.hasOwn(ratings, name) ? ratings[name] : undefined;
      if (typeof rating === "number" && !Number.isNaN(rating)) scores[name] = rating;
      const score = scores[name];
      if (score === undefined) skipped.push({ name, reason: "its quality is unknown" });
      else if (score < min) skipped.push({ name, reason: `its quality is ${score}, under ${min}` });
      else candidates.push({ name, costUsd: costOf({ inputTokens, outputTokens: answerTokens }, price) });
    }
    const chosen = cheapest(candidates);
    if (chosen === undefined) {
      const why = skipped.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
      return { name: undefined, scores, threshold: min, reason: `no model is good enough (${why})` };
    }
    for (const { name, costUsd } of candidates) {
      if (costUsd === null && name !== chosen.name) skipped.push({ name, reason: "its price is unknown" });
    }
    return { name: chosen.name, scores, threshold: min, skipped, reason: reasonFor(chosen, candidates) };
  };
  return mentioning(route, typeof quality === "function" ? [] : named("byCost.quality", Object.keys(quality)));
}

function cheapest<Name extends string>(candidates: readonly PricedModel<Name>[]): PricedModel<Name> | undefined {
  const cost = ({ costUsd }: PricedModel<Name>) => costUsd ?? Infinity;
  return candidates.reduce<PricedModel<Name> | undefined>(
    (best, candidate) => (best === undefined || cost(candidate) < cost(best) ? candidate : best),
    undefined,
  );
}

function reasonFor<Name extends string>(chosen: PricedModel<Name>, candidates: readonly PricedModel<Name>[]): string {
  const shown = ({ name, costUsd }: PricedModel<Name>) =>
    `${name} at ${costUsd === null ? "an unknown price" : `about $${Number(costUsd.toPrecision(3))}`}`;
  const others = candidates.filter((candidate) => candidate !== chosen).map(shown);
  return `the cheapest that is good enough is ${[shown(chosen), ...others].join(", against ")}`;
}

const expected = "rate models from 0 to 1: { small: 0.6, large: 0.9 }";

function checkCostOptions<Name extends string>({ quality, min, answerTokens }: CostOptions<Name>): void {
  checkNumber(min, "byCost.min", "give a quality from 0 to 1");
  if (answerTokens !== undefined) {
    checkNumber(answerTokens, "byCost.answerTokens", "give tokens, at least 0", (tokens) => tokens >= 0);
  }
  refuseFactory(quality, "byCost.quality");
  if (typeof quality === "function") return;
  const ratings: Ratings<string> = quality;
  for (const [name, rating] of checkedEntries(ratings, "byCost.quality", expected)) {
    checkNumber(rating, `byCost.quality.${name}`, expected);
  }
}

/** Throws for a rating on another scale. A value that is not a number only leaves the model unrated. */
function checkRatings(ratings: Ratings<string>): void {
  for (const [name, rating] of Object.entries(ratings)) {
    if (rating !== undefined && (rating < 0 || rating > 1)) {
      throw new InvalidOptionError(`byCost.quality.${name}`, rating, expected);
    }
  }
}
