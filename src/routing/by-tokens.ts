import { estimateMessages } from "../ledger/usage.js";
import { mentioning, named } from "../models/mentions.js";
import { checkedEntries, checkName, checkNumber } from "./check-value.js";
import type { Route } from "./route.js";

/**
 * Chooses a model by the number of tokens to read.
 *
 * **When to use** - short requests are easy, or long ones are expensive; the choice itself costs nothing.
 * **Gotchas** - a budget is exclusive: 500 tokens are not under 500. All messages count, since all of them are sent. Tokens are
 * estimated (UTF-8 bytes / 4, tool calls included); an image counts 0. To choose by what fits into a model, use `byContextWindow`.
 *
 * @param budgets for each number of tokens, the model for fewer than that
 * @param otherwise the model for longer requests. @default no decision
 * @example
 * ```ts
 * const route = byTokens({ 500: "fast", 2000: "default" }, "powerful");
 * ```
 * @throws {InvalidOptionError} when there is no budget, or a budget is not above 0
 */
export function byTokens<Name extends string>(
  budgets: Readonly<Record<number, Name>>,
  otherwise?: Name,
): Route<NoInfer<Name>, string> {
  const expected = 'give tokens above 0, and the model for fewer: { 500: "fast" }';
  const limits = checkedEntries<Name>(budgets, "byTokens.budgets", expected)
    .map(([budget, name]) => ({ name, budget: Number(budget), key: budget }))
    .sort((one, other) => one.budget - other.budget);
  for (const { name, budget, key } of limits) {
    checkNumber(Number.isNaN(budget) ? key : budget, "byTokens.budgets", expected, (tokens) => tokens > 0);
    checkName(name, `byTokens.budgets.${key}`);
  }
  if (otherwise !== undefined) checkName(otherwise, "byTokens.otherwise");
  const route: Route<NoInfer<Name>, string> = function byTokens({ messages }) {
    const tokens = estimateMessages(messages);
    const under = limits.find(({ budget }) => tokens < budget);
    if (under !== undefined) {
      return { name: under.name, threshold: under.budget, reason: `about ${tokens} tokens, under ${under.budget}` };
    }
    const { budget } = limits.at(-1)!;
    return { name: otherwise, threshold: budget, reason: `about ${tokens} tokens, not under ${budget}` };
  };
  const under = limits.flatMap(({ key, name }) => named(`byTokens.budgets.${key}`, [name]));
  return mentioning(route, [...under, ...named("byTokens.otherwise", [otherwise])]);
}
