/** An axis: positions of values, and labelled values. */
export interface ChartAxis {
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** Pixels reserved for zero cost on the left of a logarithmic axis. */
const FREE = { at: 40, width: 90 } as const;

/** Makes a padded logarithmic axis from pixel `start` to `end`; zeros are placed left of it. */
export function logAxis(values: readonly number[], start: number, end: number): ChartAxis {
  const paid = values.filter((value) => value > 0);
  if (paid.length === values.length) return paidAxis(values, start, end);
  const { at, ticks } = paidAxis(paid.length > 0 ? paid : [1], start + FREE.width, end);
  return { at: (value) => (value === 0 ? start + FREE.at : at(value)), ticks: [0, ...(paid.length > 0 ? ticks : [])] };
}

function paidAxis(values: readonly number[], start: number, end: number): ChartAxis {
  const padding = 1.5;
  const low = Math.log10(Math.min(...values) / padding);
  const high = Math.log10(Math.max(...values) * padding);
  const steps = high - low > 4 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let exponent = Math.floor(low); exponent <= Math.ceil(high); exponent++) {
    for (const step of steps) ticks.push(Number(`${step}e${exponent}`));
  }
  return {
    at: (value) => start + ((Math.log10(value) - low) / (high - low)) * (end - start),
    ticks: ticks.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high),
  };
}

/** Makes a linear axis of shares from pixel `start` (lowest) to `end` (1, or the tick above the highest). */
export function shareAxis(values: readonly number[], start: number, end: number): ChartAxis {
  const lowest = Math.min(...values);
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((size) => (1 - lowest) / size <= 9) ?? 0.2;
  const first = Math.max(0, Math.floor(lowest / step + 1e-9));
  const last = Math.max(first + 1, Math.min(Math.round(1 / step), Math.ceil(Math.max(...values) / step - 1e-9)));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toFixed(4)));
  return {
    at: (value) => start + ((value - first * step) / ((last - first) * step)) * (end - start),
    ticks,
  };
}
