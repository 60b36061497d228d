import type { Aggregate, LaneAnswers } from "./aggregate.js";

/**
 * Takes the first answer to arrive and cancels the other lanes.
 *
 * **When to use** - speed matters more than price: the models race.
 * **Gotchas** - every lane starts, and is billed for what it did. With `stopEarly: false` all lanes are awaited, and the first in
 * key order wins.
 *
 * @example
 * ```ts
 * createEnsemble({ models: { fast, other }, aggregate: firstAnswer() });
 * ```
 */
export function firstAnswer(): Aggregate {
  function firstAnswer({ answers }: LaneAnswers) {
    const [first] = answers;
    return { message: first!.message, winner: first!.name, confidence: null, reason: `${first!.name} was first` };
  }
  return Object.assign(firstAnswer, { settled: ({ answers }: LaneAnswers) => answers.length > 0 });
}
