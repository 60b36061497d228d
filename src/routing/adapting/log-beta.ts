/** Returns the logarithm of the Beta function, of arguments from 1 up. */
export function logBeta(one: number, other: number): number {
  return logGamma(one) + logGamma(other) - logGamma(one + other);
}

/** Argument from which Stirling's series is exact to ten digits. */
const large = 10;

function logGamma(value: number): number {
  if (value < large) return logGamma(value + 1) - Math.log(value);
  const series = 1 / (12 * value) - 1 / (360 * value ** 3) + 1 / (1260 * value ** 5);
  return (value - 0.5) * Math.log(value) - value + Math.log(2 * Math.PI) / 2 + series;
}
