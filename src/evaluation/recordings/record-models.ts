import { existsSync } from "node:fs";
import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import type { Models } from "../../models/model.js";
import { type Dataset, type Example, examplesOf, messagesOf } from "../runs/dataset.js";
import { answered, idOf } from "../runs/item.js";
import { Spending } from "../runs/spending.js";
import { type Target, targetOf } from "../runs/target.js";
import { walk } from "../runs/walk.js";
import { appendLine, endLastLine, linesOf } from "./lines.js";
import { plainMessages, type RecordedCall } from "./recorded-call.js";
import { parsedLine } from "./recording-index.js";

/** How far a recording is. */
export interface RecordingProgress {
  /** Examples that every model answered, those of earlier starts too. */
  readonly done: number;
  /** `undefined` for a dataset that is no list. */
  readonly total: number | undefined;
  /** USD of this start; `null` if a price is unknown. */
  readonly costUsd: number | null;
}

/** Options of `recordModels`. */
export interface RecordModelsOptions {
  /** Models by the names they get in the file. */
  readonly models: Models;
  readonly dataset: Dataset;
  /** JSONL file of recordings; examples that it has are not asked again. */
  readonly file: string;
  /** Most USD of this start; it ends before a call that could exceed it. @default no limit */
  readonly budgetUsd?: number;
  /** Examples at once; each asks all models. @default 4 */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RecordingProgress) => void;
}

/** What `recordModels` did. */
export interface RecordedModels {
  /** Examples in the file with an answer of every model. */
  readonly examples: number;
  /** Answers of this start, failed ones too. */
  readonly answers: number;
  readonly failed: number;
  /** USD of this start; `null` if a price is unknown. */
  readonly costUsd: number | null;
  /** Set if it ended before the dataset did. */
  readonly stopped?: "budget" | "aborted";
}

/**
 * Asks every model every example once, and writes one line an example: question, expected answer, and the answers of all models with
 * tokens, cost and time.
 *
 * **When to use** - once, before `replay`, `evaluate`, `sweep`, `calibrate` or `trainCascade`, which then cost nothing.
 * **Gotchas** - an example is written when all models have answered it; a killed recording goes on at the next one, and repeats those in
 * flight. A model that is added later is asked alone, in lines of its own. An answer that failed is written with its error, and not asked
 * again: delete its line for that. Settings of entries hold, such as `parameters`, `retry` and `limit`.
 *
 * @example
 * ```ts
 * import { recordModels } from "langgraph-multimodel/evaluation";
 * const dataset = [{ input: "What is 3 * 6?", expected: 18 }, { input: "What is 2 + 2?", expected: 4 }];
 * const { examples, costUsd } = await recordModels({ models: { small, large }, dataset, file: "recorded.jsonl", budgetUsd: 5 });
 * ```
 * @throws {InvalidOptionError} when an option is invalid, or the dataset has an invalid example
 * @throws {BudgetExceededError} when a model has no known price under `budgetUsd`
 */
