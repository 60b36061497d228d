import { createRouter, type RouterOptions } from "../patterns/create-router.js";
import { checkOwn } from "./check-own.js";
import { type LedgerMiddleware, stepMiddleware } from "./step-middleware.js";

/** Options of `createRouter` without those that an agent has itself. */
export type RouterMiddlewareOptions<Name extends string> = Omit<RouterOptions<Name>, "fallback" | "state" | "system">;

/**
 * Sends each model call of an agent to the one model that suits it.
 *
 * **When to use** - steps of an agent differ, and each has a model that does it best or cheapest; `byPhase` for planning and acting.
 * **Gotchas** - results of tools go to the model that called them, without calling the route, unless the route is `byPhase`. The
 * agent's own `model` answers when the route makes no decision, or the chosen model fails or does not pass `verify`. LangChain wraps
 * what it throws: the error of this package is `error.cause`. More: docs/middleware.md
 *
 * @example
 * ```ts
 * const route = byPhase({ plan: "large", act: "small" });
 * const agent = createAgent({ model: large, tools, middleware: [routerMiddleware({ models: { small, large }, route })] });
 * const { messages, calls, decisions } = await agent.invoke({ messages: "What is the weather in Oslo?" });
 * ```
 * @throws {InvalidOptionError} when an option is invalid, or one of the agent's
 * @throws {InvalidModelError} when a model cannot answer messages
 */
export function routerMiddleware<Name extends string>(options: RouterMiddlewareOptions<Name>): LedgerMiddleware {
  checkOwn(options, "routerMiddleware");
  createRouter(options as RouterOptions<Name>);
  return stepMiddleware("routerMiddleware", (fallback) =>
    createRouter({ ...(options as RouterOptions<Name>), fallback }),
  );
}
