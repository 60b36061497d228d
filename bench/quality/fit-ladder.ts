import type { Ladder, Rule } from "./ladder.js";
import type { RecordedQuestion, Recording } from "./shared-data.js";

/** What is learned from questions once, for all rules. */
export interface Learned {
  readonly weights: Readonly<Record<string, number>>;
  readonly expect: (first: string) => Ladder["expect"];
  /** For each first model and dear model the sorted expected costs. */
  readonly costsOf: (first: string, model: string) => readonly number[];
  readonly ease: readonly number[];
}

/** Learns weights and expected costs from questions; `ease` says how easy a learned router thinks each of them is. */
export function learn(recording: Recording, questions: readonly RecordedQuestion[], ease: readonly number[]): Learned {
  const weights = weightsOf(recording.models, questions);
  const lengths = new Map<string, (firstOutputTokens: number) => number>();
  const lengthOf = (first: string, model: string) => {
    const key = `${first} ${model}`;
    const known = lengths.get(key) ?? outputTokensOf(questions, first, model);
    lengths.set(key, known);
    return known;
  };
  const expect =
    (first: string): Ladder["expect"] =>
    (model, inputTokens, firstOutputTokens) => {
      const { input, output } = recording.prices[model]!;
      return (inputTokens * input + lengthOf(first, model)(firstOutputTokens) * output) / 1e6;
    };
  const sorted = new Map<string, readonly number[]>();
  const costsOf = (first: string, model: string) => {
    const key = `${first} ${model}`;
    const costs =
      sorted.get(key) ??
      questions
        .map(({ answers }) => expect(first)(model, answers[first]!.inputTokens, answers[first]!.outputTokens))
        .sort((one, other) => one - other);
    sorted.set(key, costs);
    return costs;
  };
  return { weights, expect, costsOf, ease: [...ease].sort((one, other) => one - other) };
}

/** Gives a rule its numbers. */
export function toLadder(rule: Rule, learned: Learned): Ladder {
  const { models, need, limit = 1, trust = 0 } = rule;
  const [first] = models;
  const dearest = models.slice(1).reduce<readonly number[]>((dear, model) => {
    const costs = learned.costsOf(first!, model);
    return mean(costs) > mean(dear) ? costs : dear;
  }, []);
  return {
    models,
    ...(need !== undefined && { need }),
    weights: learned.weights,
    limit: limit >= 1 ? Number.POSITIVE_INFINITY : dearest[Math.floor(limit * dearest.length)]!,
    expect: learned.expect(first!),
    trust: trust <= 0 ? Number.POSITIVE_INFINITY : learned.ease[Math.floor((1 - trust) * learned.ease.length)]!,
  };
}

/**
 * Log-odds of each model's accuracy (one right and one wrong answer added), plus what two equal answers tell beyond that:
 * wrong answers are seldom the same wrong answer. How often they are is counted over all pairs of models.
 */
function weightsOf(models: readonly string[], questions: readonly RecordedQuestion[]): Record<string, number> {
  let both = 1;
  let same = 1;
  for (const { answers } of questions) {
    const wrong = models.map((model) => answers[model]!).filter(({ right }) => !right);
    for (const [index, one] of wrong.entries()) {
      for (const other of wrong.slice(index + 1)) {
        both++;
        if (one.key !== "" && one.key === other.key) same++;
      }
    }
  }
  const entries = models.map((model): [string, number] => {
    const right = questions.filter(({ answers }) => answers[model]!.right).length;
    return [model, Math.log((right + 1) / (questions.length - right + 1)) + Math.log(both / same)];
  });
  return Object.fromEntries(entries);
}

/** Tokens of a model's answer from those of the first one: a straight line between their logarithms, scaled to the same sum. */
function outputTokensOf(questions: readonly RecordedQuestion[], first: string, model: string) {
  const pairs = questions.map(({ answers }) => ({
    x: Math.log1p(answers[first]!.outputTokens),
    y: Math.log1p(answers[model]!.outputTokens),
    tokens: answers[model]!.outputTokens,
  }));
  const [meanX, meanY] = [mean(pairs.map(({ x }) => x)), mean(pairs.map(({ y }) => y))];
  const slope = mean(pairs.map(({ x, y }) => (x - meanX) * (y - meanY))) / mean(pairs.map(({ x }) => (x - meanX) ** 2));
  const line = (x: number) => Math.exp(meanY + slope * (x - meanX));
  const scale = mean(pairs.map(({ tokens }) => tokens)) / mean(pairs.map(({ x }) => line(x)));
  return (firstOutputTokens: number) => scale * line(Math.log1p(firstOutputTokens));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
