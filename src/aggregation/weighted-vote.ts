import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { mentioning, named } from "../models/mentions.js";
import type { Aggregate, LaneAnswers } from "./aggregate.js";
import { checkWeights } from "./check-weights.js";
import { runningTally } from "./running-tally.js";
import { agreementOf, tally, type VoteOptions, voteOf, votingBy } from "./tally.js";

export interface WeightedVoteOptions extends VoteOptions {
  /** Weight of each model's vote, at least 0; a model without an entry weighs 1. */
  readonly weights: Readonly<Record<string, number>>;
}

/**
 * Takes the answer with the most weight behind it.
 *
 * **When to use** - answers are comparable and some models are right more often. The log-odds of a model's accuracy,
 * `Math.log(p / (1 - p))`, are the best weights of independent voters (Nitzan and Paroush 1982).
 * **Gotchas** - confidence is the winner's share of the weights of all lanes, so a failed lane counts against it; more than half
 * is a `majority`, even from one heavy model. An answer with nothing to compare has no vote. Key order breaks ties.
 *
 * @example
 * ```ts
 * createEnsemble({ models: { a, b, large }, aggregate: weightedVote({ weights: { large: 2.5 } }) });
 * ```
 * @throws {InvalidOptionError} when a weight or `normalize` is invalid, or all weights are 0; from `createEnsemble`, when a weight
 * names an unknown model
 */
export function weightedVote(options: WeightedVoteOptions): Aggregate {
  checkKeys(options, "weightedVote", ["weights", "normalize", "stopEarly"]);
  const { weights } = options;
  const { normalize, stopping } = votingBy(options, "weightedVote");
  checkWeights(weights, "weightedVote.weights");
  const given = Object.entries(weights);
  if (given.every(([, weight]) => weight === 0)) {
    throw new InvalidOptionError("weightedVote.weights", weights, "name at least one above 0: { large: 2 }");
  }
  const known = new Map(given);
  const weightOf = (name: string) => known.get(name) ?? 1;

  /** Groups equal answers, the heaviest first, ties in key order; an answer with nothing to compare weighs 0. */
  function weigh({ answers, asked }: LaneAnswers) {
    return tally(answers, asked, normalize)
      .groups.map(({ key, answers: voters }) => ({
        key,
        voters,
        weight: key === "" ? 0 : sum(voters.map(({ name }) => weightOf(name))),
      }))
      .sort(
        (a, b) =>
          b.weight - a.weight ||
          Number(a.key === "") - Number(b.key === "") ||
          answers.indexOf(a.voters[0]!) - answers.indexOf(b.voters[0]!),
      );
  }
  /** Sums the weights of unfinished lanes; if their names are unknown, the highest sum possible. */
  function openWeight({ answers, failures, asked, lanes }: LaneAnswers): number {
    const seen = new Set([...answers, ...failures].map(({ name }) => name));
    const open = (names: readonly string[]) => names.filter((name) => !seen.has(name)).map(weightOf);
    if (lanes !== undefined) return sum(open(lanes));
    const count = Math.max(0, asked - seen.size);
    const most = [...open([...known.keys()]), ...Array<number>(count).fill(1)].sort((a, b) => b - a);
    return sum(most.slice(0, count));
  }
  function weightedVote(turn: LaneAnswers) {
    const { answers, failures, asked } = turn;
    const groups = weigh(turn);
    const { key, voters, weight } = groups[0]!;
    const total = sum([...answers, ...failures].map(({ name }) => weightOf(name))) + openWeight(turn);
    return {
      message: voters[0]!.message,
      winner: voters[0]!.name,
      confidence: total > 0 ? weight / total : null,
      agreement: agreementOf({
        voters: key === "" ? 0 : voters.length,
        answered: answers.length,
        asked,
        share: weight / total,
      }),
      votes: Object.fromEntries(groups.filter(({ key }) => key !== "").map((group) => [group.key, group.weight])),
      reason: `a weight of ${weight} of ${total} agrees`,
    };
  }
  const leading = runningTally(
    (answer) => voteOf(answer, normalize),
    ({ name }) => weightOf(name),
  );
  const lightest = Math.min(1, ...known.values());
  function settled(turn: LaneAnswers): boolean {
    const { first, second } = leading(turn.answers);
    const open = turn.asked - turn.answers.length - turn.failures.length;
    return first - second > open * lightest && first - second > openWeight(turn); // the sum takes longer
  }
  return mentioning(stopping(weightedVote, settled), named("weightedVote.weights", known.keys()));
}

const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0);
