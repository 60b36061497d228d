import { shuffled } from "../aggregation/shuffled.js";
import { fitRidge, predictRow, type SparseMatrix, toSparseMatrix } from "./ridge-regression.js";
import { MEASURE_COUNT, type RouterModel, toColumns } from "./router-model.js";
import { SIZE_COUNT, type TextFeatures } from "./text-features.js";

export interface RouterExamples {
  readonly names: readonly string[];
  readonly features: readonly TextFeatures[];
  /** Outcomes of all examples by name, 0..1. */
  readonly outcomes: readonly Float64Array[];
  readonly seed: string;
}

/** Penalties on squared weights; a higher one trusts a column less. Length means the same everywhere, so its penalty is low. */
const SIZE_PENALTY = 50;
const SHAPE_PENALTY = 3_000;
/** Candidate penalties for words or embeddings, from sceptical to trusting. */
const CONTENT_PENALTIES = [100, 30, 10, 3, 1, 0.3, 0.1] as const;
/** Number of cross-validation folds, and minimum of examples. */
export const FOLDS = 5;

/**
 * Fits one linear model per name (ridge regression). Cross-validation chooses the penalty of the content; the event loop runs
 * between two fits.
 */
export async function fitRouter(examples: RouterExamples): Promise<RouterModel> {
  const { names, features, outcomes } = examples;
  const columns = { ...momentsOf(features), ...wordsOf(features) };
  const width = 1 + columns.means.length + columns.buckets.length;
  const matrix = toSparseMatrix(features.map(toColumns(columns)), width);
  const dimensions = columns.means.length - MEASURE_COUNT;
  const choices = CONTENT_PENALTIES.map((content) => {
    const penalties = new Float64Array(width);
    penalties.fill(SIZE_PENALTY, 1);
    penalties.fill(SHAPE_PENALTY, 1 + SIZE_COUNT);
    return penalties.fill(content * Math.max(1, dimensions), 1 + MEASURE_COUNT); // an embedding has length √dimensions, words 1
  });
  const errors = await crossValidate(examples, matrix, choices);
  const penalties = choices[errors.indexOf(Math.min(...errors))]!;
  const rows = features.map((_, row) => row);
  const weights = outcomes.map((targets) => Array.from(fitRidge({ matrix, rows, targets, penalties }), rounded));
  return { names, ...(dimensions > 0 && { dimensions }), ...columns, weights };
}

/** Rounds to six digits, which survive a JSON round trip. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function momentsOf(features: readonly TextFeatures[]): Pick<RouterModel, "means" | "spreads"> {
  const columns = features[0]!.dense.map((_, index) => features.map(({ dense }) => dense[index]!));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = columns.map((values) => rounded(mean(values)));
  const variances = columns.map((values, index) => mean(values.map((value) => (value - means[index]!) ** 2)));
  return { means, spreads: variances.map((variance) => (variance < 1e-9 ? 0 : rounded(Math.sqrt(variance)))) };
}

/**
 * Returns the buckets found in several examples, since a unique word does not generalize, with their inverse document frequency.
 */
function wordsOf(features: readonly TextFeatures[]): Pick<RouterModel, "buckets" | "rarities"> {
  const examples = new Map<number, number>();
  for (const { buckets } of features) {
    for (const bucket of buckets.keys()) examples.set(bucket, (examples.get(bucket) ?? 0) + 1);
  }
  const used = [...examples].filter(([, count]) => count > 1).sort(([one], [other]) => one - other);
  const rarity = (count: number) => rounded(Math.log((1 + features.length) / count));
  return { buckets: used.map(([bucket]) => bucket), rarities: used.map(([, count]) => rarity(count)) };
}

/** Computes for each candidate the squared error of the differences between models on held-out examples. */
async function crossValidate(
  { outcomes, features, seed }: RouterExamples,
  matrix: SparseMatrix,
  choices: readonly Float64Array[],
): Promise<number[]> {
  const folds = drawFolds(features.length, seed);
  const errors = choices.map(() => 0);
  for (const [fold, held] of folds.entries()) {
    const rows = folds.flatMap((members, index) => (index === fold ? [] : members));
    let weights: Float64Array[] = [];
    for (const [choice, penalties] of choices.entries()) {
      const before = weights;
      weights = [];
      for (const [model, targets] of outcomes.entries()) {
        await yieldToEventLoop(); // keeps a server responsive while it trains
        const start = before[model];
        weights.push(fitRidge({ matrix, rows, targets, penalties, tolerance: 1e-2, ...(start && { start }) }));
      }
      for (const row of held) {
        const misses = outcomes.map((targets, model) => targets[row]! - predictRow(matrix, row, weights[model]!));
        errors[choice]! += spreadOf(misses);
      }
    }
  }
  return errors;
}

/** Sums the squares around the mean; an error shared by all models does not affect a route. */
function spreadOf(misses: readonly number[]): number {
  const shared = misses.length === 1 ? 0 : misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
  return misses.reduce((sum, miss) => sum + (miss - shared) ** 2, 0);
}

function drawFolds(count: number, seed: string): number[][] {
  const order = shuffled([...Array(count).keys()], seed);
  return Array.from({ length: FOLDS }, (_, fold) => order.filter((_, place) => place % FOLDS === fold));
}

function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