export async function recordModels(options: RecordModelsOptions): Promise<RecordedModels> {
  checkOptions(options);
  const { models, dataset, file, budgetUsd, concurrency = 4, signal, onProgress } = options;
  const spending = budgetUsd === undefined ? undefined : new Spending(budgetUsd);
  const names = Object.keys(models);
  const targets = names.map(
    (name) => [name, targetOf(models[name]!, `recordModels.models.${name}`, spending)] as const,
  );
  const known = answersIn(file, names);
  let [examples, answers, failed] = [0, 0, 0];
  let costUsd: number | null = 0;

  async function* open(): AsyncGenerator<Open> {
    for await (const example of examplesOf(dataset, "recordModels.dataset")) {
      const id = idOf(example);
      const done = known.get(id) ?? 0;
      const missing = targets.filter((_target, place) => (done & (1 << place)) === 0);
      if (missing.length > 0) yield { ...example, id, missing };
      else examples++;
    }
  }

  const settings = { scorers: [], passingScore: 1, spending, context: {}, signal };
  const isWhole = await walk(open(), {
    concurrency,
    isOver: () => signal?.aborted === true,
    work: async (example) => {
      const items = await Promise.all(
        example.missing.map(
          async ([name, target]) => [name, await answered(example, { ...settings, target })] as const,
        ),
      );
      if (items.some(([, item]) => item === "short")) return false;
      const calls = items.flatMap(([name, item]): [string, RecordedCall][] =>
        typeof item === "string" ? [] : [[name, recordedCall(item)]],
      );
      if (calls.length < items.length) return true; // aborted
      appendLine(file, lineOf(example, calls));
      examples++;
      answers += calls.length;
      failed += calls.filter(([, { error }]) => error !== undefined).length;
      for (const [, item] of items) {
        const cost = typeof item === "string" ? 0 : item.costUsd;
        costUsd = costUsd === null || cost === null ? null : costUsd + cost;
      }
      onProgress?.({ done: examples, total: Array.isArray(dataset) ? dataset.length : undefined, costUsd });
      return true;
    },
  });
  const stopped = isWhole ? undefined : signal?.aborted === true ? "aborted" : "budget";
  return { examples, answers, failed, costUsd, ...(stopped && { stopped }) };
}

/** An example with the models that have not answered it. */
interface Open extends Example {
  readonly id: string;
  readonly missing: readonly (readonly [string, Target])[];
}

function lineOf({ id, input, expected, tags }: Open, calls: readonly (readonly [string, RecordedCall])[]): object {
  return {
    id,
    input: typeof input === "string" ? input : plainMessages(messagesOf(input)),
    ...(expected !== undefined && { expected }),
    ...(tags !== undefined && { tags }),
    answers: Object.fromEntries(calls),
  };
}

/** Describes an answered example; a call that a retry repeated counts with its cost. */
function recordedCall(item: Exclude<Awaited<ReturnType<typeof answered>>, string>): RecordedCall {
  const { output: text, calls, costUsd, latencyMs, error } = item;
  const usage = calls.findLast((call) => call.status === "ok")?.usage;
  const served = calls.at(-1)?.model;
  return {
    text,
    ...(served !== undefined && { model: served }),
    ...(usage && { usage: { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens } }),
    ...(costUsd !== null && { costUsd }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(error !== undefined && { error }),
  };
}

/** Reads which models answered which example, as bits by their order. */
function answersIn(file: string, names: readonly string[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  if (!existsSync(file)) return known;
  endLastLine(file);
  for (const { text } of linesOf(file)) {
    const line = parsedLine(text);
    if (line?.id === undefined) continue;
    const bits = names.reduce((all, name, place) => (Object.hasOwn(line.answers, name) ? all | (1 << place) : all), 0);
    known.set(line.id, (known.get(line.id) ?? 0) | bits);
  }
  return known;
}

function checkOptions(options: RecordModelsOptions): void {
  checkKeys(options, "recordModels", [
    ...(["models", "dataset", "file", "budgetUsd", "concurrency", "signal", "onProgress"] as const),
  ]);
  const { models, file, budgetUsd = 1, concurrency = 1 } = options;
  const refuse = (option: string, value: unknown, expected: string) => {
    throw new InvalidOptionError(`recordModels.${option}`, value, expected);
  };
  const count = Object.keys(Object(models)).length;
  if (Array.isArray(models) || count === 0 || count > 30)
    refuse("models", count, "give 1 to 30 models by name: { small, large }");
  if (typeof file !== "string" || file === "") refuse("file", file, "give the path of a JSONL file");
  if (!(budgetUsd > 0)) refuse("budgetUsd", budgetUsd, "give USD above 0");
  if (!(Number.isInteger(concurrency) && concurrency > 0))
    refuse("concurrency", concurrency, "give a whole number above 0");
}
