import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import type { Budget } from "../ledger/purse.js";
import { checkBudget } from "../resilience/budget.js";
import { checkContext } from "../state/check-context.js";
import { type Answering, answerHere } from "./answer-here.js";
import { budgetOfBatch } from "./batch-budget.js";
import { batchGraph } from "./batch-graph.js";
import type { BatchOptions } from "./batch-options.js";

const names = [
  ...([
    "graph",
    "queue",
    "inputs",
    "concurrency",
    "budget",
    "checkpointer",
    "done",
    "name",
    "context",
    "signal",
  ] as const),
  "onProgress",
] as const;

/** Items at once in a queue, which no process has to hold. */
const inQueue = 256;

/**
 * Checks the options of a batch, and returns its name and what answers.
 *
 * @throws {InvalidOptionError} at an option that is unknown, missing or out of its range
 */
export function checkBatch(options: BatchOptions): { readonly name: string; readonly answer: Answering } {
  checkKeys(options, "runBatch", names);
  const { graph, queue, inputs, concurrency, budget, checkpointer, done, name, context, signal, onProgress } = options;
  const check = (option: (typeof names)[number], ok: boolean, expected: string) => {
    if (!ok) throw new InvalidOptionError(`runBatch.${option}`, options[option], expected);
  };
  check("inputs", isIterable(inputs), "give a list, a generator or a stream of texts, conversations or { id, prompt }");
  check("concurrency", concurrency === undefined || isCount(concurrency), "give a whole number above 0");
  check("done", done === undefined || isIterable(done), "give the rows of an earlier try");
  check("name", name === undefined || (typeof name === "string" && name !== ""), "give a text");
  check("signal", signal === undefined || typeof signal?.addEventListener === "function", "give an AbortSignal");
  check("onProgress", onProgress === undefined || typeof onProgress === "function", "give a function");
  checkContext(context, "runBatch.context");
  if (queue !== undefined) {
    check("queue", typeof queue?.run === "function", "give what bullQueue(url) returns");
    for (const option of ["graph", "budget", "checkpointer"] as const)
      check(option, options[option] === undefined, "leave it out: the workers of the queue have it");
    const batch = name ?? "batch";
    return { name: batch, answer: { concurrency: inQueue, run: (item, until) => queue.run(batch, item, until) } };
  }
  const isSaver = (saver: unknown) => typeof (saver as { putWrites?: unknown } | null)?.putWrites === "function";
  check("checkpointer", checkpointer === undefined || isSaver(checkpointer), "give a checkpointer: new MemorySaver()");
  if (typeof budget === "number") check("budget", Number.isFinite(budget) && budget >= 0, "give dollars, at least 0");
  else checkBudget(budget, "runBatch.budget");
  if (graph === undefined) check("graph", false, "give a pattern or another graph over messages, or a queue");
  const known = batchGraph(graph!, checkpointer, "runBatch");
  const purse: Budget | undefined = typeof budget === "number" ? budgetOfBatch(budget) : budget;
  return { name: name ?? known.name, answer: answerHere(name ?? known.name, known, purse) };
}

function isIterable(value: unknown): boolean {
  const { [Symbol.iterator]: each, [Symbol.asyncIterator]: eachLater } = Object(value) as {
    readonly [Symbol.iterator]?: unknown;
    readonly [Symbol.asyncIterator]?: unknown;
  };
  return typeof value === "object" && (typeof each === "function" || typeof eachLater === "function");
}

const isCount = (value: unknown) => Number.isInteger(value) && (value as number) > 0;
