import { ToolMessage } from "@langchain/core/messages";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { mentioning, named } from "../models/mentions.js";
import { checkName } from "./check-value.js";
import { everyStep } from "./every-step.js";
import type { Route } from "./route.js";

export interface PhaseOptions<Name extends string> {
  /** Model that is told what to do: the conversation ends with no result of a tool. */
  readonly plan: Name;
  /** Model that goes on when tools gave their results. */
  readonly act: Name;
  /** Model that goes on when a tool failed. @default `plan` */
  readonly recover?: Name;
  /** Returns true for the result of a tool that failed. @default those with `status: "error"`, which LangChain sets for a tool that throws */
  readonly isError?: (result: ToolMessage) => boolean;
}

/**
 * Chooses a model for each step of an agent: one to plan, one to act, and one to recover from errors of tools.
 *
 * **When to use** - as `route` of `routerMiddleware`, or of a router that is the model of an agent: most steps of a long run only carry
 * out a plan, and a cheap model does them. `npm run bench:phases` shows what it saves on a recorded run.
 * **Gotchas** - unlike other routes it decides within a tool loop, so a conversation changes its model: models of several providers
 * must accept the calls of each other. The answer after the last result is a step of `act`. Of several results in one step one that failed is enough
 * for `recover`.
 *
 * @example
 * ```ts
 * const route = byPhase({ plan: "large", act: "small", recover: "large" });
 * ```
 * @throws {InvalidOptionError} when an option is missing or unknown
 */
export function byPhase<Name extends string>(options: PhaseOptions<Name>): Route<NoInfer<Name>, string> {
  checkKeys(options, "byPhase", ["plan", "act", "recover", "isError"]);
  const { plan, act, recover = plan, isError = ({ status }) => status === "error" } = options;
  const names = Object.entries({ plan, act, recover });
  for (const [option, name] of names) checkName(name, `byPhase.${option}`);
  if (typeof isError !== "function") {
    throw new InvalidOptionError("byPhase.isError", isError, "give a function: (result) => result.text.startsWith(…)");
  }
  const route: Route<NoInfer<Name>, string> = function byPhase({ messages }) {
    const since = messages.findLastIndex((message) => !ToolMessage.isInstance(message)) + 1;
    const results = messages.slice(since) as ToolMessage[];
    if (results.length === 0) return { name: plan, reason: "plan: no tool has run yet for this message" };
    const failed = results.find((result) => isError(result));
    if (failed === undefined) return { name: act, reason: `act: ${countOf(results.length)}` };
    return { name: recover, reason: `recover: ${failed.name ?? "a tool"} failed` };
  };
  const mentions = names.flatMap(([option, name]) => named(`byPhase.${option}`, [name]));
  return everyStep(mentioning(route, mentions));
}

function countOf(results: number): string {
  return results === 1 ? "a tool gave its result" : `${results} tools gave their results`;
}
