import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import type { Aggregate, LaneAnswers } from "./aggregate.js";
import { mostDetailed } from "./longest.js";
import { runningTally } from "./running-tally.js";
import { tally, type VoteOptions, voteOf, votingBy } from "./tally.js";

export interface MajorityVoteOptions extends VoteOptions {
  /** Winner of a tie: the answer whose model comes first in key order, or the longest. @default "first" */
  readonly ties?: "first" | "longest";
}

/**
 * Takes the answer most models gave.
 *
 * **When to use** - answers are short and comparable: numbers, choices, labels (self-consistency, Wang et al. 2022,
 * arXiv:2203.11171, over several models).
 * **Gotchas** - free text is seldom equal: give a `normalize`. Confidence is votes for the winner / number of lanes, so a failed
 * lane counts against it; an answer with nothing to compare has no vote. If all differ, the first in key order wins.
 *
 * @example
 * ```ts
 * createEnsemble({ models: { a, b, c }, aggregate: majorityVote({ normalize: normalizeNumber }) });
 * ```
 * @throws {InvalidOptionError} when `ties`, `stopEarly` or `normalize` is invalid; during the run, when `normalize` returns no text
 */
export function majorityVote(options: MajorityVoteOptions = {}): Aggregate {
  checkKeys(options, "majorityVote", ["normalize", "ties", "stopEarly"]);
  const { ties = "first" } = options;
  const { normalize, stopping } = votingBy(options, "majorityVote");
  if (ties !== "first" && ties !== "longest")
    throw new InvalidOptionError("majorityVote.ties", ties, 'give "first" or "longest"');
  function majorityVote({ answers, asked }: LaneAnswers) {
    const { groups, votes, agreement } = tally(answers, asked, normalize);
    const count = groups[0]!.votes;
    const tied = groups.filter((group) => group.votes === count);
    const winner =
      ties === "longest" && tied.length > 1
        ? mostDetailed(answers.filter((answer) => tied.some((group) => group.answers.includes(answer))))
        : tied[0]!.answers[0]!;
    return {
      message: winner.message,
      winner: winner.name,
      confidence: count / asked,
      agreement,
      votes,
      reason: `${count} of ${asked} agree${tied.length > 1 ? `, a tie of ${tied.length}` : ""}`,
    };
  }
  const leading = runningTally(
    (answer) => voteOf(answer, normalize),
    () => 1,
  );
  function settled({ answers, failures, asked }: LaneAnswers): boolean {
    const { first, second } = leading(answers);
    return first - second > asked - answers.length - failures.length;
  }
  return stopping(majorityVote, settled);
}
