import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import { refuseFactory } from "../../errors/refuse-factory.js";
import type { Model, ModelEntry } from "../../models/model.js";
import type { RunContext } from "../../state/run-context.js";
import { appendLine } from "../recordings/lines.js";
import type { Scorer } from "../scorers/scorer.js";
import { type Dataset, examplesOf } from "./dataset.js";
import { openEvaluation } from "./evaluation-file.js";
import { answered, type EvaluatedItem, idOf } from "./item.js";
import { type Cluster, type Report, reportOf } from "./report.js";
import { Spending } from "./spending.js";
import { targetOf } from "./target.js";
import { walk } from "./walk.js";

/** How far an evaluation is. */
export interface EvaluationProgress {
  readonly done: number;
  /** `undefined` for a dataset that is no list. */
  readonly total: number | undefined;
  readonly item: EvaluatedItem;
  /** USD of this start; `null` if a price is unknown. */
  readonly costUsd: number | null;
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** A pattern, compiled or not, a model, an agent or an entry. */
  readonly graph: Model | ModelEntry;
  /** Examples, a generator of them, or a `.jsonl` or `.csv` file. */
  readonly dataset: Dataset;
  /** Judges of the answers; `accuracy` is that of the first. */
  readonly scorers: readonly Scorer[];
  /** Name in tables. @default none */
  readonly name?: string;
  /** Questions at once. @default 8 */
  readonly concurrency?: number;
  /** Most USD of all runs, judges included; it ends before a call that could exceed it. @default no limit */
  readonly budgetUsd?: number;
  /** Lowest first score of a right answer, 0..1. @default 1 */
  readonly passingScore?: number;
  /** Name of a tag, or a function of the item: questions of one cluster are alike and drawn together. @default each stands alone */
  readonly cluster?: Cluster;
  /** Run context of every run. @default none */
  readonly context?: RunContext;
  /** Ends the evaluation; what is done is reported. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EvaluationProgress) => void;
  /** JSONL file of the items; those that it has are not run again. @default none */
  readonly file?: string;
}

const optionKeys = [
  ...(["graph", "dataset", "scorers", "name", "concurrency", "budgetUsd", "passingScore"] as const),
  ...(["cluster", "context", "signal", "onProgress", "file"] as const),
] as const;

/**
 * Answers a dataset with a graph and scores the answers: accuracy, cost, latency and calls by model, each with a 95 % interval.
 *
 * **When to use** - before you choose a model, a pattern or a threshold; on recorded answers it costs nothing (`replay`).
 * **Gotchas** - a run that fails is a wrong answer. With 200 questions, an accuracy near 96 % is known to ± 2.7 points, one near 70 % to
 * ± 6.3; the difference of two graphs on the same questions is known better: use `compare`. A scorer that throws leaves the answer
 * unscored. With `file` a killed evaluation goes on where it was; `budgetUsd` then holds for each start. A dataset that is a generator is
 * read as it is answered. More: docs/evaluation.md
 *
 * @example
 * ```ts
 * import { evaluate, number } from "langgraph-multimodel/evaluation";
 * const dataset = [{ input: "What is 3 * 6?", expected: 18 }];
 * const report = await evaluate({ graph: createCascade({ models: { small, large }, verify: agreement() }), dataset, scorers: [number()] });
 * report.accuracy; // { value: 1, low: 0.21, high: 1 }
 * ```
 * @throws {InvalidOptionError} when an option is invalid, the dataset has an invalid example, two have one id, or no answer got a score
 * @throws {InvalidModelError} when `graph` cannot answer messages
 * @throws {BudgetExceededError} when a model has no known price under `budgetUsd`
 */
