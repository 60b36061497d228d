import { type Curve, type Mix, mixAtCost, mixAtScore } from "./choose.js";
import { type Example, withModels } from "./examples.js";
import { type Fit, fitPolicy } from "./fit-policy.js";
import { foldsOf } from "./folds.js";
import { walkExample } from "./simulate.js";
import { type Decider, deciderOf, modelsInUse, naturalFirst } from "./walk.js";

/** What is to be met: a share of right answers, or of the strong model's cost. */
export type Goal = { readonly accuracy: number } | { readonly costShare: number };

/** A policy chosen on examples, with everything it needs to decide. */
export interface Selected {
  /** Numbers of the models it may ask, among all. */
  readonly kept: readonly number[];
  readonly fit: Fit;
  readonly decider: Decider;
  readonly mix: Mix;
}

/** Tradeoffs that are tried; at the highest, only the first model answers. */
export const TRADEOFFS: readonly number[] = [1_000, ...Array.from({ length: 18 }, (_, index) => 1.5 * 0.75 ** index)];
const FOLDS = 5;
/** Most models that are tried as the first one. */
const MOST_FIRSTS = 3;

/** Fits a policy and chooses its first model and tradeoffs by cross-validation within the examples. */
export async function select(all: readonly Example[], goal: Goal, seed: string): Promise<Selected> {
  const { fit: whole, with: reducedTo } = fitPolicy(all);
  const full = deciderOf(whole);
  const kept = modelsInUse(full, TRADEOFFS);
  const fit = reducedTo(kept);
  const firsts = likelyFirsts(full).map((first) => kept.indexOf(first));
  const own = withModels(all, kept);
  const decider = deciderOf(fit);
  const curves = (await curvesOf(own, firsts, seed)).map((curve) => withCosts(curve, decider, own));
  const mix = "costShare" in goal ? mixAtCost(curves, goal.costShare) : mixAtScore(curves, goal.accuracy);
  return { kept, fit, decider, mix };
}

/** Returns the models that plans ask first, most frequent first; the highest tradeoff, at which none is worth asking, aside. */
function likelyFirsts(decider: Decider): number[] {
  const counts = new Map<number, number>();
  for (const tradeoff of TRADEOFFS.slice(1)) {
    const first = naturalFirst(decider, tradeoff);
    if (first >= 0) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const order = [...counts].sort(([, one], [, other]) => other - one);
  return order.slice(0, MOST_FIRSTS).map(([first]) => first);
}

/**
 * Takes the costs of the policy itself. They jump at other tradeoffs than those of its parts, and nothing was fitted to make them low,
 * so that they are as good as measured elsewhere.
 */
function withCosts({ first, points }: Curve, decider: Decider, all: readonly Example[]): Curve {
  const costs = TRADEOFFS.map(() => 0);
  const outlook = decider.fit.outlookOf(first);
  for (const example of all) {
    const walks = walkExample(decider, { example, first, outlook, tradeoffs: TRADEOFFS });
    for (const [at, { cost }] of walks.entries()) costs[at]! += cost / all.length;
  }
  return { first, points: points.map((point, at) => ({ ...point, cost: costs[at]! })) };
}

/** Measures policies on questions that they were not fitted on, for each first model and tradeoff. */
async function curvesOf(all: readonly Example[], firsts: readonly number[], seed: string): Promise<Curve[]> {
  const sums = firsts.map(() => TRADEOFFS.map(() => ({ cost: 0, score: 0, belief: 0 })));
  for (const { learned, held } of foldsOf(all.length, FOLDS, seed)) {
    const { fit } = fitPolicy(learned.map((place) => all[place]!));
    const decider = deciderOf(fit);
    for (const [index, first] of firsts.entries()) {
      const outlook = fit.outlookOf(first);
      for (const place of held) {
        const walks = walkExample(decider, { example: all[place]!, first, outlook, tradeoffs: TRADEOFFS });
        for (const [at, walk] of walks.entries()) {
          sums[index]![at]!.cost += walk.cost / all.length;
          sums[index]![at]!.score += walk.score / all.length;
          sums[index]![at]!.belief += walk.best / all.length;
        }
      }
    }
    await new Promise((resolve) => setTimeout(resolve)); // keeps a server responsive while it trains
  }
  return firsts.map((first, index) => ({ first, points: smoothed(sums[index]!) }));
}

/**
 * Takes the mean of measured scores and of what the policy believes, at the measured level: some hundred questions show the level
 * well, and the difference between two neighbours hardly.
 */
function smoothed(sums: readonly { readonly cost: number; readonly score: number; readonly belief: number }[]) {
  const excess = sums.reduce((sum, { score, belief }) => sum + belief - score, 0) / sums.length;
  return sums.map(({ cost, score, belief }, at) => ({
    tradeoff: TRADEOFFS[at]!,
    cost,
    score: (score + belief - excess) / 2,
  }));
}
