import { betaShare } from "./beta.js";
import { normalQuantile } from "./normal.js";
import { solve } from "./solve.js";

/** Degrees of freedom above which Student's t equals the normal distribution to six digits. */
const many = 1_000_000;

/** Returns the share of Student's t distribution below `t`. Source: Abramowitz and Stegun 26.7.1. */
export function studentShare(t: number, freedom: number): number {
  const tail = betaShare(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t < 0 ? tail : 1 - tail;
}

/** Returns the value below which a share of at least 0.5 of Student's t distribution lies. */
export function studentQuantile(share: number, freedom: number): number {
  if (freedom > many) return normalQuantile(share);
  let high = 10;
  while (studentShare(high, freedom) < share && high < 1e12) high *= 10;
  return solve((t) => studentShare(t, freedom) - share, 0, high);
}
