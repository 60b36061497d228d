import type { Context } from "./context.js";
import { exchanges, opening, workIn } from "./exchanges.js";
import { transcript } from "./transcript.js";

/**
 * Shows only the newest thing, after the system messages: the last stage's output, or the user's message where there is none.
 *
 * **When to use** - each stage works on what the one before it made (draft, translate, shorten), and the stages' system prompts
 * say all they need to know.
 * **Gotchas** - the stage does not see the question; put what it must know of it into the output before. In an agent loop it
 * does, with the tool calls made for it: without them it would make them again. Without a human message or an output, the newest
 * tool exchange or message is shown.
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
    const groups = exchanges(rest);
    if (newest === undefined) return [...system, ...(groups.at(-1) ?? [])];
    const { question = [], calls } = workIn(groups);
    const work = calls.length === 0 ? [] : [question, ...calls].flat();
    return [...system, ...work, ...(work.includes(newest) ? [] : [newest])];
  };
}
