import type { ModelCall } from "../../ledger/model-call.js";
import type { Verdict } from "../../state/verdict.js";
import type { VerifyTurn } from "../../verification/verify.js";

/** An answer to score: what a verifier sees of it, and what the run knows. */
export interface RewardTurn<Own = object> extends VerifyTurn<Own> {
  /** Id of the run, as `runIdOf` of `/evaluation` returns it. */
  readonly runId: string;
  /** Variant that answered, or `shadow`. */
  readonly name: string;
  /** Calls that led to this answer; those of a shadow are its own only. */
  readonly calls: readonly ModelCall[];
}

/**
 * Says what an answer is worth: 0..1, true for 1 and false for 0; `undefined` if it cannot be said. A verdict counts by its score, or else
 * by `pass`, so any verifier is a reward.
 *
 * @typeParam Own keys that `state` of the factory adds. @default those of any graph
 */
export type Reward<Own = object> = {
  reward(turn: RewardTurn<Own>): Rewarded | Promise<Rewarded>;
}["reward"];

/** What a reward may return. */
type Rewarded = number | boolean | Verdict | undefined;

/** Shares of traffic, and why they are so. */
export interface Shares {
  /** By variant, in any unit; one of them is above 0. */
  readonly shares: Readonly<Record<string, number>>;
  readonly reason: string;
}

/**
 * Learns from the rewards of earlier runs how much traffic each variant of an experiment gets. `thompson` makes one; your own needs these
 * methods, which may be called for many runs at once.
 */
export interface Adapt {
  /** Called as a graph is built, with the variants that have a weight. May throw if it cannot serve them. */
  begin(variants: readonly string[]): void;
  /**
   * Returns the shares of the variants that are open in a run. It must change nothing: `explain` calls it too.
   *
   * @param weights of the open variants, each above 0
   */
  shares(weights: Readonly<Record<string, number>>): Shares;
  /** Notes the variant of a run, which is another one if the first failed. */
  assign(runId: string, variant: string): void;
  /** Notes that the variant of a run gave no answer. */
  fail(runId: string, variant: string): void;
  /**
   * Notes what the answer of a run is worth, 0..1; a later reward of a run replaces the earlier one.
   *
   * @returns false if the run is not known, or another model answered it
   */
  reward(runId: string, score: number): boolean;
  /** Scores each answer as it is given. @default rewards come through `reward` only */
  readonly score?: Reward | undefined;
}