export async function evaluate(options: EvaluateOptions): Promise<Report> {
  checkOptions(options);
  const { graph, dataset, scorers, name, concurrency = 8, budgetUsd, passingScore = 1 } = options;
  const { cluster, context = {}, signal, onProgress, file } = options;
  const spending = budgetUsd === undefined ? undefined : new Spending(budgetUsd);
  const target = targetOf(graph, "evaluate.graph", spending);
  const facts = { nodes: target.nodes, scorers: scorers.map((scorer) => scorer.name), passingScore };
  const known =
    file === undefined ? new Map() : openEvaluation(file, { ...(name !== undefined && { name }), ...facts });
  const items = new Map<string, EvaluatedItem>();
  const places = new Map<string, number>();
  const repeats = new Map<string, number>();
  let costUsd: number | null = 0;

  async function* open() {
    for await (const example of examplesOf(dataset, "evaluate.dataset")) {
      const made = idOf(example);
      const times = (repeats.get(made) ?? 0) + 1;
      repeats.set(made, times);
      if (times > 1 && example.id !== undefined) {
        throw new InvalidOptionError("evaluate.dataset: id", made, "two examples have it; give each an id of its own");
      }
      const id = times === 1 ? made : `${made}-${times}`;
      places.set(id, places.size);
      const kept: EvaluatedItem | undefined = known.get(id);
      if (kept === undefined || !isScored(kept)) yield { ...example, id };
      else items.set(id, kept);
    }
  }

  const settings = { target, scorers, passingScore, spending, context, signal };
  const isWhole = await walk(open(), {
    concurrency,
    isOver: () => signal?.aborted === true,
    work: async (example) => {
      const item = await answered(example, settings);
      if (typeof item === "string") return item !== "short";
      if (file !== undefined) appendLine(file, item);
      items.set(item.id, item);
      costUsd = costUsd === null || item.costUsd === null ? null : costUsd + item.costUsd;
      const total = Array.isArray(dataset) ? dataset.length : undefined;
      onProgress?.({ done: items.size, total, item, costUsd });
      return true;
    },
  });
  if (items.size === 0) signal?.throwIfAborted();
  const inOrder = [...items.values()].sort((one, other) => places.get(one.id)! - places.get(other.id)!);
  const stopped = isWhole ? undefined : signal?.aborted === true ? "aborted" : "budget";
  checkScored(inOrder, scorers[0]!.name, budgetUsd);
  return reportOf(inOrder, { name, cluster, ...(stopped && { stopped }) });
}

/** Returns false for an item whose scorer threw: it is done again. */
const isScored = ({ notes = {} }: EvaluatedItem) => Object.values(notes).every(({ error }) => error === undefined);

function checkScored(items: readonly EvaluatedItem[], scorer: string, budgetUsd: number | undefined): void {
  if (items.length === 0) {
    throw new InvalidOptionError(
      "evaluate.budgetUsd",
      budgetUsd,
      "it is too small for the first question; raise it, or set `maxOutputTokens` of entries",
    );
  }
  if (items.some(({ right }) => right !== null)) return;
  const reason = items[0]!.notes?.[scorer]?.error ?? "it always returned null";
  throw new InvalidOptionError(`evaluate.scorers: ${scorer}`, null, `no answer got a score: ${reason}`);
}

function checkOptions(options: EvaluateOptions): void {
  checkKeys(options, "evaluate", optionKeys);
  const { scorers, concurrency = 1, budgetUsd = 1, passingScore = 1, onProgress, file } = options;
  const refuse = (option: string, value: unknown, expected: string) => {
    throw new InvalidOptionError(`evaluate.${option}`, value, expected);
  };
  if (!Array.isArray(scorers) || scorers.length === 0 || scorers.some((each) => typeof each !== "function")) {
    refuse("scorers", scorers, "give a list of scorers: [number()], or functions of { input, output, expected }");
  }
  for (const [index, scorer] of scorers.entries()) refuseFactory(scorer, `evaluate.scorers[${index}]`);
  if (!(Number.isInteger(concurrency) && concurrency > 0))
    refuse("concurrency", concurrency, "give a whole number above 0");
  if (!(budgetUsd > 0)) refuse("budgetUsd", budgetUsd, "give USD above 0");
  if (!(passingScore > 0 && passingScore <= 1)) refuse("passingScore", passingScore, "give a score above 0, up to 1");
  if (onProgress !== undefined && typeof onProgress !== "function") refuse("onProgress", onProgress, "give a function");
  if (file !== undefined && typeof file !== "string") refuse("file", file, "give the path of a JSONL file");
}
