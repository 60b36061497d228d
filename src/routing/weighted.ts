import { drawnInRehearsal, rehearsalOf } from "../calls/rehearsal.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { invalidReturn, refuseFactory } from "../errors/refuse-factory.js";
import { mentioning, named } from "../models/mentions.js";
import { remember } from "../resilience/recent.js";
import { digest } from "../text/digest.js";
import type { Adapt, Shares } from "./adapting/adapt.js";
import { checkedEntries, checkNumber } from "./check-value.js";
import { contextOf, type Route, type RouteTurn } from "./route.js";

export interface WeightedOptions {
  /** Key that always gets the same model: a function of the turn, or a field of the run context. @default each run draws anew */
  readonly stickyBy?: string | ((turn: RouteTurn) => string | undefined);
  /** Makes draws repeatable, and experiments over the same keys independent of each other. @default random draws */
  readonly seed?: string | number;
}

/**
 * Chooses models at random, in proportion to their weights.
 *
 * **When to use** - an A/B test, or moving traffic to a new model step by step.
 * **Gotchas** - a weight of 0 is never chosen. With `stickyBy` the same key gets the same model in every process, and changing a
 * weight moves as few keys as possible (weighted rendezvous hashing, Schindelhauer and Schomaker 2005, over SHA-256); a run
 * without a key draws anew, and its decision says so. With `seed` and no key, draws repeat in the order of runs.
 *
 * @param weights how often each model is chosen, in any unit: `{ a: 90, b: 10 }` is `{ a: 0.9, b: 0.1 }`
 * @example
 * ```ts
 * const graph = createRouter({ models: { a, b }, route: weighted({ a: 0.9, b: 0.1 }, { stickyBy: "sessionId" }) }).compile();
 * await graph.invoke({ messages: "Hi" }, { context: { sessionId: "s-1" } });
 * ```
 * @throws {InvalidOptionError} when a weight is negative or not a number, or all are 0
 */
export function weighted<Name extends string>(
  weights: Readonly<Record<Name, number>>,
  options: WeightedOptions = {},
): Route<NoInfer<Name>, string> {
  checkKeys(options, "weighted", ["stickyBy", "seed"]);
  return drawnBy("weighted", weights, options);
}

/** How another function draws by weight. */
interface Drawing {
  /** Returns what else a draw depends on, so that one key draws independently in several places. */
  readonly placeOf?: (turn: RouteTurn) => string;
  /** Returns the models to draw from. @default all */
  readonly among?: (turn: RouteTurn) => readonly string[];
  /** Replaces the weights by shares that it has learned; a key keeps its model as long as that has a share. */
  readonly adapt?: Adapt | undefined;
}

/** Draws by weight for another function, whose name errors show. */
export function drawnBy<Name extends string>(
  owner: string,
  weights: Readonly<Record<Name, number>>,
  { stickyBy, seed }: WeightedOptions,
  { placeOf = () => "", among = () => Object.keys(weights), adapt }: Drawing = {},
): Route<NoInfer<Name>, string> {
  checkWeightedOptions(owner, weights, { stickyBy, seed });
  const all = Object.entries(weights) as [Name, number][];
  const kept = new Map<string, string>();
  let runs = 0;
  const route: Route<NoInfer<Name>, string> = function weighted(turn) {
    const open = among(turn);
    const { shares, reason } = sharesOf(
      all.filter(([name]) => open.includes(name)),
      adapt,
    );
    const entries = Object.entries(shares) as [Name, number][];
    const sum = entries.reduce((total, [, weight]) => total + weight, 0);
    const scores = Object.fromEntries(entries.map(([name, weight]) => [name, weight / sum]));
    const arms = entries.filter(([, weight]) => weight > 0);
    const key = keyOf(turn, stickyBy);
    const isRehearsed = rehearsalOf(turn.config) !== undefined;
    const drawn = key ?? (seed === undefined ? undefined : isRehearsed ? runs : runs++);
    const place = placeOf(turn);
    const keeping = adapt === undefined || key === undefined ? undefined : JSON.stringify([place, key]);
    const before = keeping === undefined ? undefined : kept.get(keeping);
    if (before !== undefined && scores[before]! > 0) {
      return { name: before as Name, scores, reason: `${reason}${stickyReason(stickyBy, key)}` };
    }
    const byChance = () =>
      draw(arms, (arm) => (drawn === undefined ? Math.random() : hashedFraction(seed, drawn, arm, place)));
    const rehearsed = drawn === undefined ? drawnInRehearsal(turn.config, scores) : undefined;
    const name = (rehearsed as Name | undefined) ?? byChance();
    const isOver = before === undefined || open.includes(before); // one that is out in this run only comes back
    if (keeping !== undefined && isOver && !isRehearsed) remember(kept, keeping, name);
    return { name, scores, reason: `${reason}${stickyReason(stickyBy, key)}` };
  };
  return mentioning(route, named(`${owner}.weights`, Object.keys(weights)));
}

