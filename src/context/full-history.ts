import type { Context } from "./context.js";
import { transcript } from "./transcript.js";

/**
 * Shows everything: the whole conversation, then what each earlier stage gave.
 *
 * **When to use** - conversations are short, or the stages need all of it; it is what `createPipeline` does unless told otherwise.
 * **Gotchas** - cost grows with every stage and every turn. A stage's output is a user message, `<output stage="plan">…</output>`.
 *
 * @returns a `Context`: a plain function of the turn
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
