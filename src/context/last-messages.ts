import { InvalidOptionError } from "../errors/index.js";
import type { Context } from "./context.js";
import { type Exchange, exchanges, splitOpening, workIn } from "./exchanges.js";
import { transcript } from "./transcript.js";

/**
 * Shows the opening system messages, then the newest messages of the conversation and of earlier stages.
 *
 * **When to use** - only recent messages matter, and a summary is not worth its price.
 * **Gotchas** - older messages are dropped, even the user's question once `n` stages follow it. Tool results stay with their calls,
 * and in an agent loop all calls for the question stay, so there may be more than `n` messages. If the provider requires the user
 * to speak first, a chat needs an odd `n`.
 *
 * @param n number of messages, at least 1; each stage's output counts as one
 * @example
 * ```ts
 * createPipeline({ stages: { plan: large, write: small }, context: lastMessages(5) });
 * ```
 * @throws {InvalidOptionError} when `n` is not a whole number above 0
 */
export function lastMessages(n: number): Context {
  if (!Number.isInteger(n) || n < 1) {
    throw new InvalidOptionError("lastMessages.n", n, "give a whole number of messages, at least 1");
  }
  return function lastMessages(turn) {
    const { system, rest } = splitOpening(transcript(turn));
    const groups = exchanges(rest);
    const { question, calls } = workIn(groups);
    const shown = new Set([...newest(groups, n), ...(calls.length === 0 ? [] : [question, ...calls])]);
    return [...system, ...groups.filter((group) => shown.has(group)).flat()];
  };
}

/** Returns the fewest newest exchanges that hold `n` messages. */
function newest(groups: readonly Exchange[], n: number): readonly Exchange[] {
  let count = 0;
  const first = groups.findLastIndex((group) => {
    count += group.length;
    return count >= n;
  });
  return groups.slice(Math.max(0, first));
}
