import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseUncalled } from "../errors/uncalled.js";
import { costOf, estimateMessages } from "../ledger/usage.js";
import { mentioning, named } from "../models/mentions.js";
import { checkedEntries, checkNumber } from "./check-value.js";
import type { Route, RouteChoice, RouteTurn } from "./route.js";

/** How good each model is at the task, 0..1. */
export type Ratings<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** Options of `byCost`. */
export interface CostOptions<Name extends string> {
  /** How good each model is, 0..1, or a function that rates them for one request; a model without a rating is not chosen. */
  readonly quality: Ratings<Name> | ((turn: RouteTurn) => Ratings<Name> | Promise<Ratings<Name>>);
  /** The least quality that will do, 0..1; exactly that much will do. */
  readonly min: number;
  /** Tokens an answer is expected to have. @default 500 */
  readonly answerTokens?: number;
}

/** A model that is good enough, and what asking it is expected to cost, in USD. */
interface Offer<Name extends string> {
  readonly name: Name;
  readonly costUsd: number | null;
}

/**
 * Chooses the cheapest model that will do.
 *
 * **When to use** - how good each model is at your task is known: from an evaluation of your own, or `TrainedRouter.predict`.
 * **Gotchas** - the expected cost is tokens in (an estimate: UTF-8 bytes / 4) and `answerTokens` out at list price; a model whose price is
 * unknown comes last, key order breaks ties. None good enough is no decision.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { small, large, gemini },
 *   route: byCost({ quality: { small: 0.6, large: 0.9, gemini: 0.85 }, min: 0.8 }),
 * });
 * ```
 * @throws {InvalidOptionError} when `min` or a rating is not between 0 and 1; a rating of a function, as it runs
 */
export function byCost<Name extends string = never>(options: CostOptions<Name>): Route<NoInfer<Name>, string> {
  checkKeys(options, "byCost", ["quality", "min", "answerTokens"]);
  const { quality, min, answerTokens = 500 } = options;
  checkOptions(options);
  const route = async function byCost(turn: RouteTurn<Name>): Promise<RouteChoice<Name>> {
    const ratings: Ratings<string> = (typeof quality === "function" ? await quality(turn) : quality) ?? {};
    if (typeof quality === "function") checkRatings(ratings);
    const inputTokens = estimateMessages(turn.messages);
    const scores: Record<string, number> = {};
    const skipped: { name: Name; reason: string }[] = [];
    const offers: Offer<Name>[] = [];
    for (const { name, price } of turn.models) {
      const rating = Object.hasOwn(ratings, name) ? ratings[name] : undefined;
      if (typeof rating === "number" && !Number.isNaN(rating)) scores[name] = rating;
      const score = scores[name];
      if (score === undefined) skipped.push({ name, reason: "its quality is unknown" });
      else if (score < min) skipped.push({ name, reason: `its quality is ${score}, under ${min}` });
      else offers.push({ name, costUsd: costOf({ inputTokens, outputTokens: answerTokens }, price) });
    }
    const chosen = cheapest(offers);
    if (chosen === undefined) {
      const why = skipped.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
      return { name: undefined, scores, threshold: min, reason: `no model will do (${why})` };
    }
    for (const { name, costUsd } of offers) {
      if (costUsd === null && name !== chosen.name) skipped.push({ name, reason: "its price is unknown" });
    }
    return { name: chosen.name, scores, threshold: min, skipped, reason: reasonFor(chosen, offers) };
  };
  return mentioning(route, typeof quality === "function" ? [] : named("byCost.quality", Object.keys(quality)));
}

function cheapest<Name extends string>(offers: readonly Offer<Name>[]): Offer<Name> | undefined {
  const cost = ({ costUsd }: Offer<Name>) => costUsd ?? Infinity;
  return offers.reduce<Offer<Name> | undefined>(
    (best, offer) => (best === undefined || cost(offer) < cost(best) ? offer : best),
    undefined,
  );
}

function reasonFor<Name extends string>(chosen: Offer<Name>, offers: readonly Offer<Name>[]): string {
  const shown = ({ name, costUsd }: Offer<Name>) =>
    `${name} at ${costUsd === null ? "an unknown price" : `about $${Number(costUsd.toPrecision(3))}`}`;
  const others = offers.filter((offer) => offer !== chosen).map(shown);
  return `the cheapest that will do is ${[shown(chosen), ...others].join(", against ")}`;
}

const expected = "rate models from 0 to 1: { small: 0.6, large: 0.9 }";

function checkOptions<Name extends string>({ quality, min, answerTokens }: CostOptions<Name>): void {
  checkNumber(min, "byCost.min", "give a quality from 0 to 1");
  if (answerTokens !== undefined) {
    checkNumber(answerTokens, "byCost.answerTokens", "give tokens, at least 0", (tokens) => tokens >= 0);
  }
  refuseUncalled(quality, "byCost.quality");
  if (typeof quality === "function") return;
  const ratings: Ratings<string> = quality;
  for (const [name, rating] of checkedEntries(ratings, "byCost.quality", expected)) {
    checkNumber(rating, `byCost.quality.${name}`, expected);
  }
}

/** What a function rates is not known before it does: no number is no rating, one on another scale is a mistake. */
function checkRatings(ratings: Ratings<string>): void {
  for (const [name, rating] of Object.entries(ratings)) {
    if (rating !== undefined && (rating < 0 || rating > 1)) {
      throw new InvalidOptionError(`byCost.quality.${name}`, rating, expected);
    }
  }
}
