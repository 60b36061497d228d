import type { Context } from "./context.js";
import { exchanges, splitOpening, workIn } from "./exchanges.js";
import { transcript } from "./transcript.js";

/**
 * Shows the opening system messages, then only the last stage's output, or the user's message if there is no output.
 *
 * **When to use** - each stage works on the previous one's output (draft, translate, shorten), and system prompts say the rest.
 * **Gotchas** - the stage does not see the question, so the previous output must contain what matters of it. In an agent loop it
 * sees the question and the tool calls since, or the agent would repeat them.
 *
 * @example
 * ```ts
 * createPipeline({ stages: { draft: small, translate: { model: large, context: latestOnly() } } });
 * ```
 */
export function latestOnly(): Context {
  return function latestOnly(turn) {
    const { system, rest } = splitOpening(transcript(turn));
    const newest = rest.findLast(({ type }) => type === "human");
    const groups = exchanges(rest);
    if (newest === undefined) return [...system, ...(groups.at(-1) ?? [])];
    const { question = [], calls } = workIn(groups);
    const work = calls.length === 0 ? [] : [question, ...calls].flat();
    return [...system, ...work, ...(work.includes(newest) ? [] : [newest])];
  };
}
