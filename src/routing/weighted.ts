import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseUncalled } from "../errors/uncalled.js";
import { mentioning, named } from "../models/mentions.js";
import { digest } from "../text/digest.js";
import { checkedEntries, checkNumber } from "./check-value.js";
import { contextOf, type Route, type RouteTurn } from "./route.js";

/** Options of `weighted`. */
export interface WeightedOptions {
  /** What keeps its model: a function of the turn, or the name of a field of the run context. @default each run is drawn anew */
  readonly stickyBy?: string | ((turn: RouteTurn) => string | undefined);
  /** Makes draws repeatable, and two experiments over the same keys independent of each other. @default none */
  readonly seed?: string | number;
}

/**
 * Chooses models at random, each as often as its weight says.
 *
 * **When to use** - an A/B test, or moving traffic to a new model step by step.
 * **Gotchas** - a weight of 0 is never chosen. With `stickyBy` the same key always gets the same model, in every process, and
 * changing one weight moves only the keys it has to (weighted rendezvous hashing, Schindelhauer and Schomaker 2005, over
 * SHA-256); a run without a key is drawn like one without `stickyBy`, and its decision says so. With `seed` and no key, draws repeat in the order of runs.
 *
 * @param weights how often each model is chosen, in any unit: `{ a: 90, b: 10 }` is `{ a: 0.9, b: 0.1 }`
 * @example
 * ```ts
 * const graph = createRouter({ models: { a, b }, route: weighted({ a: 0.9, b: 0.1 }, { stickyBy: "sessionId" }) }).compile();
 * await graph.invoke({ messages: "Hi" }, { context: { sessionId: "s-1" } });
 * ```
 * @throws {InvalidOptionError} when a weight is negative or no number, or all are 0
 */
export function weighted<Name extends string>(
  weights: Readonly<Record<Name, number>>,
  options: WeightedOptions = {},
): Route<NoInfer<Name>, string> {
  checkKeys(options, "weighted", ["stickyBy", "seed"]);
  return drawnBy("weighted", weights, options);
}

/**
 * `weighted` under the name of the function it is an option of.
 *
 * @param placeOf what else a draw depends on, so that draws of one key in several places are independent of each other
 * @param among the models one of which is drawn; their weights are shares of their own sum. @default all
 */
export function drawnBy<Name extends string>(
  owner: string,
  weights: Readonly<Record<Name, number>>,
  { stickyBy, seed }: WeightedOptions,
  placeOf: (turn: RouteTurn) => string = () => "",
  among: (turn: RouteTurn) => readonly string[] = () => Object.keys(weights),
): Route<NoInfer<Name>, string> {
  checkOptions(owner, weights, { stickyBy, seed });
  const all = Object.entries(weights) as [Name, number][];
  let runs = 0;
  const route: Route<NoInfer<Name>, string> = function weighted(turn) {
    const open = among(turn);
    const entries = all.filter(([name]) => open.includes(name));
    const sum = entries.reduce((total, [, weight]) => total + weight, 0);
    const scores = Object.fromEntries(entries.map(([name, weight]) => [name, weight / sum]));
    const arms = entries.filter(([, weight]) => weight > 0);
    const key = keyOf(turn, stickyBy);
    const drawn = key ?? (seed === undefined ? undefined : runs++);
    const place = placeOf(turn);
    const name = draw(arms, (arm) => (drawn === undefined ? Math.random() : numberOf(seed, drawn, arm, place)));
    return { name, scores, reason: `drawn by weight${fixed(stickyBy, key)}` };
  };
  return mentioning(
    route,
    named(
      `${owner}.weights`,
      all.map(([name]) => name),
    ),
  );
}

/** What kept the model, or what was not there to do so. */
function fixed(stickyBy: WeightedOptions["stickyBy"], key: string | undefined): string {
  if (stickyBy === undefined) return "";
  const named = typeof stickyBy === "string";
  if (key !== undefined) return `, fixed by ${named ? stickyBy : "stickyBy"}`;
  return named ? `, not fixed: the run context has no ${stickyBy}` : ", not fixed: stickyBy gave no key";
}

/** The arm whose clock, running as fast as its weight, rings first: each with the probability of its weight. */
function draw<Name extends string>(arms: readonly (readonly [Name, number])[], random: (name: Name) => number): Name {
  let first: Name | undefined;
  let earliest = Infinity;
  for (const [name, weight] of arms) {
    const rings = -Math.log(1 - random(name)) / weight;
    if (first === undefined || rings < earliest) [first, earliest] = [name, rings];
  }
  return first!;
}

/** A number from 0 to 1 that depends on nothing but its arguments; a string and a number never collide. */
function numberOf(seed: string | number | undefined, key: string | number, name: string, place: string): number {
  const parts = [seed ?? null, key, name, ...(place === "" ? [] : [place])];
  const bytes = digest(JSON.stringify(parts)).subarray(0, 6);
  return bytes.reduce((number, byte) => number * 256 + byte, 0) / 2 ** 48;
}

function keyOf(turn: RouteTurn, stickyBy: WeightedOptions["stickyBy"]): string | undefined {
  const key: unknown = typeof stickyBy === "function" ? stickyBy(turn) : stickyBy && contextOf(turn)[stickyBy];
  const plain = typeof key === "string" || typeof key === "number" || typeof key === "boolean";
  return plain && key !== "" ? String(key) : undefined;
}

function checkOptions(
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
  refuseUncalled(stickyBy, `${owner}.stickyBy`);
  if (stickyBy !== undefined && typeof stickyBy !== "function" && (typeof stickyBy !== "string" || stickyBy === "")) {
    throw new InvalidOptionError(`${owner}.stickyBy`, stickyBy, "name a field of the run context, or give a function");
  }
  if (seed !== undefined && typeof seed !== "string" && !Number.isFinite(seed)) {
    throw new InvalidOptionError(`${owner}.seed`, seed, "give a string or a number");
  }
}
