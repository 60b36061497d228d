import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import { mentioning, named } from "../models/mentions.js";
import type { Model, ModelEntry } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { notedPrompts, notePrompts } from "../state/note-prompts.js";
import { checkedEntries, checkName } from "./check-value.js";
import { classifyWith } from "./classify-with.js";
import { type Complexity, complexities, rateComplexity } from "./detect-complexity.js";
import { contextOf, lastText, type Route, type RouteChoice, type RouteTurn, toChoice } from "./route.js";

export interface ComplexityOptions {
  /** Rates a request: a function, or a model to call. @default by words, length and shape, see `detectComplexity` */
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
 * **Gotchas** - `complexity` in the run context overrides detection. A level without a model uses the next higher one, otherwise the
 * highest that has one. If `detect` returns an unknown level or its model fails, there is no decision: put a second `byComplexity`
 * with the built-in rules behind it in `firstOf`. Those are rules of thumb: measure them on your requests.
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
 * @throws {InvalidOptionError} when `levels` is empty, or has an unknown level
 * @throws {InvalidModelError} when `detect` is neither a function nor a model
 */
export function byComplexity<Name extends string>(
  levels: Readonly<Partial<Record<Complexity, Name>>>,
  options: ComplexityOptions = {},
): Route<NoInfer<Name>, string> {
  checkKeys(options, "byComplexity", ["detect"]);
  const { detect } = options;
  checkLevels(levels);
  const classify = detect === undefined || typeof detect === "function" ? undefined : classifierOf(detect);
  refuseFactory(detect, "byComplexity.detect");
  const route: Route<NoInfer<Name>, string> = async function byComplexity(turn) {
    const { complexity: given } = contextOf(turn);
    if (given !== undefined) return choiceOf(levels, given, "given by the run context");
    if (classify !== undefined) {
      const { name, reason = "" } = await classify(turn);
      return name === undefined ? { name, reason } : choiceOf(levels, name, reason);
    }
    if (typeof detect === "function") return choiceOf(levels, await detect(turn), "detected");
    const { complexity, reason } = rateComplexity(lastText(turn.messages));
    return choiceOf(levels, complexity, reason);
  };
  notePrompts(route, notedPrompts([classify]));
  return mentioning(route, named("byComplexity.levels", Object.values<Name | undefined>(levels)));
}

function classifierOf(model: Model | ModelEntry): (turn: RouteTurn) => Promise<RouteChoice<Complexity>> {
  resolve(model, "byComplexity.detect");
  const labels = Object.fromEntries(complexities.map((level) => [level, level]));
  const classify = classifyWith<Complexity>(model, { labels, instructions });
  const level = async (turn: RouteTurn) => toChoice(await classify({ ...turn, models: [] })); // so that no model describes a level
  return notePrompts(level, notedPrompts([classify]));
}

function choiceOf<Name extends string>(
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
