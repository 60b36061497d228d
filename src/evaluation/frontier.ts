import { InvalidOptionError } from "../errors/index.js";
import { type FrontierOptions, frontierChart } from "./frontier-chart.js";
import type { Recording } from "./recording.js";
import type { Report } from "./runs/report.js";
import type { Estimate } from "./statistics/estimate.js";
import { normalQuantile } from "./statistics/normal.js";
import { wilson } from "./statistics/shares.js";

/** One model, graph or bound on the plane of cost and accuracy. */
export interface FrontierEntry {
  readonly name: string;
  /** `oracle`: of each question the cheapest right answer, which is known only afterwards. */
  readonly kind: "model" | "graph" | "oracle";
  /** Mean USD per question. */
  readonly costUsd: number;
  /** Share of right answers, with its 95 % interval. */
  readonly accuracy: Estimate;
  /** Accuracy of single models drawn at random, in the best mix of equal cost. */
  readonly randomMix: number;
  /** True if nothing here is as accurate for less. */
  readonly onFrontier: boolean;
}

/** Cost against quality: what is worth its price, and what a random mix of single models gives for it. */
export interface Frontier {
  /** From the cheapest. */
  readonly entries: readonly FrontierEntry[];
  /** Corners of the best random mixes: single models, from the cheapest to the most accurate. */
  readonly mix: readonly { readonly costUsd: number; readonly accuracy: number }[];
}

export interface FrontierSources {
  /** Recorded answers: each model alone, and the oracle. @default none */
  readonly recordings?: readonly Recording[];
  /** Judges a recorded answer; needed with `recordings`. */
  readonly score?: (text: string, expected: unknown) => boolean | number;
  /** Reports of `evaluate` by name, on the same questions. @default none */
  readonly reports?: Readonly<Record<string, Report>>;
  /** Names of `reports` that are single models, for the random mix. @default those that called one model once a question */
  readonly models?: readonly string[];
}

/**
 * Sets cost against quality for single models and graphs, with the random mix of equal cost beside each and the oracle.
 *
 * **When to use** - before a pattern is praised: what single models, drawn at random, give for the same money is what it has to beat.
 * **Gotchas** - give results of the same questions; intervals of one point say little about the difference of two (use `compare`).
 *
 * @example
 * ```ts
 * import { frontier, plotFrontier } from "langgraph-multimodel/evaluation";
 * const recordings = [1, 2, 3].map((n) => ({
 *   input: `${n} + 1`,
 *   expected: `${n + 1}`,
 *   answers: { small: { text: n < 3 ? `${n + 1}` : "5", costUsd: 0.001 }, large: { text: `${n + 1}`, costUsd: 0.01 } },
 * }));
 * const points = frontier({ recordings, score: (text, expected) => text === expected });
 * const svg = plotFrontier(points);
 * ```
 * @throws {InvalidOptionError} when there is no source, no `score`, or a cost is unknown
 */
export function frontier({ recordings = [], score, reports = {}, models }: FrontierSources): Frontier {
  const found = [...recordedPoints(recordings, score), ...reportedPoints(reports, models)];
  if (found.length === 0)
    throw new InvalidOptionError("frontier", recordings, "give `recordings` with `score`, or `reports`");
  const mix = cornersOf(found.filter(({ kind }) => kind === "model"));
  const real = found.filter(({ kind }) => kind !== "oracle");
  const entries = found
    .map((point) => ({
      ...point,
      randomMix: mixAt(mix, point.costUsd),
      onFrontier: real.includes(point) && !real.some((other) => beats(other, point)),
    }))
    .toSorted((one, other) => one.costUsd - other.costUsd);
  return { entries, mix };
}

/**
 * Draws a frontier as SVG: single models and graphs with their intervals, the oracle, and the random mix as a dotted line.
 *
 * **When to use** - for a page or a report; `inDark` of `langgraph-multimodel/report` recolours it for dark pages.
 *
 * @returns SVG text without a prolog, deterministic
 * @example
 * ```ts
 * import { frontier, plotFrontier } from "langgraph-multimodel/evaluation";
 * const answers = { small: { text: "4", costUsd: 0.001 }, large: { text: "4", costUsd: 0.01 } };
 * const svg = plotFrontier(frontier({ recordings: [{ input: "2 + 2", expected: "4", answers }], score: (text, expected) => text === expected }));
 * ```
 * @throws {RangeError} when texts or labels do not fit
 */