/** Returns the shares that weights give, or that were learned in their place; models without a weight have none. */
function sharesOf(entries: readonly [string, number][], adapt: Adapt | undefined): Shares {
  const drawn = entries.filter(([, weight]) => weight > 0);
  if (adapt === undefined || drawn.length === 0) {
    return { shares: Object.fromEntries(entries), reason: "drawn by weight" };
  }
  const { shares, reason } = adapt.shares(Object.fromEntries(drawn));
  const given = entries.map(([name]) => [name, Object(shares)[name] ?? 0] as const);
  if (given.every(([, share]) => Number.isFinite(share) && share >= 0) && given.some(([, share]) => share > 0)) {
    return { shares: Object.fromEntries(given), reason };
  }
  const expected = "it must return { shares, reason } with a share of at least 0 for each, one of them above it";
  throw invalidReturn("createExperiment.adapt.shares", shares, expected);
}

function stickyReason(stickyBy: WeightedOptions["stickyBy"], key: string | undefined): string {
  if (stickyBy === undefined) return "";
  const isField = typeof stickyBy === "string";
  if (key !== undefined) return `, fixed by ${isField ? stickyBy : "stickyBy"}`;
  return isField ? `, not fixed: the run context has no ${stickyBy}` : ", not fixed: stickyBy gave no key";
}

/** Draws a name in proportion to its weight: waiting times with the weights as rates, of which the shortest wins. */
function draw<Name extends string>(arms: readonly (readonly [Name, number])[], random: (name: Name) => number): Name {
  let first: Name | undefined;
  let earliest = Infinity;
  for (const [name, weight] of arms) {
    const time = -Math.log(1 - random(name)) / weight;
    if (first === undefined || time < earliest) [first, earliest] = [name, time];
  }
  return first!;
}

/** Hashes its arguments to a number from 0 to 1; a string and a number never collide. */
function hashedFraction(seed: string | number | undefined, key: string | number, name: string, place: string): number {
  const parts = [seed ?? null, key, name, ...(place === "" ? [] : [place])];
  const bytes = digest(JSON.stringify(parts)).subarray(0, 6);
  return bytes.reduce((number, byte) => number * 256 + byte, 0) / 2 ** 48;
}

function keyOf(turn: RouteTurn, stickyBy: WeightedOptions["stickyBy"]): string | undefined {
  const key: unknown = typeof stickyBy === "function" ? stickyBy(turn) : stickyBy && contextOf(turn)[stickyBy];
  const plain = typeof key === "string" || typeof key === "number" || typeof key === "boolean";
  return plain && key !== "" ? String(key) : undefined;
}

function checkWeightedOptions(
  owner: string,
  weights: Readonly<Record<string, number>>,
  { stickyBy, seed }: WeightedOptions,
): void {
  const expected = "give weights of at least 0, one of them above it: { a: 0.9, b: 0.1 }";
  const entries = checkedEntries<number>(weights, `${owner}.weights`, expected);
  for (const [name, weight] of entries) {
    checkNumber(weight, `${owner}.weights.${name}`, expected, (value) => value >= 0);
  }
  const sum = entries.reduce((total, [, weight]) => total + weight, 0);
  checkNumber(sum, `${owner}.weights`, expected, (total) => total > 0);
  refuseFactory(stickyBy, `${owner}.stickyBy`);
  if (stickyBy !== undefined && typeof stickyBy !== "function" && (typeof stickyBy !== "string" || stickyBy === "")) {
    throw new InvalidOptionError(`${owner}.stickyBy`, stickyBy, "name a field of the run context, or give a function");
  }
  if (seed !== undefined && typeof seed !== "string" && !Number.isFinite(seed)) {
    throw new InvalidOptionError(`${owner}.seed`, seed, "give a string or a number");
  }
}
