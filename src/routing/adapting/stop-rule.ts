import { logBeta } from "./log-beta.js";
import type { Rewards } from "./posterior.js";

/** When a winner is certain enough. */
export interface StopRule {
  /** Probability that the winner is not worse than the best by more than `margin`. */
  readonly confidence: number;
  readonly margin: number;
  /** Least rewards of each variant. */
  readonly least: number;
}

/**
 * Returns the winner, if the rewards show that no other variant is better by more than the margin; `undefined` if more are needed.
 *
 * The winner is wrong with a probability of at most 1 - confidence, however often this is asked, whatever drew the variants, and for any
 * rewards from 0 to 1: the ratio of the averaged to the true likelihood is a supermartingale (a mixture martingale: Robbins 1970; Kaufmann
 * and Koolen 2021, arXiv:1811.11419), so that Ville's inequality bounds the chance that it ever passes the threshold.
 */
export function winnerOf(
  rewards: Readonly<Record<string, Rewards>>,
  { confidence, margin, least }: StopRule,
): string | undefined {
  const all = Object.entries(rewards);
  if (all.length < 2 || all.some(([, { count }]) => count < least)) return undefined;
  const [leader, best] = all.reduce((most, each) => (meanOf(each[1]) > meanOf(most[1]) ? each : most));
  const needed = Math.log((all.length - 1) / (1 - confidence));
  const others = all.filter(([name]) => name !== leader);
  return others.every(([, other]) => evidenceAgainst(other, best, margin) >= needed) ? leader : undefined;
}

/** Returns the mean reward. */
export function meanOf({ count, sum }: Rewards): number {
  return count === 0 ? 0 : sum / count;
}

/** Returns the logarithm of the evidence that `other` is not better than `best` by the margin or more. */
function evidenceAgainst(other: Rewards, best: Rewards, margin: number): number {
  if (meanOf(other) >= meanOf(best) + margin) return 0;
  const logLikelihood = (mean: number) =>
    logLikelihoodOf(best, mean) + logLikelihoodOf(other, Math.min(1, mean + margin));
  return averaged(best) + averaged(other) - logLikelihood(likeliest(best, other, margin));
}

/** Returns the logarithm of the rewards' likelihood, averaged over all means. */
const averaged = ({ count, sum }: Rewards) => logBeta(1 + sum, 1 + count - sum);

/** Rounds of halving. */
const rounds = 50;

/** Returns the mean of `best` at which the rewards of both are likeliest, if that of `other` is higher by the margin. */
function likeliest(best: Rewards, other: Rewards, margin: number): number {
  const slope = (mean: number) => slopeOf(best, mean) + slopeOf(other, mean + margin);
  let [low, high] = [0, 1 - margin];
  for (let round = 0; round < rounds; round++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const slopeOf = ({ count, sum }: Rewards, mean: number) => part(sum, mean) - part(count - sum, 1 - mean);
const part = (share: number, mean: number) => (share === 0 ? 0 : share / mean);

function logLikelihoodOf({ count, sum }: Rewards, mean: number): number {
  return weighedLog(sum, mean) + weighedLog(count - sum, 1 - mean);
}

const weighedLog = (share: number, mean: number) => (share === 0 ? 0 : share * Math.log(mean));
