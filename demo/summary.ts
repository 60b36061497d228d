import { savings } from "langgraph-multimodel";
import type { RecordedAnswers } from "./recorded-answers.js";
import type { StrategyResult } from "./run-strategy.js";
import { pairedDifference, strongShare, wilsonInterval } from "./statistics.js";
import { STRONG, shortName } from "./strategies.js";

/** One line of the table; all costs are USD. */
export interface Row {
  readonly name: string;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
  /** 95 % Wilson interval of the accuracy; absent for what was computed and not run. */
  readonly interval?: readonly [lower: number, upper: number];
  readonly costPer1000: number;
  readonly callsPerQuestion: number;
  /** 0..1, of the cost of the strong model alone. */
  readonly saved: number;
}

/** How a strategy does against another one on the same questions. */
export interface Comparison extends ReturnType<typeof pairedDifference> {
  readonly other: string;
  /** Cost of the strategy as a multiple of the other's. */
  readonly costRatio: number;
}

/** Adds up a result. */
export function toRow(result: StrategyResult, strongCost: number): Row {
  const { strategy, runs, calls, cost } = result;
  const right = runs.filter((run) => run.right).length;
  return {
    name: strategy.name,
    accuracy: right / runs.length,
    interval: wilsonInterval(right, runs.length),
    costPer1000: (cost / runs.length) * 1000,
    callsPerQuestion: calls.length / runs.length,
    saved: 1 - cost / strongCost,
  };
}

/** What a random mix gives on average over all seeds: the weighted mean of its two models. */
export function expectedMix(cheap: Row, strong: Row, share: number): Row {
  const mean = (read: (row: Row) => number) => share * read(strong) + (1 - share) * read(cheap);
  return {
    name: "random mix, expected",
    accuracy: mean((row) => row.accuracy),
    costPer1000: mean((row) => row.costPer1000),
    callsPerQuestion: mean((row) => row.callsPerQuestion),
    saved: mean((row) => row.saved),
  };
}

/** The share of questions for the strong model at which a random mix costs what a strategy cost. */
export function shareAtCostOf(target: StrategyResult, cheap: StrategyResult, strong: StrategyResult): number {
  return strongShare({ cheap: cheap.cost, strong: strong.cost, target: target.cost });
}

/**
 * Compares a result with each other one, and with a random mix of the strong model and each cheaper single one at the
 * same cost, on average over all seeds.
 */
export function compare(
  result: StrategyResult,
  others: readonly StrategyResult[],
  { cheap, strong }: { readonly cheap: readonly StrategyResult[]; readonly strong: StrategyResult },
): Comparison[] {
  const scores = scoresOf(result);
  const measured = others.map((other) => ({
    other: other.strategy.name,
    costRatio: result.cost / other.cost,
    ...pairedDifference(scores, scoresOf(other)),
  }));
  const mixed = cheap.map((single) => {
    const share = shareAtCostOf(result, single, strong);
    const strongScores = scoresOf(strong);
    const chances = scoresOf(single).map((score, index) => share * strongScores[index]! + (1 - share) * score);
    const [first, second] = [single, strong].map(({ strategy }) => shortName(strategy.models[0]!));
    return {
      other: `mix ${first}, ${second}`,
      costRatio: result.cost / (share * strong.cost + (1 - share) * single.cost),
      ...pairedDifference(scores, chances),
    };
  });
  return [...measured, ...mixed];
}

function scoresOf({ runs }: StrategyResult): number[] {
  return runs.map(({ right }) => (right ? 1 : 0));
}

/** The saving that the ledger alone tells, without a run of the strong model to hold it against; 0..1. */
export function estimatedSaving({ calls }: StrategyResult, recorded: RecordedAnswers): number {
  const { savedPercent } = savings(calls, { against: recorded.models.get(STRONG)!.price });
  if (savedPercent === null) throw new Error(`The list price of ${STRONG} is unknown.`);
  return savedPercent / 100;
}

/** Names of the rows whose intervals keep clear of that of a row. */
export function distinctFrom({ interval }: Row, rows: readonly Row[]): string[] {
  if (interval === undefined) return [];
  return rows
    .filter((row) => row.interval !== undefined)
    .filter((row) => row.interval![0] > interval[1] || interval[0] > row.interval![1])
    .map(({ name }) => name);
}
