import { createFallback, type FallbackOptions } from "../patterns/create-fallback.js";
import { checkOwn } from "./check-own.js";
import { type LedgerMiddleware, stepMiddleware } from "./step-middleware.js";

/** Options of `createFallback` without those that an agent has itself. */
export type FallbackMiddlewareOptions<Name extends string> = Omit<
  FallbackOptions<Name>,
  "fallback" | "state" | "system"
>;

/**
 * Calls the first model in each step of an agent and, when it fails, the next one that can help.
 *
 * **When to use** - an agent must go on while a provider is down, rate-limited or refuses; in the place of LangChain's
 * `modelFallbackMiddleware`, which moves on after every error, aborts and bad requests too.
 * **Gotchas** - the agent's own `model` is the end of the chain: the first choice belongs into `models`. A tool loop goes on with the
 * model that called the tools. A model that is rate-limited or broken is skipped in the steps that follow, too. LangChain wraps what it
 * throws: the error of this package is `error.cause`. More: docs/middleware.md
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: spare, tools, middleware: [fallbackMiddleware({ models: { openai, gemini } })] });
 * const { messages, calls } = await agent.invoke({ messages: "What is the weather in Oslo?" });
 * ```
 * @throws {InvalidOptionError} when an option is invalid, or one of the agent's
 * @throws {InvalidModelError} when a model cannot answer messages
 */
export function fallbackMiddleware<Name extends string>(options: FallbackMiddlewareOptions<Name>): LedgerMiddleware {
  checkOwn(options, "fallbackMiddleware");
  createFallback(options as FallbackOptions<Name>);
  return stepMiddleware("fallbackMiddleware", (fallback) =>
    createFallback({ ...(options as FallbackOptions<Name>), fallback }),
  );
}
