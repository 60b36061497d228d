import { SHAPE_COUNT, SIZE_COUNT, textFeatures } from "./text-features.js";

/** A trained router as data: linear models over the same columns, one for each name. */
export interface RouterModel {
  readonly names: readonly string[];
  /** Dimensions of the embeddings it was trained with; absent where it reads words. */
  readonly dimensions?: number;
  /** Mean and spread of each dense measure in the examples. */
  readonly means: readonly number[];
  readonly spreads: readonly number[];
  /** The buckets of words that have a weight, each once. */
  readonly buckets: readonly number[];
  /** For each name: the constant, a weight for each dense measure, a weight for each bucket. */
  readonly weights: readonly (readonly number[])[];
}

/** Measures a router has besides words and embeddings. */
export const MEASURE_COUNT = SIZE_COUNT + SHAPE_COUNT;

/** What a router reads of a prompt, before it is standardised. */
export interface PromptFeatures {
  readonly dense: readonly number[];
  readonly buckets: ReadonlyMap<number, number>;
}

/** The measures of a prompt with its embedding, or with its words where there is none. */
export function promptFeatures(prompt: string, vector?: readonly number[]): PromptFeatures {
  const { dense, buckets } = textFeatures(prompt);
  return vector === undefined ? { dense, buckets } : { dense: [...dense, ...vector], buckets: new Map() };
}

/** A dense measure in units of its spread; far outside of what was trained on it counts as the edge. */
export function standardised(value: number, mean: number, spread: number): number {
  return spread === 0 ? 0 : Math.max(-5, Math.min(5, (value - mean) / spread));
}

/** A function that gives the expected outcome of each model, 0..1. */
export function toPredictor({ names, means, spreads, buckets, weights }: RouterModel) {
  const places = new Map(buckets.map((bucket, index) => [bucket, 1 + means.length + index]));
  return (features: PromptFeatures): Record<string, number> => {
    const entries = names.map((name, model): [string, number] => {
      const own = weights[model]!;
      let sum = own[0]!;
      for (const [index, value] of features.dense.entries())
        sum += own[index + 1]! * standardised(value, means[index]!, spreads[index]!);
      for (const [bucket, value] of features.buckets) {
        const place = places.get(bucket);
        if (place !== undefined) sum += own[place]! * value;
      }
      return [name, Math.max(0, Math.min(1, sum))];
    });
    return Object.fromEntries(entries);
  };
}
