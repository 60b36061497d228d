import { normalizeText, textOf } from "../text/normalizers/normalize.js";
import type { Aggregate, LaneAnswers, NamedAnswer } from "./aggregate.js";
import { tally } from "./tally.js";

/**
 * Takes the longest answer.
 *
 * **When to use** - open questions, where more detail is better and a judge is not worth its price.
 * **Gotchas** - confidence is a convention, not a measurement: 1 if all answers are equal (agreement `full`), else 0.7 (`partial`).
 * Key order breaks ties.
 *
 * @example
 * ```ts
 * createEnsemble({ models: { a, b, c }, aggregate: longest() });
 * ```
 */
export function longest(): Aggregate {
  return function longest({ answers, asked }: LaneAnswers) {
    const { groups, agreement } = tally(answers, asked, normalizeText);
    const winner = mostDetailed(answers);
    const equal = groups.length === 1 && answers.length > 1;
    return {
      message: winner.message,
      winner: winner.name,
      confidence: equal ? 1 : 0.7,
      agreement: agreement === "single" ? agreement : equal ? "full" : "partial",
      reason: equal ? "all answers are equal" : `the longest of ${answers.length} answers`,
    };
  };
}

export function mostDetailed(answers: readonly NamedAnswer[]): NamedAnswer {
  return answers.reduce((a, b) => (textOf(b.message).length > textOf(a.message).length ? b : a));
}
