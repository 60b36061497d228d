import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { refusesToClassify } from "../calls/rehearsal.js";
import { barredEmbedder } from "../calls/turn.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError, MissingPackageError } from "../errors/index.js";
import { belongsToGraph } from "../langgraph/graph-errors.js";
import { costOf, estimateMessages } from "../ledger/usage.js";
import { mentioning, named } from "../models/mentions.js";
import { classifyError } from "../resilience/classify-error.js";
import { checkNumber } from "../routing/check-value.js";
import { lastText, type Route, type RouteChoice, type RouteTurn } from "../routing/route.js";
import { promptFeatures, type RouterModel, toPredictor } from "./router-model.js";

/** A trained router as JSON, without text of the examples. */
export interface TrainedRouterData extends RouterModel {
  readonly format: typeof ROUTER_FORMAT;
  readonly version: typeof ROUTER_VERSION;
}
export const ROUTER_FORMAT = "langgraph-multimodel/router";
/** Format version; increases when features change, since weights do not carry over. */
export const ROUTER_VERSION = 1;

/** A trained router. */
export interface TrainedRouter<Name extends string = string> {
  /** Predicts the outcome of each model, 0..1. */
  predict(prompt: string): Promise<Record<Name, number>>;
  /**
   * Makes a route that weighs expected outcome against price.
   *
   * It chooses the model with the highest `(1 - tradeoff) * outcome - tradeoff * cost`, where `cost` is the list price of this
   * conversation and an answer of 500 tokens, relative to the most expensive model. So 0 considers outcomes only and 1 prices
   * only; at 0.1 an almost free model may be 0.11 worse than the most expensive one. Ties go to the cheaper model, then to key
   * order; an unknown price counts as the highest. Only the last human message is read. Models without examples are skipped, and
   * a router rejects example names that are not among its models.
   *
   * @throws {InvalidOptionError} when `tradeoff` is not between 0 and 1
   */
  route(options: { readonly tradeoff: number }): Route<Name, string>;
  /** Returns plain data for `loadRouter`; about 0.5 MB per 1,000 long prompts. */
  toJSON(): TrainedRouterData;
}

export function trainedRouter<Name extends string>(
  model: RouterModel,
  embeddings: EmbeddingsInterface | undefined,
): TrainedRouter<Name> {
  const predictor = toPredictor(model);
  async function predict(prompt: string): Promise<Record<Name, number>> {
    if (typeof prompt !== "string") throw new InvalidOptionError("TrainedRouter.predict", prompt, "give a string");
    const vector = await embeddings?.embedQuery(prompt);
    if (vector !== undefined && (vector.length !== model.dimensions || !vector.every(Number.isFinite))) {
      const expected = `it was trained with vectors of ${model.dimensions} numbers: give the same embedder`;
      throw new InvalidOptionError("TrainedRouter.embeddings", vector, expected);
    }
    return predictor(promptFeatures(prompt, vector)) as Record<Name, number>;
  }
  return {
    predict,
    route: (options) => {
      checkKeys(options, "TrainedRouter.route", ["tradeoff"]);
      return routeBy({ predict, embeddings }, model.names, options?.tradeoff);
    },
    toJSON: () => ({ format: ROUTER_FORMAT, version: ROUTER_VERSION, ...model }),
  };
}

function routeBy<Name extends string>(
  { predict, embeddings }: Pick<TrainedRouter<Name>, "predict"> & { readonly embeddings: object | undefined },
  names: readonly string[],
  tradeoff: number,
): Route<Name, string> {
  checkNumber(tradeoff, "TrainedRouter.route.tradeoff", "give a number from 0 (outcome only) to 1 (price only)");
  const route = async function trainedRoute(turn: RouteTurn<Name>): Promise<RouteChoice<Name>> {
    if (refusesToClassify(turn.config)) return { name: undefined, reason: "the trained router is not called" };
    let scores: Record<string, number>;
    const barred = embeddings && barredEmbedder(turn, embeddings);
    if (barred !== undefined) return { name: undefined, reason: barred };
    try {
      scores = await predict(lastText(turn.messages));
    } catch (error) {
      const mistake = InvalidOptionError.isInstance(error) || MissingPackageError.isInstance(error);
      if (turn.config.signal?.aborted || mistake || belongsToGraph(error)) throw error;
      return { name: undefined, reason: `the embedder failed (${classifyError(error).class})` };
    }
    const offers = toOffers(turn, scores);
    const [first, ...others] = offers;
    const skipped = turn.models
      .filter(({ name }) => !Object.hasOwn(scores, name))
      .map(({ name }) => ({ name, reason: "it was not in the training examples" }));
    if (first === undefined)
      return { name: undefined, scores, skipped, reason: "it was not trained on any of these models" };
    const value = ({ outcome, cost }: Offer<Name>) => (1 - tradeoff) * outcome - tradeoff * cost;
    const best = others.reduce((one, other) => {
      const gain = value(other) - value(one);
      return gain > 0 || (gain === 0 && other.cost < one.cost) ? other : one;
    }, first);
    const reason = [best, ...offers.filter((offer) => offer !== best)].map(offerReason).join("; ");
    return { name: best.name, scores, skipped, reason: `${reason}; tradeoff ${tradeoff}` };
  };
  return mentioning(route, named("TrainedRouter.route", names));
}

/** Expected outcome of a model, and its cost relative to the most expensive one. */
interface Offer<Name extends string> {
  readonly name: Name;
  readonly outcome: number;
  readonly cost: number;
  readonly known: boolean;
}

const ANSWER_TOKENS = 500;

function toOffers<Name extends string>({ models, messages }: RouteTurn<Name>, scores: Record<string, number>) {
  const usage = { inputTokens: estimateMessages(messages), outputTokens: ANSWER_TOKENS };
  const priced = models
    .filter(({ name }) => Object.hasOwn(scores, name))
    .map(({ name, price }) => ({ name, outcome: scores[name]!, usd: costOf(usage, price) }));
  const dearest = Math.max(...priced.map(({ usd }) => usd ?? 0));
  return priced.map(({ name, outcome, usd }): Offer<Name> => {
    const cost = usd === null ? 1 : dearest > 0 ? usd / dearest : 0;
    return { name, outcome, cost, known: usd !== null };
  });
}

function offerReason({ name, outcome, cost, known }: Offer<string>): string {
  const price = known
    ? `${Number((cost * 100).toPrecision(2))} % of the highest price`
    : "an unknown price, taken as the highest";
  return `${name}: expected outcome ${outcome.toFixed(2)} at ${price}`;
}
