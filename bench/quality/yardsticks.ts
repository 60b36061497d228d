/** Published yardsticks, each a function of plain figures. */
import type { Ranked } from "./apgr.js";

/** Quality and cost of a router, a cascade or a single model. */
export interface Point {
  readonly quality: number;
  readonly cost: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** PGR(c): share of the gap between two models that is recovered with a share c of strong calls (RouteLLM, arXiv:2406.18665). */
export function pgr(ranked: readonly Ranked[], calls: number): number {
  const gap = sum(ranked.map(({ gain }) => gain));
  return sum(ranked.filter(({ share }) => share < calls).map(({ gain }) => gain)) / gap;
}

/** CPT(x): least share of strong calls from which PGR reaches x (RouteLLM). Random order: x. */
export function callsFor(ranked: readonly Ranked[], recovered: number): number {
  const cuts = Array.from({ length: ranked.length + 1 }, (_, index) => index / ranked.length);
  return cuts.find((calls) => pgr(ranked, calls + 1e-9) >= recovered) ?? 1;
}

/**
 * AIQ: area under the non-decreasing upper hull of quality over cost, divided by the width of the costs (RouterBench,
 * arXiv:2403.12031).
 *
 * @param range costs between which it is measured, the same for all that are compared
 */
export function aiq(points: readonly Point[], [low, high]: readonly [low: number, high: number]): number {
  const hull: Point[] = [];
  for (const point of points.toSorted((one, other) => one.cost - other.cost || other.quality - one.quality)) {
    if (hull.length > 0 && point.quality <= hull.at(-1)!.quality) continue;
    while (hull.length > 1 && slope(hull.at(-2)!, hull.at(-1)!) <= slope(hull.at(-2)!, point)) hull.pop();
    hull.push(point);
  }
  const at = (cost: number) => {
    const next = hull.findIndex((point) => point.cost >= cost);
    if (next < 0) return hull.at(-1)!.quality;
    if (next === 0) return hull[0]!.cost > cost ? 0 : hull[0]!.quality;
    const [before, after] = [hull[next - 1]!, hull[next]!];
    return before.quality + (cost - before.cost) * slope(before, after);
  };
  const cuts = [low, ...hull.map(({ cost }) => cost).filter((cost) => cost > low && cost < high), high];
  const areas = cuts.slice(1).map((cut, index) => ((at(cuts[index]!) + at(cut)) / 2) * (cut - cuts[index]!));
  return sum(areas) / (high - low);
}

const slope = (one: Point, other: Point) => (other.quality - one.quality) / (other.cost - one.cost);

/** ΔIBC: how much more quality a unit of cost buys than by going from the small model to the large one (AutoMix, arXiv:2310.12963). */
export function incrementalBenefit(point: Point, small: Point, large: Point): number {
  const base = slope(small, large);
  return (slope(small, point) - base) / base;
}

/** Mean chance that the best of n drawn samples is right, unbiased: 1 − C(wrong, n) / C(samples, n) (Chen et al., arXiv:2107.03374, eq. 1). */
export function bestOf(
  questions: readonly { readonly samples: number; readonly right: number }[],
  drawn: number,
): number {
  const chances = questions.map(({ samples, right }) => {
    let missed = 1;
    for (let place = 0; place < drawn; place++) missed *= Math.max(0, samples - right - place) / (samples - place);
    return 1 - missed;
  });
  return sum(chances) / questions.length;
}
