/** Cost and score of policies that differ in their tradeoff, measured on questions that they were not fitted on. */
export interface Curve {
  /** Number of the first model. */
  readonly first: number;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly tradeoff: number;
  readonly cost: number;
  readonly score: number;
}

/** Two policies, of which each question gets one. */
export interface Mix {
  readonly first: number;
  readonly cheap: CurvePoint;
  readonly dear: CurvePoint;
  /** Share of questions that get the dear one. */
  readonly share: number;
  readonly cost: number;
  readonly score: number;
}

/** Returns the points that no mix of two others beats, from the cheapest to the best. */
export function upperHull(points: readonly CurvePoint[]): CurvePoint[] {
  const hull: CurvePoint[] = [];
  for (const point of points.toSorted((one, other) => one.cost - other.cost || other.score - one.score)) {
    if (hull.length > 0 && point.score <= hull.at(-1)!.score) continue;
    while (hull.length > 1 && slope(hull.at(-2)!, hull.at(-1)!) <= slope(hull.at(-2)!, point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

const slope = (one: CurvePoint, other: CurvePoint) => (other.score - one.score) / (other.cost - one.cost);

/** Returns the mix with the best score at a cost; the cheapest policy where all cost more. */
export function mixAtCost(curves: readonly Curve[], cost: number): Mix {
  const mixes = curves.map((curve) => mixOn(curve, (point) => point.cost, cost));
  const fits = mixes.filter((mix) => mix.cost <= cost + 1e-9);
  if (fits.length === 0) return mixes.reduce((one, other) => (other.cost < one.cost ? other : one));
  return fits.reduce((one, other) => (other.score > one.score ? other : one));
}

/** Returns the cheapest mix with a score; the best policy where none reaches it. */
export function mixAtScore(curves: readonly Curve[], score: number): Mix {
  const mixes = curves.map((curve) => mixOn(curve, (point) => point.score, score));
  const fits = mixes.filter((mix) => mix.score >= score - 1e-9);
  if (fits.length === 0) return mixes.reduce((one, other) => (other.score > one.score ? other : one));
  return fits.reduce((one, other) => (other.cost < one.cost ? other : one));
}

/** Mixes two neighbours of the hull so that they meet a goal, as near as the ends allow. */
function mixOn({ first, points }: Curve, read: (point: CurvePoint) => number, goal: number): Mix {
  const hull = upperHull(points);
  const above = hull.findIndex((point) => read(point) >= goal);
  const dear = hull[above < 0 ? hull.length - 1 : above]!;
  const cheap = above > 0 ? hull[above - 1]! : dear;
  const share = cheap === dear ? 1 : (goal - read(cheap)) / (read(dear) - read(cheap));
  const between = (one: number, other: number) => one + share * (other - one);
  return { first, cheap, dear, share, cost: between(cheap.cost, dear.cost), score: between(cheap.score, dear.score) };
}
