import { isGraphBubbleUp, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { taskLeft, tasksOf } from "../langgraph/namespace.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";

/**
 * Errors that ended a try of a task, by the ids of the tasks they went through: a `RetryPolicy` around a pattern begins it anew, and
 * nothing else hands on what was paid before. They live as long as the run, which its control object stands for.
 */
const tries = new WeakMap<object, Map<string, unknown>>();

/** Keeps what a try ended in, for the try that may follow. */
export function rememberTry(config: LangGraphRunnableConfig, error: unknown): void {
  const { control } = config;
  if (control === undefined || isGraphBubbleUp(error)) return; // never tried again
  const run = tries.get(control) ?? new Map<string, unknown>();
  tries.set(control, run);
  for (const id of tasksOf(config)) run.set(id, error);
}

/** Takes what was called and decided in earlier tries of a task around, or of this one; nothing where this is the first. */
export function takeTry(config: LangGraphRunnableConfig): Ledger {
  const run = config.control && tries.get(config.control);
  for (const id of run === undefined ? [] : tasksOf(config)) {
    const error = run!.get(id);
    if (taskLeft(error) !== id) continue; // what it called below failed, and it went on by itself
    for (const [task, each] of run!) if (each === error) run!.delete(task);
    return Ledger.of(keptLedger(error));
  }
  return new Ledger();
}
