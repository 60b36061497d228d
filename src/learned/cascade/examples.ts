/** What is known of a question once the first model has answered. */
export interface Hint {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tags: readonly string[];
}

/** One recorded question, in numbers; lists are by model, in the order of the policy. */
export interface Example {
  /** What the mixing weight is drawn from. */
  readonly text: string;
  /** Normalized answers; "" for one that holds nothing to compare, `undefined` without an answer. */
  readonly keys: readonly (string | undefined)[];
  /** Scores 0 to 1; 0 without an answer. */
  readonly scores: readonly number[];
  /** Costs as a share of the strong model's mean cost; `NaN` without an answer. */
  readonly costs: readonly number[];
  /** What the answer of a model says as the first one. */
  readonly hints: readonly (Hint | undefined)[];
}

/** Reduces examples to some of the models. */
export function withModels(all: readonly Example[], kept: readonly number[]): Example[] {
  return all.map((example) => ({
    ...example,
    keys: kept.map((model) => example.keys[model]),
    scores: kept.map((model) => example.scores[model]!),
    costs: kept.map((model) => example.costs[model]!),
    hints: kept.map((model) => example.hints[model]),
  }));
}