export function plotFrontier({ entries, mix }: Frontier, options: FrontierOptions = {}): string {
  const scale = 1_000; // of the axis: USD for 1,000 questions
  const points = entries.map(({ name, kind, costUsd, accuracy }) => ({
    name,
    cost: costUsd * scale,
    accuracy: accuracy.value,
    interval: [Math.max(0, accuracy.low), Math.min(1, accuracy.high)] as const,
    ...(kind === "graph" && { highlight: true }),
    ...(kind === "oracle" && { bound: true }),
  }));
  return frontierChart(points, {
    subtitle: "dotted: single models drawn at random, in the best mix of each cost",
    mix: mix.map(({ costUsd, accuracy }) => ({ cost: costUsd * scale, accuracy })),
    ...options,
  });
}

type Found = Pick<FrontierEntry, "name" | "kind" | "costUsd" | "accuracy">;

const z = normalQuantile(0.975);

function recordedPoints(recordings: readonly Recording[], score: FrontierSources["score"]): Found[] {
  if (recordings.length === 0) return [];
  if (score === undefined)
    throw new InvalidOptionError("frontier.score", score, "give a function (text, expected) => boolean");
  const names = [...new Set(recordings.flatMap(({ answers }) => Object.keys(answers)))];
  const graded = recordings.map(({ answers, expected }, at) =>
    names.map((name) => {
      const answer = answers[name];
      if (answer?.costUsd === undefined)
        throw new InvalidOptionError(
          `frontier.recordings[${at}].answers.${name}.costUsd`,
          undefined,
          "give the USD of every answer",
        );
      return { right: answer.error === undefined ? Number(score(answer.text, expected)) : 0, costUsd: answer.costUsd };
    }),
  );
  const pointOf = (
    name: string,
    kind: Found["kind"],
    answers: readonly { right: number; costUsd: number }[],
  ): Found => {
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const right = sum(answers.map((answer) => answer.right));
    return {
      name,
      kind,
      costUsd: sum(answers.map(({ costUsd }) => costUsd)) / answers.length,
      accuracy: wilson(right, answers.length, z),
    };
  };
  const oracle = graded.map((row) => {
    const pool = row.some(({ right }) => right === 1) ? row.filter(({ right }) => right === 1) : row;
    return pool.reduce((one, other) => (other.costUsd < one.costUsd ? other : one));
  });
  const singles = names.map((name, model) =>
    pointOf(
      name,
      "model",
      graded.map((row) => row[model]!),
    ),
  );
  return [...singles, pointOf("oracle", "oracle", oracle)];
}

function reportedPoints(reports: Readonly<Record<string, Report>>, models: readonly string[] | undefined): Found[] {
  return Object.entries(reports).map(([name, { costUsd, accuracy, items, byModel }]) => {
    if (costUsd.value === null)
      throw new InvalidOptionError(`frontier.reports.${name}.costUsd`, null, "give every model a price");
    const isSingle = Object.keys(byModel).length === 1 && items.every(({ calls }) => calls.length <= 1);
    const kind = (models?.includes(name) ?? isSingle) ? "model" : "graph";
    return { name, kind, costUsd: costUsd.value, accuracy };
  });
}

function beats(one: Found, other: Found): boolean {
  if (one.accuracy.value < other.accuracy.value || one.costUsd > other.costUsd) return false;
  return one.accuracy.value > other.accuracy.value || one.costUsd < other.costUsd;
}

/** Returns the corners of the upper concave hull, up to the most accurate. */
function cornersOf(singles: readonly Found[]): Frontier["mix"] {
  const corners: { costUsd: number; accuracy: number }[] = [];
  const slope = (from: number, to: { costUsd: number; accuracy: number }) =>
    (to.accuracy - corners[from]!.accuracy) / (to.costUsd - corners[from]!.costUsd);
  const sorted = singles.toSorted(
    (one, other) => one.costUsd - other.costUsd || other.accuracy.value - one.accuracy.value,
  );
  for (const { costUsd, accuracy } of sorted) {
    const corner = { costUsd, accuracy: accuracy.value };
    if (corners.length > 0 && corner.accuracy <= corners.at(-1)!.accuracy) continue;
    while (corners.length > 1 && slope(corners.length - 2, corners.at(-1)!) <= slope(corners.length - 2, corner))
      corners.pop();
    corners.push(corner);
  }
  return corners;
}

function mixAt(corners: Frontier["mix"], costUsd: number): number {
  const above = corners.findIndex((corner) => corner.costUsd >= costUsd);
  if (corners.length === 0) return Number.NaN;
  if (above <= 0) return corners.at(above)!.accuracy; // cheaper than all, or dearer: -1 is the last
  const [from, to] = [corners[above - 1]!, corners[above]!];
  return from.accuracy + ((costUsd - from.costUsd) / (to.costUsd - from.costUsd)) * (to.accuracy - from.accuracy);
}
