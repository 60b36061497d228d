import { type CascadeOptions, createCascade } from "../patterns/create-cascade.js";
import { checkOwn } from "./check-own.js";
import { type LedgerMiddleware, stepMiddleware } from "./step-middleware.js";

/** Options of `createCascade` without those that an agent has itself. */
export type CascadeMiddlewareOptions<Name extends string> = Omit<CascadeOptions<Name>, "fallback" | "state" | "system">;

/**
 * Calls cheaper models first in each step of an agent, and returns the first answer that passes the verifier.
 *
 * **When to use** - most questions to the agent are easy, and a check costs less than the large model.
 * **Gotchas** - a call of a tool is a step and not an answer: it is not judged, and the loop goes on with its model. The agent's own
 * `model` answers, unjudged, when no answer passes. A judged answer arrives as one chunk. LangChain wraps what it throws: the error of
 * this package is `error.cause`. More: docs/middleware.md
 *
 * @example
 * ```ts
 * const verify = judgeWith(small);
 * const agent = createAgent({ model: large, tools, middleware: [cascadeMiddleware({ models: { small }, verify })] });
 * const { messages, calls, decisions } = await agent.invoke({ messages: "What is the weather in Oslo?" });
 * ```
 * @throws {InvalidOptionError} when an option is invalid, or one of the agent's
 * @throws {InvalidModelError} when a model cannot answer messages
 */
export function cascadeMiddleware<Name extends string>(options: CascadeMiddlewareOptions<Name>): LedgerMiddleware {
  checkOwn(options, "cascadeMiddleware");
  createCascade(options as CascadeOptions<Name>);
  return stepMiddleware("cascadeMiddleware", (fallback) =>
    createCascade({ ...(options as CascadeOptions<Name>), fallback }),
  );
}
