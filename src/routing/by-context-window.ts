import { estimateMessages } from "../cost/usage.js";
import { checkNumber } from "./check-value.js";
import type { Route } from "./route.js";

/** Options of `byContextWindow`. */
export interface ContextWindowOptions {
  /** Tokens kept free for the answer. @default 1024 */
  readonly answerTokens?: number;
  /** Whether a model whose window is unknown counts as large enough. @default false */
  readonly assumeUnknown?: boolean;
}

/**
 * Chooses the first model whose context window the conversation fits into, with room for an answer.
 *
 * **When to use** - conversations grow, and the cheap model has the smaller window: list models from small to large.
 * **Gotchas** - tokens are characters / 4, so leave some room; images, tool schemas and system prompts of entries are not
 * counted. A model whose window is unknown is passed over; where none is large enough there is no decision.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { small: { model: small, contextWindow: 8_000 }, large: { model: large, contextWindow: 128_000 } },
 *   route: byContextWindow(),
 * });
 * ```
 * @throws {InvalidOptionError} when `answerTokens` is negative or no number
 */
export function byContextWindow<Name extends string = never>({
  answerTokens = 1_024,
  assumeUnknown = false,
}: ContextWindowOptions = {}): Route<NoInfer<Name>> {
  checkNumber(answerTokens, "byContextWindow.answerTokens", "give tokens, at least 0", (tokens) => tokens >= 0);
  return function byContextWindow({ messages, models }) {
    const threshold = estimateMessages(messages) + answerTokens;
    const needing = `the conversation and its answer need about ${threshold} tokens`;
    const scores: Record<string, number> = {};
    const skipped: { name: Name; reason: string }[] = [];
    for (const { name, contextWindow } of models) {
      if (contextWindow !== undefined) scores[name] = contextWindow;
      if (contextWindow === undefined ? assumeUnknown : contextWindow >= threshold) {
        const window = contextWindow === undefined ? "an unknown number" : contextWindow;
        return { name, scores, threshold, skipped, reason: `${needing}; ${name} holds ${window}` };
      }
      const why = contextWindow === undefined ? "is unknown" : `holds ${contextWindow} tokens`;
      skipped.push({ name, reason: `its context window ${why}; about ${threshold} are needed` });
    }
    return { name: undefined, scores, threshold, reason: `${needing}, and no model is known to hold them` };
  };
}
