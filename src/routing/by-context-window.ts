import { checkKeys } from "../errors/check-keys.js";
import { estimateMessages } from "../ledger/usage.js";
import { mentioning, mentionsOf } from "../models/mentions.js";
import { notedPrompts, notePrompts } from "../state/note-prompts.js";
import { checkNumber } from "./check-value.js";
import { checkChoose, narrow } from "./narrow.js";
import type { RoutableModel, Route, RouteTurn } from "./route.js";

export interface ContextWindowOptions<Name extends string = string> {
  /** Tokens reserved for the answer. @default 1024 */
  readonly answerTokens?: number;
  /** Treats a model with an unknown window as large enough. @default false */
  readonly assumeUnknown?: boolean;
  /** Chooses among the models that are large enough: `byLatency(…)`, `byCost(…)`. @default the first of them */
  readonly choose?: Route<Name, never>;
}

/**
 * Chooses the first model whose context window holds the conversation and an answer.
 *
 * **When to use** - conversations grow, and the cheap model has the smaller window: list models from small to large.
 * **Gotchas** - tokens are estimated (UTF-8 bytes / 4) without images, tool schemas and system prompts of entries, so leave some
 * room. A model with an unknown window is skipped. If no model is large enough, there is no decision.
 *
 * @example
 * ```ts
 * createRouter({
 *   models: { small: { model: small, contextWindow: 8_000 }, large: { model: large, contextWindow: 128_000 } },
 *   route: byContextWindow(),
 * });
 * ```
 * @throws {InvalidOptionError} when `answerTokens` is negative or not a number, or `choose` is not a function
 */
export function byContextWindow<Name extends string = never>(
  options: ContextWindowOptions<Name> = {},
): Route<NoInfer<Name>, string> {
  checkKeys(options, "byContextWindow", ["answerTokens", "assumeUnknown", "choose"]);
  const { answerTokens = 1_024, assumeUnknown = false, choose } = options;
  checkNumber(answerTokens, "byContextWindow.answerTokens", "give tokens, at least 0", (tokens) => tokens >= 0);
  checkChoose(choose, "byContextWindow.choose");
  const route: Route<Name, Name> = function byContextWindow(turn: RouteTurn<Name>) {
    const threshold = estimateMessages(turn.messages) + answerTokens;
    const needing = `the conversation and its answer need about ${threshold} tokens`;
    const scores: Record<string, number> = {};
    const skipped: { name: Name; reason: string }[] = [];
    const remaining: RoutableModel<Name>[] = [];
    for (const model of turn.models) {
      const { name, contextWindow } = model;
      if (contextWindow !== undefined) scores[name] = contextWindow;
      if (contextWindow === undefined ? assumeUnknown : contextWindow >= threshold) {
        remaining.push(model);
        if (choose === undefined) break;
        continue;
      }
      const why = contextWindow === undefined ? "is unknown" : `holds ${contextWindow} tokens`;
      skipped.push({ name, reason: `its context window ${why}; about ${threshold} are needed` });
    }
    const [first] = remaining;
    if (first === undefined)
      return { name: undefined, scores, threshold, reason: `${needing}, and no model is known to hold them` };
    if (choose !== undefined) return narrow(choose, turn, { remaining, scores, threshold, skipped, reason: needing });
    const reason = `${needing}; ${first.name} holds ${first.contextWindow ?? "an unknown number"}`;
    return { name: first.name, scores, threshold, skipped, reason };
  };
  notePrompts(route, notedPrompts([choose]));
  return mentioning(route, mentionsOf([choose])) as Route<NoInfer<Name>, string>;
}
