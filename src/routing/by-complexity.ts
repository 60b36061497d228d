import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseUncalled } from "../errors/uncalled.js";
import { mentioning, named } from "../models/mentions.js";
import type { Model, ModelEntry } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { checkedEntries, checkName } from "./check-value.js";
import { classifyWith } from "./classify-with.js";
import { type Complexity, complexities, rateComplexity } from "./detect-complexity.js";
import { contextOf, lastText, type Route, type RouteChoice, type RouteTurn, toChoice } from "./route.js";

/** Options of `byComplexity`. */
export interface ComplexityOptions {
  /** Rates a request: a function, or a model that is asked. @default words, length and shape, see `detectComplexity` */
  readonly detect?:
    | ((turn: RouteTurn) => Complexity | undefined | Promise<Complexity | undefined>)
    | Model
    | ModelEntry;
}

const instructions = `Rate how hard the user's message is to answer well.
- simple: a fact, an extraction, small talk, a short or formal task
- moderate: some knowledge or a few steps
- complex: reasoning over many steps, comparison, long or original writing
- critical: a mistake would be expensive`;

/**
 * Chooses a model by how hard the request is.
 *
 * **When to use** - models differ in strength and price, and most requests are easy.
 * **Gotchas** - a `complexity` in the run context wins over any detection. A level without a model takes that of the next
 * higher level, above the highest one that of the highest. A word that is no level, and a model that fails, is no decision;
 * `firstOf(byComplexity(levels, { detect: small }), byComplexity(levels))` goes on without it. The built-in detection is a rule of thumb: measure it.
 *
 * @param levels the model for each level
 * @example
 * ```ts
 * const graph = createRouter({
 *   models: { small, large },
 *   route: byComplexity({ simple: "small", complex: "large" }),
 * }).compile();
 * const { route } = await graph.invoke({ messages: "Close the account" }, { context: { complexity: "critical" } }); // "large"
 * ```
 * @throws {InvalidOptionError} when `levels` is empty, or has a key that is no level
 * @throws {InvalidModelError} when `detect` is neither a function nor a model
 */
export function byComplexity<Name extends string>(
  levels: Readonly<Partial<Record<Complexity, Name>>>,
  options: ComplexityOptions = {},
): Route<NoInfer<Name>, string> {
  checkKeys(options, "byComplexity", ["detect"]);
  const { detect } = options;
  checkLevels(levels);
  const asked = detect === undefined || typeof detect === "function" ? undefined : askFor(detect);
  refuseUncalled(detect, "byComplexity.detect");
  const route: Route<NoInfer<Name>, string> = async function byComplexity(turn) {
    const { complexity: given } = contextOf(turn);
    if (given !== undefined) return choose(levels, given, "given by the run context");
    if (asked !== undefined) {
      const { name, reason = "" } = await asked(turn);
      return name === undefined ? { name, reason } : choose(levels, name, reason);
    }
    if (typeof detect === "function") return choose(levels, await detect(turn), "detected");
    const { complexity, reason } = rateComplexity(lastText(turn.messages));
    return choose(levels, complexity, reason);
  };
  return mentioning(route, named("byComplexity.levels", Object.values<Name | undefined>(levels)));
}

/** A route over the levels themselves. */
function askFor(model: Model | ModelEntry): (turn: RouteTurn) => Promise<RouteChoice<Complexity>> {
  resolve(model, "byComplexity.detect");
  const labels = Object.fromEntries(complexities.map((level) => [level, level]));
  const classify = classifyWith<Complexity>(model, { labels, instructions });
  return async (turn) => toChoice(await classify({ ...turn, models: [] })); // descriptions of models are none of levels
}

function choose<Name extends string>(
  levels: Readonly<Partial<Record<Complexity, Name>>>,
  said: string | undefined,
  reason: string,
): RouteChoice<Name> {
  const from = (complexities as readonly (string | undefined)[]).indexOf(said);
  if (from < 0) {
    const word = said === undefined ? "no complexity" : JSON.stringify(String(said).slice(0, 80));
    return { name: undefined, reason: `${word} was ${reason}; the levels are ${complexities.join(", ")}` };
  }
  const present = complexities.filter((level) => levels[level] !== undefined);
  const level = present.find((each) => complexities.indexOf(each) >= from) ?? present.at(-1)!;
  const moved = level === said ? "" : `, which has no model, so ${level}`;
  return { name: levels[level]!, label: said!, reason: `${said}${moved}: ${reason}` };
}

function checkLevels(levels: Readonly<Partial<Record<Complexity, string>>>): void {
  const known: readonly string[] = complexities;
  const expected = `give a model for at least one of ${complexities.join(", ")}`;
  for (const [level, name] of checkedEntries(levels, "byComplexity.levels", expected)) {
    if (!known.includes(level)) throw new InvalidOptionError("byComplexity.levels", level, expected);
    checkName(name, `byComplexity.levels.${level}`);
  }
}
