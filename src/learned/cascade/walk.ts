import { normalWeights } from "./difficulty.js";
import type { Hint } from "./examples.js";
import type { Fit } from "./fit-policy.js";
import { emptyWeights, groupWeights, type Likelihoods, likelihoodsOf, type Weighed, weigh } from "./likelihoods.js";
import { expectedCosts, expectedDifficulty, type Outlook } from "./outlook.js";
import { canonical, keyOf } from "./patterns.js";
import { includes, type Plan, plan, STOP, subtreeOf } from "./plan.js";

/** A fit that is ready to decide. */
export interface Decider {
  readonly fit: Fit;
  readonly likelihoods: Likelihoods;
  readonly weights: Weighed;
  readonly blanks: Float64Array;
  /** What `weights` hold now: the subtree of a root, under the prior of one walker. */
  readonly weighed: { prior?: Float64Array; numbers: Int32Array };
  /** Buffer of `plan`. */
  readonly worth: Float64Array;
}

export function deciderOf(fit: Fit): Decider {
  const likelihoods = likelihoodsOf(fit.answers, fit.same);
  const weighed = { numbers: new Int32Array(0) };
  const worth = new Float64Array(likelihoods.patterns.all.length);
  return {
    fit,
    likelihoods,
    weights: emptyWeights(likelihoods),
    blanks: Float64Array.from(fit.blanks),
    weighed,
    worth,
  };
}

/** Weighs a subtree by a prior, unless the weights hold it already. */
function weighed(decider: Decider, prior: Float64Array, root: number): Weighed {
  const { likelihoods, weights, weighed } = decider;
  if (weighed.prior === prior && includes(weighed.numbers, root)) return weights;
  weighed.prior = prior;
  weighed.numbers = subtreeOf(likelihoods.patterns, root);
  weigh(likelihoods, prior, weighed.numbers, weights);
  return weights;
}

const plain = normalWeights();

/** Model that a plan without any answer asks first; `STOP` if none is worth its cost. */
export function naturalFirst(decider: Decider, tradeoff: number): number {
  const { fit, likelihoods, blanks } = decider;
  const { patterns } = likelihoods;
  const terms = { tradeoff, blanks, costs: Float64Array.from(fit.costs) };
  return plan(patterns, subtreeOf(patterns, 0), weighed(decider, plain, 0), terms, decider.worth)[0]!;
}

/** Least probability of being asked, under some plan, of a model that a policy keeps. */
const LEAST_USE = 0.01;

/** Returns the models that plans of these tradeoffs ask, at mean costs. */
export function modelsInUse(decider: Decider, tradeoffs: readonly number[]): number[] {
  const { fit, likelihoods, blanks } = decider;
  const { patterns } = likelihoods;
  const used = new Set<number>();
  for (const tradeoff of tradeoffs) {
    const terms = { tradeoff, blanks, costs: Float64Array.from(fit.costs) };
    const choices = plan(patterns, subtreeOf(patterns, 0), weighed(decider, plain, 0), terms, decider.worth);
    const uses = new Float64Array(patterns.models);
    const open = new Set([0]);
    for (const number of open) {
      const model = choices[number]!;
      if (model === STOP) continue;
      uses[model]! += decider.weights.totals[number]!; // the probability of getting there
      const start = patterns.starts[number * patterns.models + model]!;
      for (let way = 0; way <= patterns.all[number]!.groups; way++) open.add(patterns.following[start + way]!);
    }
    for (const [model, use] of uses.entries()) if (use >= LEAST_USE) used.add(model);
  }
  return [...used].sort((one, other) => one - other);
}

/** One answer, as a policy sees it. */
export interface Given {
  readonly model: number;
  /** "" if it holds nothing to compare. */
  readonly key: string;
}

/** What to do after some answers. */
export interface Step {
  /** Model to ask next, or `STOP`. */
  readonly next: number;
  /** Probability that the best answer is right, and that each answer is. */
  readonly best: number;
  readonly shares: readonly number[];
}

/** Decides about one question. Answers are added in the order they came; models without an answer are banned. */
export interface Walker {
  /** @param banned models that cannot be asked, without those that have answered */
  step(given: readonly Given[], tradeoff: number, banned?: readonly number[]): Step;
}

/** @param hint what the first answer says; unset if its model gave no answer */
export function walkerOf(decider: Decider, outlook: Outlook, hint: Hint | undefined): Walker {
  const { fit, likelihoods, blanks } = decider;
  const { patterns } = likelihoods;
  const prior = hint === undefined ? plain : normalWeights(expectedDifficulty(outlook, hint), outlook.deviation);
  const costs = hint === undefined ? fit.costs : expectedCosts(outlook, hint);
  const planned = new Map<string, { plan: Plan; numbers: Int32Array }>();
  const planFor = (root: number, tradeoff: number, banned: readonly number[]): Plan => {
    const key = `${tradeoff} ${banned}`;
    const known = planned.get(key);
    if (known !== undefined && includes(known.numbers, root)) return known.plan;
    const numbers = subtreeOf(patterns, root);
    const terms = {
      tradeoff,
      blanks,
      costs: Float64Array.from(costs, (cost, model) => (banned.includes(model) ? Number.POSITIVE_INFINITY : cost)),
    };
    const fresh = plan(patterns, numbers, weighed(decider, prior, root), terms, decider.worth);
    planned.set(key, { plan: fresh, numbers });
    return fresh;
  };
  return {
    step(given, tradeoff, banned = []) {
      const counted = given.filter(({ key }) => key !== "").slice(0, patterns.depth);
      const out = [...banned, ...given.filter(({ key }) => key === "").map(({ model }) => model)].sort();
      const sorted = counted.toSorted((one, other) => one.model - other.model);
      const { members, labels } = canonical(
        sorted.map(({ model }) => model),
        sorted.map(({ key }) => key),
      );
      const number = patterns.numbers.get(keyOf(members, labels))!;
      const groups = groupWeights(likelihoods, prior, number);
      const total = groups.reduce((sum, weight) => sum + weight, 0);
      const shareOf = ({ key }: Given) => {
        const at = sorted.findIndex((other) => other.key === key);
        return at < 0 ? 0 : groups[labels[at]!]! / total;
      };
      const shares = given.map(shareOf);
      return { next: planFor(number, tradeoff, out)[number]!, best: Math.max(0, ...shares), shares };
    },
  };
}
