import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import { mentioning, mentionsOf } from "../models/mentions.js";
import { notedPrompts, notePrompts } from "../state/note-prompts.js";
import { decidesEveryStep, everyStep } from "./every-step.js";
import { checkChoice, type Route, type RouteChoice, type RouteTurn, withEarlierScores } from "./route.js";

/**
 * Calls routes in order until one decides.
 *
 * **When to use** - cheap rules first, a classifier for what they leave open, a constant at the end. A route that does not decide
 * returns its reason, so `??` never reaches the next route.
 * **Gotchas** - routes after the one that decides are not called. If no route decides, `fallback` answers, otherwise
 * `NoRouteError` is thrown. The decision keeps all reasons, and the scores, threshold and skips of the last route that had any.
 *
 * @example
 * ```ts
 * const route = firstOf(byKeyword({ code: ["debug"] }), ({ messages }) => (messages.length > 9 ? "long" : undefined), () => "chat");
 * ```
 * @throws {InvalidOptionError} when there is no route
 */
export function firstOf<Name extends string = never>(
  ...routes: readonly Route<Name, never>[]
): Route<NoInfer<Name>, string> {
  for (const [index, route] of routes.entries()) refuseFactory(route, `firstOf[${index}]`);
  if (routes.length === 0 || routes.some((route) => typeof route !== "function")) {
    throw new InvalidOptionError("firstOf", routes, "give at least one route, each a function");
  }
  const first: Route<NoInfer<Name>, string> = async function firstOf(turn) {
    const reasons: string[] = [];
    let choice: RouteChoice<Name> = { name: undefined };
    for (const [index, route] of routes.entries()) {
      const decided = await route(turn as RouteTurn<never>);
      choice = withEarlierScores(checkChoice<Name>(decided, route.name || `firstOf[${index}]`), choice);
      if (choice.reason) reasons.push(choice.reason);
      if (choice.name !== undefined) break;
    }
    if (choice.name === undefined && reasons.length === 0) reasons.push("no route decided");
    return { ...choice, ...(reasons.length > 0 && { reason: reasons.join("; then ") }) };
  };
  notePrompts(first, notedPrompts(routes));
  if (routes.some(decidesEveryStep)) everyStep(first);
  return mentioning(first, mentionsOf(routes));
}
