import { difficulties, normalWeights, sigmoid } from "./difficulty.js";

/** What a model can do: it is right with probability σ(ability − slope · difficulty). */
export interface ItemResponse {
  readonly abilities: Float64Array;
  readonly slopes: Float64Array;
}

/** Outcomes of one question by model, 0 to 1; `NaN` where there is no answer. */
export type Outcomes = Float64Array;

const ROUNDS = 50;
/** Steps of the maximisation in each round. */
const STEPS = 3;
const RATE = 0.05;
/** Precisions of the priors on log slopes: towards their mean over the models, and towards `log(USUAL_SLOPE)`. */
const SHARED = 10;
const WEAK = 1;
const USUAL_SLOPE = Math.exp(0.5);
const POINTS = difficulties.length;

/**
 * Fits two numbers a model by expectation maximisation; a hard question is hard for all models, so that errors go together.
 *
 * Sources: A. Birnbaum in F. M. Lord, M. R. Novick, "Statistical Theories of Mental Test Scores" (1968); R. D. Bock, M. Aitkin,
 * Psychometrika 46 (1981) 443-459; D. P. Kingma, J. Ba, arXiv:1412.6980, for the steps.
 *
 * @param models number of models
 */
export function fitItemResponse(questions: readonly Outcomes[], models: number): ItemResponse {
  const parameters = new Float64Array(2 * models); // abilities, then log slopes
  for (let model = 0; model < models; model++) {
    parameters[model] = 1.3 * logOdds(questions, model);
    parameters[models + model] = Math.log(USUAL_SLOPE);
  }
  const unpacked = (): ItemResponse => ({
    abilities: parameters.slice(0, models),
    slopes: parameters.slice(models).map(Math.exp),
  });
  const step = adam(parameters.length);
  const counted = countEqual(questions);
  for (let round = 0; round < ROUNDS; round++) {
    const counts = expectedCounts(counted, unpacked());
    for (let count = 0; count < STEPS; count++) step(parameters, gradientOf(counts, unpacked(), parameters));
  }
  return unpacked();
}

interface Counted {
  readonly outcomes: Outcomes;
  count: number;
}

/** Counts questions with the same outcomes, which are many: those that all models answer right. */
function countEqual(questions: readonly Outcomes[]): Counted[] {
  const counted = new Map<string, Counted>();
  for (const outcomes of questions) {
    const key = outcomes.join();
    const known = counted.get(key);
    if (known === undefined) counted.set(key, { outcomes, count: 1 });
    else known.count++;
  }
  return [...counted.values()];
}

type Counts = readonly [rights: Float64Array, totals: Float64Array];

/** Returns the distribution of one question's difficulty, given its outcomes. */
export function difficultyOf(outcomes: Outcomes, { right, wrong }: LogShares): Float64Array {
  const weights = new Float64Array(POINTS);
  for (let point = 0; point < POINTS; point++) {
    let sum = Math.log(prior[point]!);
    for (let model = 0; model < outcomes.length; model++) {
      const outcome = outcomes[model]!;
      const at = model * POINTS + point;
      if (!Number.isNaN(outcome)) sum += outcome * right[at]! + (1 - outcome) * wrong[at]!;
    }
    weights[point] = sum;
  }
  const most = weights.reduce((one, other) => Math.max(one, other));
  let total = 0;
  for (let point = 0; point < POINTS; point++) total += weights[point] = Math.exp(weights[point]! - most);
  for (let point = 0; point < POINTS; point++) weights[point]! /= total;
  return weights;
}

const prior = normalWeights();

/** Logarithms of the chances of a right and of a wrong answer, by model and difficulty. */
export interface LogShares {
  readonly right: Float64Array;
  readonly wrong: Float64Array;
}

export function logSharesOf({ abilities, slopes }: ItemResponse): LogShares {
  const right = new Float64Array(abilities.length * POINTS);
  const wrong = right.slice();
  for (let model = 0; model < abilities.length; model++) {
    for (let point = 0; point < POINTS; point++) {
      const value = abilities[model]! - slopes[model]! * difficulties[point]!;
      right[model * POINTS + point] = -softplus(-value);
      wrong[model * POINTS + point] = -softplus(value);
    }
  }
  return { right, wrong };
}

const softplus = (value: number) => (value > 30 ? value : Math.log1p(Math.exp(value)));

/** Returns the gradient of the expected log-likelihood with its priors, for a step upwards. */
function gradientOf([rights, totals]: Counts, fit: ItemResponse, parameters: Float64Array): Float64Array {
  const models = fit.abilities.length;
  const gradient = new Float64Array(2 * models);
  const logSlopes = parameters.subarray(models);
  const shared = logSlopes.reduce((sum, value) => sum + value, 0) / models;
  for (let model = 0; model < models; model++) {
    const slope = fit.slopes[model]!;
    for (let point = 0; point < POINTS; point++) {
      const at = model * POINTS + point;
      const miss = rights[at]! - totals[at]! * sigmoid(fit.abilities[model]! - slope * difficulties[point]!);
      gradient[model]! += miss;
      gradient[models + model]! -= miss * difficulties[point]! * slope;
    }
    const own = logSlopes[model]!;
    gradient[models + model]! -= SHARED * (own - shared) + WEAK * (own - Math.log(USUAL_SLOPE));
  }
  return gradient;
}

/** Returns how many right answers, and answers, each model gave at each difficulty, as far as the outcomes show it. */
function expectedCounts(questions: readonly Counted[], fit: ItemResponse): Counts {
  const shares = logSharesOf(fit);
  const rights = new Float64Array(shares.right.length);
  const totals = rights.slice();
  for (const { outcomes, count } of questions) {
    const weights = difficultyOf(outcomes, shares).map((weight) => weight * count);
    for (let model = 0; model < outcomes.length; model++) {
      const outcome = outcomes[model]!;
      if (Number.isNaN(outcome)) continue;
      for (let point = 0; point < POINTS; point++) {
        totals[model * POINTS + point]! += weights[point]!;
        rights[model * POINTS + point]! += outcome * weights[point]!;
      }
    }
  }
  return [rights, totals];
}

/** Makes steps of Adam, which keep a running mean of gradients and of their squares. */
function adam(size: number) {
  const [means, squares] = [new Float64Array(size), new Float64Array(size)];
  let count = 0;
  return (parameters: Float64Array, gradient: Float64Array): void => {
    count++;
    for (let index = 0; index < size; index++) {
      means[index] = 0.9 * means[index]! + 0.1 * gradient[index]!;
      squares[index] = 0.999 * squares[index]! + 0.001 * gradient[index]! ** 2;
      const mean = means[index]! / (1 - 0.9 ** count);
      const square = squares[index]! / (1 - 0.999 ** count);
      parameters[index]! += (RATE * mean) / (Math.sqrt(square) + 1e-8);
    }
  };
}

function logOdds(questions: readonly Outcomes[], model: number): number {
  let [right, wrong] = [0.5, 0.5];
  for (const outcomes of questions) {
    const outcome = outcomes[model]!;
    if (Number.isNaN(outcome)) continue;
    right += outcome;
    wrong += 1 - outcome;
  }
  return Math.log(right / wrong);
}
