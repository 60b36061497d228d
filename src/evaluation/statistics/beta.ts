/** Coefficients of Lanczos' approximation with g = 7. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Returns the logarithm of the gamma function of a value of at least 0.5. Source: C. Lanczos, SIAM J. Numer. Anal. B 1 (1964) 86-96. */
export function logGamma(value: number): number {
  const shifted = value - 1;
  const sum = lanczos.reduce((total, part, index) => total + part / (shifted + index));
  const base = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/**
 * Returns the regularized incomplete beta function I_x(a, b): the distribution behind binomial counts and Student's t.
 *
 * Source: the continued fraction 26.5.8 of Abramowitz and Stegun, evaluated by Lentz' method.
 */
export function betaShare(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let ratio = 1;
  let inverse = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = inverse;
  const extend = (part: number) => {
    inverse = 1 / awayFromZero(1 + part * inverse);
    ratio = awayFromZero(1 + part / ratio);
    fraction *= inverse * ratio;
  };
  for (let step = 1, before = 0; Math.abs(fraction - before) > 1e-15 * fraction && step < 100_000; step++) {
    before = fraction;
    extend((step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step)));
    extend((-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1)));
  }
  return front * fraction;
}

const awayFromZero = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);

/** Returns the probability of at most `count` successes in `total` independent trials of probability `share`. */
export function binomialShare(count: number, total: number, share: number): number {
  if (count < 0) return 0;
  return count >= total ? 1 : betaShare(1 - share, total - count, count + 1);
}
