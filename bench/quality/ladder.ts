/** Asking up a ladder of models, in plain code: what a search tries thousands of. `ladder-graph.ts` is the same as a graph. */
import type { RecordedQuestion } from "./shared-data.js";

/** What can be chosen about a ladder. */
export interface Rule {
  /** In the order they are asked. */
  readonly models: readonly string[];
  /**
   * What the weights of the models that agree must add up to; at least two must agree in any case. Absent: plain agreement,
   * in which the last answer is returned when none agree; else it is the answer with the most weight.
   */
  readonly need?: number;
  /** A call that is expected to cost more than this share of questions' dearest call is not made, 0..1. */
  readonly limit?: number;
  /** The share of questions, 0..1, in which the first answer is taken at once: those a learned router thinks are easiest. */
  readonly trust?: number;
}

/** A rule with its numbers, as learned from some questions. */
export interface Ladder {
  readonly models: readonly string[];
  readonly need?: number;
  /** What the answer of each model counts: the logarithm of its odds of being right, against being wrong in one certain way. */
  readonly weights: Readonly<Record<string, number>>;
  /** USD. */
  readonly limit: number;
  /** USD that a model will cost, from the tokens of the question and of the first answer. */
  readonly expect: (model: string, inputTokens: number, firstOutputTokens: number) => number;
  readonly trust: number;
}

/** What became of one question. */
export interface Walk {
  readonly model: string;
  readonly right: boolean;
  readonly costUsd: number;
  readonly calls: number;
}

/** An answer as a stop rule sees it. */
export interface Given {
  readonly model: string;
  /** "" where there is nothing to compare. */
  readonly key: string;
}

/** True for a ladder that needs nothing but `agreement()`. */
export const isPlain = ({ need, limit }: Ladder) => need === undefined && limit === Number.POSITIVE_INFINITY;

/** What all answers equal to this one weigh together. */
function weightOf({ weights }: Ladder, given: readonly Given[], { key }: Given): number {
  const equal = given.filter((each) => key !== "" && each.key === key);
  return equal.reduce((sum, { model }) => sum + weights[model]!, 0);
}

/** The answer with the most weight behind it. */
export function leaderOf(ladder: Ladder, given: readonly Given[]): Given {
  return given.reduce((one, other) => (weightOf(ladder, given, other) > weightOf(ladder, given, one) ? other : one));
}

/** Whether to stop after the last of these answers, and which of them to return then. */
export function judge(ladder: Ladder, given: readonly Given[], next: { readonly expectedUsd: number } | undefined) {
  const last = given.at(-1)!;
  const leader = leaderOf(ladder, given);
  const plain = isPlain(ladder);
  const agreeing = given.filter(({ key }) => key !== "" && key === last.key).length;
  const agreed = agreeing >= 2 && (ladder.need === undefined || weightOf(ladder, given, last) >= ladder.need);
  if (agreed && (plain || leader.key === last.key)) return { stop: true, answer: last };
  if (next === undefined) return { stop: true, answer: plain ? last : leader };
  if (next.expectedUsd > ladder.limit) return { stop: true, answer: leader };
  return { stop: false, answer: last };
}

/** Asks a question up a ladder. */
export function walk(ladder: Ladder, { answers }: RecordedQuestion, ease = 0): Walk {
  const given: Given[] = [];
  const first = answers[ladder.models[0]!]!;
  let costUsd = 0;
  for (const [tier, model] of ladder.models.entries()) {
    costUsd += answers[model]!.costUsd;
    given.push({ model, key: answers[model]!.key });
    const upper = ladder.models[tier + 1];
    const next =
      upper === undefined ? undefined : { expectedUsd: ladder.expect(upper, first.inputTokens, first.outputTokens) };
    const { stop, answer } = judge(ladder, given, next);
    if (stop || (tier === 0 && ease > ladder.trust))
      return { model: answer.model, right: answers[answer.model]!.right, costUsd, calls: given.length };
  }
  throw new Error("A ladder needs a model.");
}
