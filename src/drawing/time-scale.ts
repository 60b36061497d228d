/** An interval of time, Unix ms. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A long time without a call, drawn shorter than it was. */
export interface Break extends Span {
  readonly x: number;
  readonly width: number;
}

/** A mark of the axis. */
export interface Tick {
  /** Since the start, or since the end of the break before. */
  readonly ms: number;
  readonly x: number;
  readonly afterBreak: boolean;
}

/** Positions of moments in a picture. */
export interface TimeScale {
  at(time: number): number;
  readonly ticks: readonly Tick[];
  readonly breaks: readonly Break[];
}

/** Milliseconds of the shortest pause that is shortened. */
const SHORTEST = 1_000;

/** Widths in the unit of the positions: pixels, or characters. */
interface Widths {
  /** Of a shortened pause at most. @default 52 */
  readonly pause?: number;
  /** Between two ticks at least. @default 62 */
  readonly tick?: number;
}

/**
 * Makes a scale from `left` to `right`. Pauses that would leave little room for the calls, as that of a run that waited for a person,
 * are shortened.
 */
export function timeScale(
  spans: readonly Span[],
  left: number,
  right: number,
  { pause = 52, tick = 62 }: Widths = {},
): TimeScale {
  const { busy, gaps } = covered(spans);
  const start = spans.reduce((least, span) => Math.min(least, span.start), Number.POSITIVE_INFINITY);
  const end = spans.reduce((most, span) => Math.max(most, span.end), Number.NEGATIVE_INFINITY);
  const idle = gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  const cut = idle > 2 * busy ? gaps.filter((gap) => gap.end - gap.start > Math.max(busy, SHORTEST)) : [];
  const width = Math.min(pause, (0.4 * (right - left)) / Math.max(1, cut.length));
  const shown = Math.max(1, end - start - cut.reduce((sum, gap) => sum + gap.end - gap.start, 0));
  const unit = (right - left - cut.length * width) / shown;
  const at = (time: number) => {
    let x = left + (time - start) * unit;
    for (const gap of cut) {
      const inside = Math.min(Math.max(time - gap.start, 0), gap.end - gap.start);
      x += (inside / (gap.end - gap.start)) * width - inside * unit;
    }
    return x;
  };
  const breaks = cut.map((gap) => ({ ...gap, x: at(gap.start), width }));
  return { at, breaks, ticks: ticksOf(start, end, { at, breaks, unit, tick }) };
}

/** Measures the time in which a call was open, and the gaps between. */
function covered(spans: readonly Span[]): { busy: number; gaps: Span[] } {
  const gaps: Span[] = [];
  let busy = 0;
  let until = Number.POSITIVE_INFINITY;
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    if (start > until) gaps.push({ start: until, end: start });
    const from = until === Number.POSITIVE_INFINITY ? start : Math.max(start, until);
    if (end > from) busy += end - from;
    until = until === Number.POSITIVE_INFINITY ? end : Math.max(until, end);
  }
  return { busy, gaps };
}

interface Drawn {
  at(time: number): number;
  readonly breaks: readonly Break[];
  readonly unit: number;
  readonly tick: number;
}

function ticksOf(start: number, end: number, { at, breaks, unit, tick }: Drawn): TimeScale["ticks"] {
  const step = niceStep(tick / unit);
  const ticks: Tick[] = [];
  for (const [index, from] of [start, ...breaks.map((each) => each.end)].entries()) {
    const length = (breaks[index]?.start ?? end) - from;
    for (let ms = 0; ms <= length; ms += step) {
      const x = at(from + ms);
      if (ticks.length === 0 || x - ticks.at(-1)!.x >= tick) ticks.push({ ms, x, afterBreak: index > 0 });
    }
  }
  return ticks;
}

/** Returns the next round number of ms: 1, 2 or 5 times a power of ten, or whole minutes and hours. */
function niceStep(least: number): number {
  const clock = [60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map((seconds) => seconds * 1_000);
  if (least > 20_000)
    return [20_000, 30_000, ...clock].find((step) => step >= least) ?? Math.ceil(least / 86_400_000) * 86_400_000;
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}
