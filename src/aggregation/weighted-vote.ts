import { InvalidOptionError } from "../errors.js";
import type { Aggregate, NamedAnswer, Poll } from "./aggregate.js";
import { type Normalize, normalizeText } from "./normalize.js";
import { tally } from "./tally.js";

export interface WeightedVoteOptions {
  /** Weight of each model's vote, at least 0; a model that is not named weighs 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** What makes two answers equal. @default normalizeText */
  readonly normalize?: Normalize;
}

/**
 * Takes the answer with the most weight behind it.
 *
 * **When to use** - answers are comparable and some models are right more often. The log-odds of a model's accuracy,
 * `Math.log(p / (1 - p))`, are the best weights of independent voters (Nitzan and Paroush 1982).
 * **Gotchas** - confidence is the winner's share of all weights asked, so a failed lane counts against it. Ties go to key order.
 *
 * @example
 * ```ts
 * createEnsemble({ models: { a, b, large }, aggregate: weightedVote({ weights: { large: 2.5 } }) });
 * ```
 * @throws {InvalidOptionError} when a weight is negative, not a number, or all are 0
 */
export function weightedVote({ weights, normalize = normalizeText }: WeightedVoteOptions): Aggregate {
  const given = Object.entries(weights ?? {});
  for (const [name, weight] of given) {
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw new InvalidOptionError(`weightedVote.weights.${name}`, weight, "give a number of at least 0");
    }
  }
  if (given.length === 0)
    throw new InvalidOptionError("weightedVote.weights", weights, "name at least one: { large: 2 }");
  const known = new Map(given);
  const weightOf = ({ name }: { readonly name: string }) => known.get(name) ?? 1;
  const sum = (voters: readonly { readonly name: string }[]) =>
    voters.reduce((total, voter) => total + weightOf(voter), 0);

  /** Groups of equal answers by weight, the heaviest first, and what the lanes that are still open weigh at most. */
  function weigh({ answers, failures, asked }: Poll) {
    const groups = tally(answers, asked, normalize).groups.map(({ key, answers: voters }) => ({
      key,
      voters,
      weight: sum(voters),
    }));
    const seen = new Set([...answers, ...failures].map(({ name }) => name));
    const count = asked - answers.length - failures.length;
    const unseen = given.filter(([name]) => !seen.has(name)).map(([, weight]) => weight);
    const open = [...unseen, ...Array<number>(count).fill(1)].sort((a, b) => b - a).slice(0, count);
    return {
      groups: groups.sort((a, b) => b.weight - a.weight),
      open: open.reduce((total, weight) => total + weight, 0),
    };
  }
  function weightedVote(poll: Poll) {
    const { groups, open } = weigh(poll);
    const [first] = groups;
    const winner = first!.voters[0] as NamedAnswer;
    const total = sum(poll.answers) + sum(poll.failures) + open;
    return {
      message: winner.message,
      winner: winner.name,
      confidence: total > 0 ? first!.weight / total : null,
      agreement: tally(poll.answers, poll.asked, normalize).agreement,
      votes: Object.fromEntries(groups.filter(({ key }) => key !== "").map(({ key, weight }) => [key, weight])),
      reason: `a weight of ${first!.weight} of ${total} agrees`,
    };
  }
  function settled(poll: Poll): boolean {
    const { groups, open } = weigh(poll);
    return groups.length > 0 && groups[0]!.weight - (groups[1]?.weight ?? 0) > open;
  }
  return Object.assign(weightedVote, { settled });
}
