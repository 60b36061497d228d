import { SHAPE_COUNT, SIZE_COUNT, type TextFeatures, textFeatures } from "./text-features.js";

/** A trained router as data: linear models over the same columns, one for each name. */
export interface RouterModel {
  readonly names: readonly string[];
  /** Dimensions of the embeddings it was trained with; absent where it reads words. */
  readonly dimensions?: number;
  /** Mean and spread of each dense measure in the examples. */
  readonly means: readonly number[];
  readonly spreads: readonly number[];
  /** The buckets of words that have a weight, each once, and how much each counts: rare words more. */
  readonly buckets: readonly number[];
  readonly rarities: readonly number[];
  /** For each name: the constant, a weight for each dense measure, a weight for each bucket. */
  readonly weights: readonly (readonly number[])[];
}

/** Measures a router has besides words and embeddings. */
export const MEASURE_COUNT = SIZE_COUNT + SHAPE_COUNT;

/** What is read of a prompt: its measures and its embedding, or its measures and its words where there is none. */
export function promptFeatures(prompt: string, vector?: readonly number[]): TextFeatures {
  const { dense, buckets } = textFeatures(prompt);
  return vector === undefined ? { dense, buckets } : { dense: [...dense, ...vector], buckets: new Map() };
}

/** A function that writes a prompt as the columns of a model and their values; column 0 is the constant. */
export function toColumns(model: Pick<RouterModel, "means" | "spreads" | "buckets" | "rarities">) {
  const { means, spreads, buckets, rarities } = model;
  const places = new Map(buckets.map((bucket, index) => [bucket, index]));
  return (features: TextFeatures): [column: number, value: number][] => {
    const row: [number, number][] = [[0, 1]];
    for (const [index, value] of features.dense.entries())
      row.push([index + 1, standardised(value, means[index]!, spreads[index]!)]);
    const words: [number, number][] = [];
    for (const [bucket, times] of features.buckets) {
      const place = places.get(bucket);
      if (place !== undefined) words.push([1 + means.length + place, times * rarities[place]!]);
    }
    const length = Math.sqrt(words.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
    for (const [column, value] of words) row.push([column, value / length]);
    return row;
  };
}

/** A measure in units of its spread; far outside of what was trained on it counts as the edge. */
function standardised(value: number, mean: number, spread: number): number {
  return spread === 0 ? 0 : Math.max(-5, Math.min(5, (value - mean) / spread));
}

/** A function that gives the expected outcome of each model, 0..1. */
export function toPredictor(model: RouterModel): (features: TextFeatures) => Record<string, number> {
  const columnsOf = toColumns(model);
  return (features) => {
    const row = columnsOf(features);
    const outcomes = model.weights.map((weights) => {
      const sum = row.reduce((sum, [column, value]) => sum + weights[column]! * value, 0);
      return Math.max(0, Math.min(1, sum));
    });
    return Object.fromEntries(model.names.map((name, index) => [name, outcomes[index]!]));
  };
}
