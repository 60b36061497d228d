import { MEASURE_COUNT, type PromptFeatures, type RouterModel, standardised } from "./router-model.js";
import { fitRidge, predictRow, type SparseMatrix, toSparseMatrix } from "./ridge-regression.js";
import { SIZE_COUNT } from "./text-features.js";

/** The examples as numbers. */
export interface RouterExamples {
  readonly names: readonly string[];
  readonly features: readonly PromptFeatures[];
  /** For each name the outcome of each example, 0..1. */
  readonly outcomes: readonly Float64Array[];
  /** Numbers from 0 to 1 that decide which examples are tried together. */
  readonly random: () => number;
}

/** What a weight of each group costs; more of it trusts the group less. */
interface Penalties {
  readonly shape: number;
  readonly content: number;
}

/** Size is three columns with a meaning that holds everywhere, so it is hardly penalised. */
const SIZE_PENALTY = 50;
/** From the most sceptical to the most trusting. */
const CONTENT_PENALTIES = [100, 30, 10, 3, 1, 0.3, 0.1] as const;
const SHAPE_PENALTIES = [10_000, 1_000, 100] as const;
const FOLDS = 5;

/** Fits one linear model for each name; how much to trust words and form is chosen by cross-validation within the examples. */
export function fitRouter(examples: RouterExamples): RouterModel {
  const { names, features, outcomes } = examples;
  const [means, spreads] = momentsOf(features);
  const buckets = usedBuckets(features);
  const matrix = toMatrix(features, { means, spreads, buckets });
  const penaltiesOf = columnPenalties(means.length, buckets.length);
  const chosen = penaltiesOf(choosePenalties(examples, matrix, penaltiesOf));
  const rows = features.map((_, row) => row);
  const weights = outcomes.map((targets) =>
    [...fitRidge({ matrix, rows, targets, penalties: chosen })].map(rounded),
  );
  const dimensions = means.length - MEASURE_COUNT;
  return { names, ...(dimensions > 0 && { dimensions }), means, spreads, buckets, weights };
}

/** Six digits are plenty, and written and read again they stay the same. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function momentsOf(features: readonly PromptFeatures[]): [means: number[], spreads: number[]] {
  const columns = features[0]!.dense.map((_, index) => features.map(({ dense }) => dense[index]!));
  const means = columns.map((values) => rounded(values.reduce((sum, value) => sum + value, 0) / values.length));
  const spreads = columns.map((values, index) => {
    const variance = values.reduce((sum, value) => sum + (value - means[index]!) ** 2, 0) / values.length;
    return variance < 1e-12 ? 0 : rounded(Math.sqrt(variance));
  });
  return [means, spreads];
}

/** A word of one example alone says nothing about others. */
function usedBuckets(features: readonly PromptFeatures[]): number[] {
  const seen = new Map<number, number>();
  for (const { buckets } of features) for (const bucket of buckets.keys()) seen.set(bucket, (seen.get(bucket) ?? 0) + 1);
  return [...seen].filter(([, times]) => times > 1).map(([bucket]) => bucket).sort((one, other) => one - other);
}

function toMatrix(
  features: readonly PromptFeatures[],
  { means, spreads, buckets }: Pick<RouterModel, "means" | "spreads" | "buckets">,
): SparseMatrix {
  const places = new Map(buckets.map((bucket, index) => [bucket, 1 + means.length + index]));
  const rows = features.map(({ dense, buckets }) => {
    const row: [number, number][] = [[0, 1]];
    for (const [index, value] of dense.entries()) {
      const scaled = standardised(value, means[index]!, spreads[index]!);
      if (scaled !== 0) row.push([index + 1, scaled]);
    }
    for (const [bucket, value] of buckets) {
      const place = places.get(bucket);
      if (place !== undefined) row.push([place, value]);
    }
    return row;
  });
  return toSparseMatrix(rows, 1 + means.length + buckets.length);
}

/** Spreads a penalty over the columns of its group; the content of a prompt is its embedding, else its words. */
function columnPenalties(dense: number, buckets: number): (penalties: Penalties) => Float64Array {
  const dimensions = dense - MEASURE_COUNT;
  return ({ shape, content }) => {
    const columns = new Float64Array(1 + dense + buckets);
    columns.fill(SIZE_PENALTY, 1);
    columns.fill(shape, 1 + SIZE_COUNT);
    columns.fill(content * Math.max(1, dimensions), 1 + MEASURE_COUNT); // an embedding has length √dimensions, words 1
    return columns;
  };
}

/** Chooses content first, then form: the two hardly depend on each other, and a full grid would take three times as long. */
function choosePenalties(
  examples: RouterExamples,
  matrix: SparseMatrix,
  penaltiesOf: (penalties: Penalties) => Float64Array,
): Penalties {
  const folds = drawFolds(examples.features.length, examples.random);
  const best = (tried: readonly Penalties[]) => {
    const errors = crossValidate(examples, matrix, folds, tried.map(penaltiesOf));
    return tried[errors.indexOf(Math.min(...errors))]!;
  };
  const { content } = best(CONTENT_PENALTIES.map((content) => ({ shape: SHAPE_PENALTIES[0], content })));
  return best(SHAPE_PENALTIES.map((shape) => ({ shape, content })));
}

/** The sum of squared errors on examples that were not learned from, for each choice of penalties. */
function crossValidate(
  { outcomes }: RouterExamples,
  matrix: SparseMatrix,
  folds: readonly (readonly number[])[],
  choices: readonly Float64Array[],
): number[] {
  const errors = choices.map(() => 0);
  for (const [fold, held] of folds.entries()) {
    const rows = folds.flatMap((members, index) => (index === fold ? [] : members));
    for (const targets of outcomes) {
      let weights: Float64Array | undefined;
      for (const [choice, penalties] of choices.entries()) {
        weights = fitRidge({ matrix, rows, targets, penalties, tolerance: 1e-2, ...(weights && { start: weights }) });
        for (const row of held) errors[choice]! += (targets[row]! - predictRow(matrix, row, weights)) ** 2;
      }
    }
  }
  return errors;
}

/** Every example is in one of the parts, which are equally large but for one. */
function drawFolds(count: number, random: () => number): number[][] {
  const order = Array.from({ length: count }, (_, index) => ({ index, at: random() })).sort((a, b) => a.at - b.at);
  const folds = Array.from({ length: Math.min(FOLDS, count) }, (): number[] => []);
  for (const [place, { index }] of order.entries()) folds[place % folds.length]!.push(index);
  return folds;
}
