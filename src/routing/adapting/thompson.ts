import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import { refuseFactory } from "../../errors/refuse-factory.js";
import { remember } from "../../resilience/recent.js";
import { checkNumber } from "../check-value.js";
import type { Adapt, Reward, Shares } from "./adapt.js";
import { beliefOf, probabilitiesOfBest, type Rewards } from "./posterior.js";
import { meanOf, winnerOf } from "./stop-rule.js";
import { checkState, type ThompsonState } from "./thompson-state.js";

/** Options of `thompson`. */
export interface ThompsonOptions<Own = object> {
  /** Scores each answer as it is given: a function, or a verifier. @default rewards come through `reward` of the result only */
  readonly reward?: Reward<Own>;
  /** Least share of the traffic for each variant until the experiment stops, 0..1. @default 0.05 */
  readonly floor?: number;
  /** Rewards that each variant needs before the shares leave the weights, and before it may stop. @default 10 */
  readonly least?: number;
  /**
   * When one variant gets all traffic: with the probability `confidence`, no other one is better by more than `margin`, in reward. `false`:
   * never.
   *
   * @default { confidence: 0.95, margin: 0.01 }
   */
  readonly stop?: { readonly confidence?: number; readonly margin?: number } | false;
  /** What an earlier process has learned, from `state()`. @default nothing */
  readonly state?: ThompsonState;
}

/** An experiment's memory of rewards. */
export interface Thompson extends Adapt {
  /** Returns a copy of what was learned, as JSON keeps it: for `thompson({ state })` of a later process. */
  state(): ThompsonState;
}

interface Run {
  readonly variant: string;
  readonly score?: number;
}

/**
 * Gives the variants of an experiment more traffic the better they are rewarded, and ends it when the winner is certain.
 *
 * **When to use** - as `adapt` of `createExperiment`, where answers can be scored: by a rule, a judge, or people who give a thumb.
 * **Gotchas** - each variant gets the share that it is the best with, under a flat Beta prior (Thompson 1933; Russo et al. 2018,
 * arXiv:1707.02038), and at least `floor`; a failed variant counts as a reward of 0. The probability of a wrong winner is at most
 * 1 - `confidence`, however often it is looked at; near-equal variants may never stop. After the stop the winner gets all traffic, and
 * nothing notices that it gets worse. The memory is that of one process: rewards for the last 10,000 runs are known by their ids. A judge as
 * `reward` makes each run wait for it, and costs money. More: docs/patterns/experiment.md
 *
 * @returns the `adapt` of one experiment; `reward(runId, score)` takes a later judgement, and `state()` what was learned
 * @example
 * ```ts
 * const adapt = thompson({ reward: ({ answer }) => answer.text.includes("Paris") });
 * const graph = createExperiment({ models: { a, b }, weights: { a: 1, b: 1 }, adapt }).compile();
 * const { turnId } = await graph.invoke({ messages: "Capital of France?" });
 * adapt.reward(turnId!, 1); // a thumb up, which counts in the place of the first reward
 * adapt.state().variants;
 * ```
 * @throws {InvalidOptionError} when an option is invalid or unknown
 */
