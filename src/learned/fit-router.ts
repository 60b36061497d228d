import { shuffled } from "../aggregation/shuffled.js";
import { fitRidge, predictRow, type SparseMatrix, toSparseMatrix } from "./ridge-regression.js";
import { MEASURE_COUNT, type RouterModel, toColumns } from "./router-model.js";
import { SIZE_COUNT, type TextFeatures } from "./text-features.js";

/** The examples as numbers. */
export interface RouterExamples {
  readonly names: readonly string[];
  readonly features: readonly TextFeatures[];
  /** For each name the outcome of each example, 0..1. */
  readonly outcomes: readonly Float64Array[];
  /** Decides which examples are tried together. */
  readonly seed: string;
}

/** What the square of a weight costs; the more, the less a column is trusted. Size means the same everywhere, so it costs little. */
const SIZE_PENALTY = 50;
const SHAPE_PENALTY = 3_000;
/** The choices for words or embeddings, from the most sceptical to the most trusting. */
const CONTENT_PENALTIES = [100, 30, 10, 3, 1, 0.3, 0.1] as const;
/** Parts of the examples, each tried on what was learned from the others: the fewest examples there can be. */
export const FOLDS = 5;

/**
 * Fits one linear model for each name (ridge regression). How far to trust the content of a prompt is chosen by
 * 5-fold cross-validation within the examples; between two fits others have their turn.
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

/** Six digits are plenty, and stay the same when they are written and read. */
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

/** Buckets of more than one example, since a word of one says nothing about others, with their inverse document frequency. */
function wordsOf(features: readonly TextFeatures[]): Pick<RouterModel, "buckets" | "rarities"> {
  const examples = new Map<number, number>();
  for (const { buckets } of features) {
    for (const bucket of buckets.keys()) examples.set(bucket, (examples.get(bucket) ?? 0) + 1);
  }
  const used = [...examples].filter(([, count]) => count > 1).sort(([one], [other]) => one - other);
  const rarity = (count: number) => rounded(Math.log((1 + features.length) / count));
  return { buckets: used.map(([bucket]) => bucket), rarities: used.map(([, count]) => rarity(count)) };
}

/** For each choice of penalties, the squared error of the differences between models on examples that were not learned from. */
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
        await othersTurn(); // a server that trains goes on answering
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

/** Squares around the mean: what all models share does not matter to a route. */
function spreadOf(misses: readonly number[]): number {
  const shared = misses.length === 1 ? 0 : misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
  return misses.reduce((sum, miss) => sum + (miss - shared) ** 2, 0);
}

/** Parts of the examples, equally large but for one. */
function drawFolds(count: number, seed: string): number[][] {
  const order = shuffled([...Array(count).keys()], seed);
  return Array.from({ length: FOLDS }, (_, fold) => order.filter((_, place) => place % FOLDS === fold));
}

/** Lets what waits in the event loop run. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
