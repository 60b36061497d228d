import type { Context } from "./context.js";
import { exchanges, opening } from "./exchanges.js";
import { transcript } from "./transcript.js";

/**
 * Shows only the newest thing, after the system messages: the last stage's output, or the user's message where there is none.
 *
 * **When to use** - each stage works on what the one before it made (draft, translate, shorten), and the stages' system prompts
 * say all they need to know.
 * **Gotchas** - the stage does not see the question; put what it must know of it into the output before. Without a human message
 * or an output, the newest tool exchange or message is shown.
 *
 * @returns a `Context`: a plain function of the turn
 * @example
 * ```ts
 * createPipeline({ stages: { draft: small, translate: { model: large, context: latestOnly() } } });
 * ```
 */
export function latestOnly(): Context {
  return function latestOnly(turn) {
    const { system, rest } = opening(transcript(turn));
    const newest = rest.findLast(({ type }) => type === "human");
    return [...system, ...(newest === undefined ? (exchanges(rest).at(-1) ?? []) : [newest])];
  };
}
