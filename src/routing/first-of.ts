import { InvalidOptionError } from "../errors.js";
import { type Route, type RouteChoice, toChoice } from "./route.js";

/**
 * Asks one route after the other and takes the first decision.
 *
 * **When to use** - cheap rules first, a classifier for what they leave open, a constant at the end.
 * **Gotchas** - routes after the one that decides are not called; no decision of any goes to `fallback`, else `NoRouteError`.
 *
 * @example
 * ```ts
 * const route = firstOf(byKeyword({ code: ["debug"] }), classifyWith(small), () => "chat");
 * ```
 * @throws {InvalidOptionError} when there is no route
 */
export function firstOf<Name extends string = never>(...routes: readonly Route<Name>[]): Route<NoInfer<Name>> {
  if (routes.length === 0 || routes.some((route) => typeof route !== "function")) {
    throw new InvalidOptionError("firstOf", routes, "give at least one route, each a function");
  }
  return async function firstOf(turn) {
    const reasons: string[] = [];
    for (const route of routes) {
      const choice: RouteChoice<Name> = toChoice(await route(turn));
      if (choice.name !== undefined)
        return reasons.length === 0
          ? choice
          : { ...choice, reason: [...reasons, choice.reason].filter(Boolean).join("; then ") };
      if (choice.reason !== undefined) reasons.push(choice.reason);
    }
    return { name: undefined, reason: reasons.length === 0 ? "no route decided" : reasons.join("; then ") };
  };
}
