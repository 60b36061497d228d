import { InvalidOptionError } from "../errors/index.js";
import type { Context } from "./context.js";
import { type Exchange, exchanges, opening, workIn } from "./exchanges.js";
import { transcript } from "./transcript.js";

/**
 * Shows the newest messages of the conversation and of what earlier stages gave, after the system messages it opens with.
 *
 * **When to use** - only what was said last matters, and nothing should be paid to sum up the rest.
 * **Gotchas** - what is older is forgotten, the user's question included where `n` stages came after it. More than `n` messages
 * where the cut would part a tool result from its call; in an agent loop the question and all tool calls made for it stay, since
 * an agent that forgets them makes them again. Providers that want the user to speak first need an odd `n` in a chat.
 *
 * @param n how many messages, at least 1; each stage's output is one
 * @example
 * ```ts
 * createPipeline({ stages: { plan: large, write: small }, context: lastMessages(5) });
 * ```
 * @throws {InvalidOptionError} when `n` is no whole number above 0
 */
export function lastMessages(n: number): Context {
  if (!Number.isInteger(n) || n < 1) {
    throw new InvalidOptionError("lastMessages.n", n, "give a whole number of messages, at least 1");
  }
  return function lastMessages(turn) {
    const { system, rest } = opening(transcript(turn));
    const groups = exchanges(rest);
    const { question, calls } = workIn(groups);
    const shown = new Set([...newest(groups, n), ...(calls.length === 0 ? [] : [question, ...calls])]);
    return [...system, ...groups.filter((group) => shown.has(group)).flat()];
  };
}

/** As few of the newest exchanges as hold `n` messages. */
function newest(groups: readonly Exchange[], n: number): readonly Exchange[] {
  let count = 0;
  const first = groups.findLastIndex((group) => {
    count += group.length;
    return count >= n;
  });
  return groups.slice(Math.max(0, first));
}
