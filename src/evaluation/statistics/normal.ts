import { solve } from "./solve.js";

/**
 * Returns the share of the standard normal distribution below `z`, exact to 1e-15.
 *
 * Source: G. Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11 (2004), issue 4.
 */
export function normalShare(z: number): number {
  if (Math.abs(z) > 8.5) return z > 0 ? 1 : 0;
  let sum = z;
  let term = z;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Returns the value below which a share of the standard normal distribution lies. */
export function normalQuantile(share: number): number {
  return solve((z) => normalShare(z) - share, -8.5, 8.5);
}
