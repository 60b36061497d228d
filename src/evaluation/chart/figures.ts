/** Formats a share as a percentage: `0.9617` is "96.2 %". */
export function formatPercent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** Formats dollars with cents, below $1 with two significant digits: "$1.67", "$0.041". */
export function formatDollars(amount: number): string {
  if (amount === 0 || amount >= 0.995) return `$${amount.toFixed(2)}`;
  const digits = Math.min(20, Math.max(2, 1 - Math.floor(Math.log10(amount))));
  return `$${amount.toFixed(digits)}`;
}
