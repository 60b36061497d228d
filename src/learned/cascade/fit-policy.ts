import { difficulties } from "./difficulty.js";
import { shareOfSame } from "./ewens.js";
import { type Example, withModels } from "./examples.js";
import { difficultyOf, fitItemResponse, type ItemResponse, logSharesOf } from "./item-response.js";
import { fitOutlook, type Outlook } from "./outlook.js";

/** What is fitted on examples: everything of a policy but what it is used for. Lists are by model. */
export interface Fit {
  readonly answers: ItemResponse;
  /** Probability that two wrong answers are equal. */
  readonly same: number;
  /** Mean costs, as a share of the strong model's. */
  readonly costs: readonly number[];
  /** Shares of answers that hold nothing to compare. */
  readonly blanks: readonly number[];
  /** What the first answer says beside its content, by number of the first model. */
  readonly outlookOf: (first: number) => Outlook;
}

/** Fits a policy, and a way to reduce it to some of the models. */
export function fitPolicy(all: readonly Example[]): {
  readonly fit: Fit;
  readonly with: (kept: readonly number[]) => Fit;
} {
  const numbers = all[0]!.keys.map((_, model) => model);
  const outcomes = all.map(({ keys, scores }) =>
    Float64Array.from(numbers, (model) => (keys[model] ? scores[model]! : Number.NaN)),
  );
  const answers = fitItemResponse(outcomes, numbers.length);
  const wrong = all.map(({ keys, scores }) =>
    numbers.flatMap((model) => (keys[model] && scores[model]! < 0.5 ? [keys[model]!] : [])),
  );
  const shares = logSharesOf(answers);
  const means = outcomes.map((each) =>
    difficultyOf(each, shares).reduce((sum, weight, point) => sum + weight * difficulties[point]!, 0),
  );
  const same = shareOfSame(wrong);
  const costs = numbers.map((model) => meanOf(all.map((example) => example.costs[model]!)));
  const blanks = numbers.map((model) => blankShare(all.map(({ keys }) => keys[model])));
  const pick = (values: ArrayLike<number>, kept: readonly number[]) => kept.map((model) => values[model]!);
  const reduced = (kept: readonly number[]): Fit => ({
    answers: {
      abilities: Float64Array.from(pick(answers.abilities, kept)),
      slopes: Float64Array.from(pick(answers.slopes, kept)),
    },
    same,
    costs: pick(costs, kept),
    blanks: pick(blanks, kept),
    outlookOf: remembering((first) => fitOutlook(withModels(all, kept), means, first)),
  });
  return { fit: reduced(numbers), with: reduced };
}

function remembering<Value>(make: (key: number) => Value): (key: number) => Value {
  const known = new Map<number, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, make(key));
    return known.get(key)!;
  };
}

function blankShare(keys: readonly (string | undefined)[]): number {
  const given = keys.filter((key) => key !== undefined);
  return (given.filter((key) => key === "").length + 0.1) / (given.length + 1);
}

/** Returns the mean of the values that are known. */
function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / (known.length || 1);
}
