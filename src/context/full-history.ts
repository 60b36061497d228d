import type { Context } from "./context.js";
import { transcript } from "./transcript.js";

/**
 * Shows everything: the whole conversation, then the output of each earlier stage.
 *
 * **When to use** - conversations are short, or the stages need all of it; the default of `createPipeline`.
 * **Gotchas** - cost grows with every stage and turn. A stage's output becomes a user message, `<output stage="plan">…</output>`.
 *
 * @example
 * ```ts
 * createPipeline({ stages: { plan: large, write: small }, context: fullHistory() });
 * ```
 */
export function fullHistory(): Context {
  return function fullHistory(turn) {
    return transcript(turn);
  };
}