export function thompson<Own = object>(options: ThompsonOptions<Own> = {}): Thompson {
  checkOptions(options);
  const { reward: score, floor = 0.05, least = 10, stop = {}, state } = options;
  const { confidence = 0.95, margin = 0.01 } = stop || {};
  const known = new Map<string, Rewards>(Object.entries(state?.variants ?? {}));
  const runs = new Map<string, Run>(state?.runs.map(([id, variant, given]) => [id, runOf(variant, given)]));
  let entered: readonly string[] | undefined;
  let winner = state?.winner;
  const rewardsOf = (variant: string): Rewards => known.get(variant) ?? { count: 0, sum: 0 };
  let best = new Map<string, readonly number[]>();

  const add = (variant: string, count: number, sum: number) => {
    const { count: before, sum: total } = rewardsOf(variant);
    known.set(variant, { count: before + count, sum: Math.max(0, Math.min(before + count, total + sum)) });
    best = new Map();
    if (stop === false || winner !== undefined || entered === undefined) return;
    const all = Object.fromEntries(entered.map((name) => [name, rewardsOf(name)]));
    winner = winnerOf(all, { confidence, margin, least });
  };

  const bestOf = (names: readonly string[]) => {
    const key = JSON.stringify(names);
    const probabilities = best.get(key) ?? probabilitiesOfBest(names.map((name) => beliefOf(rewardsOf(name))));
    best.set(key, probabilities);
    return probabilities;
  };

  return {
    begin: (variants) => {
      const names = [...variants].sort();
      if (entered !== undefined && entered.join("\n") !== names.join("\n")) {
        const expected = `it learns about ${entered.join(", ")} already; make one for each experiment`;
        throw new InvalidOptionError("createExperiment.adapt", names, expected);
      }
      if (floor * names.length > 1) {
        const expected = `${names.length} variants cannot have that share each; give at most ${1 / names.length}`;
        throw new InvalidOptionError("createExperiment.adapt.floor", floor, expected);
      }
      entered = names;
    },
    shares: (weights): Shares => {
      const names = Object.keys(weights);
      const means = names.map((name) => `${name} ${described(rewardsOf(name))}`).join(", ");
      if (winner !== undefined && names.includes(winner)) {
        const shares = Object.fromEntries(names.map((name) => [name, name === winner ? 1 : 0]));
        const reason = `the experiment has stopped: ${winner} is within ${margin} of the best with confidence ${confidence} (${means})`;
        return { shares, reason };
      }
      const early = names.find((name) => rewardsOf(name).count < least);
      if (early !== undefined) {
        const { count } = rewardsOf(early);
        return { shares: weights, reason: `drawn by weight, as ${early} has ${count} of ${least} rewards` };
      }
      const probabilities = bestOf(names);
      const free = 1 - floor * names.length;
      const shares = Object.fromEntries(names.map((name, index) => [name, floor + free * probabilities[index]!]));
      return { shares, reason: `drawn by reward: ${means}` };
    },
    assign: (runId, variant) => {
      if (runs.get(runId)?.variant !== variant) remember(runs, runId, { variant });
    },
    fail: (runId, variant) => {
      if (runs.get(runId)?.variant === variant) runs.delete(runId);
      add(variant, 1, 0);
    },
    reward: (runId, given) => {
      checkNumber(given, "thompson.reward", "give 0 to 1");
      const run = runs.get(runId);
      if (run === undefined) return false;
      runs.set(runId, { ...run, score: given });
      add(run.variant, run.score === undefined ? 1 : 0, given - (run.score ?? 0));
      return true;
    },
    score: score as Reward | undefined,
    state: () => ({
      variants: Object.fromEntries(known),
      ...(winner !== undefined && { winner }),
      runs: [...runs].map(([id, { variant, score: given }]) => [id, variant, given ?? null]),
    }),
  };
}

const runOf = (variant: string, score: number | null): Run => ({ variant, ...(score !== null && { score }) });

const described = (rewards: Rewards) => `${Number(meanOf(rewards).toFixed(3))} of ${rewards.count}`;

function checkOptions<Own>(options: ThompsonOptions<Own>): void {
  checkKeys(options, "thompson", ["reward", "floor", "least", "stop", "state"]);
  const { reward, floor = 0, least = 1, stop = {}, state } = options;
  refuseFactory(reward, "thompson.reward");
  if (reward !== undefined && typeof reward !== "function") {
    throw new InvalidOptionError("thompson.reward", reward, "give a function of the answer, or a verifier");
  }
  const { instruction, logprobs } = Object(reward) as { readonly instruction?: string; readonly logprobs?: boolean };
  if (instruction !== undefined || logprobs === true) {
    const expected = "it reads what only the pattern of a verifier has the model say; give a judge or a rule";
    throw new InvalidOptionError("thompson.reward", reward, expected);
  }
  checkNumber(floor, "thompson.floor", "give a share from 0 to 1: 0.05");
  checkNumber(
    least,
    "thompson.least",
    "give a whole number from 1 up",
    (value) => Number.isInteger(value) && value > 0,
  );
  if (stop !== false) {
    checkKeys(stop, "thompson.stop", ["confidence", "margin"]);
    const { confidence = 0.5, margin = 0 } = stop;
    checkNumber(confidence, "thompson.stop.confidence", "give 0.5 up to 1: 0.95", (value) => value >= 0.5 && value < 1);
    checkNumber(
      margin,
      "thompson.stop.margin",
      "give a difference of rewards: 0.01",
      (value) => value >= 0 && value < 1,
    );
  }
  checkState(state, "thompson.state");
}
