import { InvalidOptionError } from "../../errors/index.js";
import type { Model, ModelEntry, Models } from "../../models/model.js";
import { type EvaluateOptions, evaluate } from "../runs/evaluate.js";
import type { Report } from "../runs/report.js";
import { formatEvaluation } from "./format-evaluation.js";

/** Makes a graph of some of the models, in their key order. */
export type SweptPattern = (models: Readonly<Record<string, Model | ModelEntry>>) => Model;

/** Options of `sweep`: those of `evaluate`, with models and patterns in the place of a graph. */
export interface SweepOptions extends Omit<EvaluateOptions, "graph" | "file" | "name"> {
  /** At most six. */
  readonly models: Models;
  /** By name: `{ cascade: (models) => createCascade({ models, verify: agreement() }) }`. */
  readonly patterns: Readonly<Record<string, SweptPattern>>;
  /** Fewest models of a pattern. @default 2 */
  readonly smallest?: number;
  /** Most models of a pattern. @default all */
  readonly largest?: number;
  /** Start of the names of the files of items, `out/sweep-`, so that a killed sweep goes on. @default none */
  readonly filePrefix?: string;
}

/** Reports of all combinations, and their table. */
export interface Sweep {
  /** Cheapest first; those of unknown cost last. */
  readonly reports: readonly (Report & { readonly name: string })[];
  readonly table: string;
}

const most = 6;

/**
 * Evaluates every model alone, and every pattern with every set of the models, on one dataset.
 *
 * **When to use** - a first look at a small set of models; best from recordings (`recordModels`, `replay`), where it costs nothing.
 * **Gotchas** - the best of many looks better than it is: decide on other questions than those it was chosen on. Models keep their key
 * order; with six models a pattern has 57 sets. `budgetUsd` holds for all of them together.
 *
 * @example
 * ```ts
 * import { number, sweep } from "langgraph-multimodel/evaluation";
 * const { table } = await sweep({
 *   models: { small, large },
 *   patterns: { cascade: (models) => createCascade({ models, verify: agreement() }) },
 *   dataset: [{ input: "What is 3 * 6?", expected: 18 }],
 *   scorers: [number()],
 * });
 * console.log(table);
 * ```
 * @throws {InvalidOptionError} when there are more than six models, or an option is invalid
 */
export async function sweep(options: SweepOptions): Promise<Sweep> {
  const { models, patterns, smallest = 2, largest = most, filePrefix, budgetUsd, ...settings } = options;
  const names = Object.keys(Object(models));
  if (names.length === 0 || names.length > most) {
    throw new InvalidOptionError("sweep.models", names.length, `give 1 to ${most} models`);
  }
  const combinations: { readonly name: string; readonly graph: Model | ModelEntry }[] = [
    ...names.map((name) => ({ name, graph: models[name]! })),
    ...Object.entries(Object(patterns) as SweepOptions["patterns"]).flatMap(([pattern, make]) =>
      subsets(names)
        .filter(({ length }) => length >= smallest && length <= largest)
        .map((set) => ({
          name: `${pattern} ${set.join(" + ")}`,
          graph: make(Object.fromEntries(set.map((name) => [name, models[name]!]))),
        })),
    ),
  ];
  const reports: (Report & { readonly name: string })[] = [];
  let left = budgetUsd;
  for (const { name, graph } of combinations) {
    const file = filePrefix === undefined ? {} : { file: `${filePrefix}${name.replaceAll(/[^\w.-]+/g, "-")}.jsonl` };
    const report = await evaluate({
      ...settings,
      ...file,
      graph,
      name,
      ...(left !== undefined && { budgetUsd: left }),
    });
    reports.push({ ...report, name });
    if (left !== undefined) left -= report.totalCostUsd ?? 0;
    if (report.stopped !== undefined || (left !== undefined && left <= 0)) break;
  }
  const costOf = ({ costUsd }: Report) => costUsd.value ?? Number.POSITIVE_INFINITY;
  reports.sort((one, other) => (costOf(one) < costOf(other) ? -1 : Number(costOf(one) > costOf(other))));
  return { reports, table: formatEvaluation(reports) };
}

/** Lists all subsets, each in the order of the names. */
function subsets(names: readonly string[]): string[][] {
  return Array.from({ length: 2 ** names.length }, (_, set) => names.filter((_name, place) => set & (1 << place)));
}
