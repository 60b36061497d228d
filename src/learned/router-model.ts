import { SHAPE_COUNT, SIZE_COUNT, type TextFeatures, textFeatures } from "./text-features.js";

/** A trained router as data: one linear model per name over shared columns. */
export interface RouterModel {
  readonly names: readonly string[];
  /** Dimensions of its embeddings; absent for a router that reads words. */
  readonly dimensions?: number;
  /** Mean and standard deviation of each dense measure in the examples. */
  readonly means: readonly number[];
  readonly spreads: readonly number[];
  /** Unique word buckets with a weight, and their rarity factors. */
  readonly buckets: readonly number[];
  readonly rarities: readonly number[];
  /** For each name: intercept, weights of dense measures, weights of buckets. */
  readonly weights: readonly (readonly number[])[];
}

/** Number of measures besides words and embeddings. */
export const MEASURE_COUNT = SIZE_COUNT + SHAPE_COUNT;

/** Extracts the measures of a prompt with its embedding, or with its words when there is no embedding. */
export function promptFeatures(prompt: string, vector?: readonly number[]): TextFeatures {
  const { dense, buckets } = textFeatures(prompt);
  return vector === undefined ? { dense, buckets } : { dense: [...dense, ...vector], buckets: new Map() };
}

/** Makes a function that converts features to `[column, value]` entries; column 0 is the intercept. */
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

/** Standardizes a measure; clamps values far outside the examples. */
function standardised(value: number, mean: number, spread: number): number {
  return spread === 0 ? 0 : Math.max(-5, Math.min(5, (value - mean) / spread));
}

/** Makes a function that predicts the outcome of each model, 0..1. */
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
