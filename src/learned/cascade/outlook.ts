import { fitRidge, predictRow, toSparseMatrix } from "../ridge-regression.js";
import type { Example, Hint } from "./examples.js";

/** What the first answer and the tags say beside its content: straight lines in the logarithms of lengths, with a step for each tag. */
export interface Outlook {
  /** Means and deviations of the logarithms of output and input tokens. */
  readonly lengths: readonly (readonly [mean: number, deviation: number])[];
  /** Tags with a weight, as `name=value`. */
  readonly tags: readonly string[];
  /** Weights of the mean difficulty: intercept, output, input, tags. */
  readonly difficulty: readonly number[];
  /** Standard deviation that remains of the difficulty. */
  readonly deviation: number;
  /** By model, weights of the logarithm of its cost; the intercept makes the mean right. `null` for a model that costs nothing. */
  readonly costs: readonly (readonly number[] | null)[];
}

const PENALTIES = [1, 3, 10, 30, 100, 300, 1_000] as const;
const FOLDS = 5;
/** Penalty of the two slopes of a cost. */
const COST_PENALTY = 1;
/** Fewest questions of a tag that gets a weight. */
const LEAST_OF_TAG = 5;
const LEAST_DEVIATION = 0.5;

/**
 * Fits what the first answer of one model says of the difficulty and of the costs of all models.
 *
 * @param means posterior mean difficulty of each example
 * @param first number of the model that answers first
 */
export function fitOutlook(all: readonly Example[], means: readonly number[], first: number): Outlook {
  const kept = all.flatMap((example, index) => (example.hints[first] === undefined ? [] : [index]));
  const hints = kept.map((index) => all[index]!.hints[first]!);
  const lengths = [
    momentsOf(hints.map(({ outputTokens }) => Math.log1p(outputTokens))),
    momentsOf(hints.map(({ inputTokens }) => Math.log1p(inputTokens))),
  ];
  const counts = new Map<string, number>();
  for (const { tags } of hints) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const tags = [...counts].filter(([, count]) => count >= LEAST_OF_TAG).map(([tag]) => tag);
  const frame = { lengths, tags: tags.sort() };
  const targets = kept.map((index) => means[index]!);
  const rows = hints.map((hint) => rowOf(frame, hint));
  const difficulty = fitDifficulty(rows, targets, 3 + tags.length);
  const [, spread] = momentsOf(rows.map((row) => dot(row, difficulty)));
  const deviation = Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, 1 - spread ** 2)));
  const costs = all[0]!.costs.map((_, model) => {
    const paid = kept.flatMap((index, place) => (all[index]!.costs[model]! > 0 ? [place] : []));
    return fitCost(
      paid.map((place) => rows[place]!.slice(0, 3)),
      paid.map((place) => all[kept[place]!]!.costs[model]!),
    );
  });
  return { ...frame, difficulty, deviation, costs };
}

/** Returns the mean difficulty of a question, given a hint. */
export const expectedDifficulty = (outlook: Outlook, hint: Hint): number =>
  dot(rowOf(outlook, hint), outlook.difficulty);

/** Returns the expected cost of each model, in the unit of the examples. */
export function expectedCosts(outlook: Outlook, hint: Hint): number[] {
  const row = rowOf(outlook, hint).slice(0, 3);
  return outlook.costs.map((weights) => (weights === null ? 0 : Math.exp(dot(row, weights))));
}

type Row = readonly (readonly [column: number, value: number])[];

function rowOf({ lengths, tags }: Pick<Outlook, "lengths" | "tags">, hint: Hint): Row {
  const logs = [Math.log1p(hint.outputTokens), Math.log1p(hint.inputTokens)];
  const scaled = lengths.map(([mean, deviation], index): [number, number] => {
    const value = deviation === 0 ? 0 : (logs[index]! - mean) / deviation;
    return [1 + index, Math.min(4, Math.max(-4, value))]; // no answer is so long that it says more
  });
  const known = hint.tags.map((tag) => tags.indexOf(tag)).filter((at) => at >= 0);
  return [[0, 1], ...scaled, ...known.map((at): [number, number] => [3 + at, 1])];
}

const dot = (row: Row, weights: readonly number[]) =>
  row.reduce((sum, [column, value]) => sum + value * weights[column]!, 0);

/** Fits a ridge regression whose penalty is chosen by cross-validation. */
function fitDifficulty(rows: readonly Row[], targets: readonly number[], width: number): number[] {
  const matrix = toSparseMatrix(rows, width);
  const goals = Float64Array.from(targets);
  const places = rows.map((_, place) => place);
  const fitOn = (from: readonly number[], penalty: number) => {
    const penalties = new Float64Array(width).fill(penalty, 1);
    return fitRidge({ matrix, rows: from, targets: goals, penalties });
  };
  const errors = PENALTIES.map((penalty) => {
    let error = 0;
    for (let fold = 0; fold < FOLDS; fold++) {
      const weights = fitOn(
        places.filter((place) => place % FOLDS !== fold),
        penalty,
      );
      for (let place = fold; place < rows.length; place += FOLDS)
        error += (goals[place]! - predictRow(matrix, place, weights)) ** 2;
    }
    return error;
  });
  return Array.from(fitOn(places, PENALTIES[errors.indexOf(Math.min(...errors))]!));
}

/** Fits a line to the logarithms of costs, then shifts it so that its costs have the mean of the real ones. */
function fitCost(rows: readonly Row[], costs: readonly number[]): number[] | null {
  if (rows.length === 0) return null;
  const matrix = toSparseMatrix(rows, 3);
  const targets = Float64Array.from(costs, Math.log);
  const penalties = Float64Array.of(0, COST_PENALTY, COST_PENALTY);
  const places = rows.map((_, place) => place);
  const [level, ...slopes] = Array.from(fitRidge({ matrix, rows: places, targets, penalties }));
  const fitted = rows.map((row) => Math.exp(dot(row, [level!, ...slopes])));
  return [level! + Math.log(sum(costs) / sum(fitted)), ...slopes];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function momentsOf(values: readonly number[]): [mean: number, deviation: number] {
  const mean = sum(values) / (values.length || 1);
  const square = sum(values.map((value) => (value - mean) ** 2)) / (values.length || 1);
  return [mean, square < 1e-12 ? 0 : Math.sqrt(square)];
}
