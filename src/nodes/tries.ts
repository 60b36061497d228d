import { isGraphBubbleUp, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { taskLeft, tasksOf } from "../langgraph/namespace.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";

/**
 * Errors of failed tries, by the ids of the tasks they passed, for each run (its control object). When a `RetryPolicy` starts a
 * pattern again, only these errors still know the calls that were paid for.
 */
const tries = new WeakMap<object, Map<string, unknown>>();

/** Stores the error of a try for a try that may follow. */
export function rememberTry(config: LangGraphRunnableConfig, error: unknown): void {
  const { control } = config;
  if (control === undefined || isGraphBubbleUp(error)) return; // LangGraph does not retry it
  const run = tries.get(control) ?? new Map<string, unknown>();
  tries.set(control, run);
  for (const id of tasksOf(config)) run.set(id, error);
}

/** Returns, once, the ledger of earlier tries of this task or of one around it; it is empty on the first try. */
export function takeTry(config: LangGraphRunnableConfig): Ledger {
  const run = config.control && tries.get(config.control);
  for (const id of run === undefined ? [] : tasksOf(config)) {
    const error = run!.get(id);
    if (taskLeft(error) !== id) continue; // the error ended a nested task, not this one
    for (const [task, each] of run!) if (each === error) run!.delete(task);
    return Ledger.of(keptLedger(error));
  }
  return new Ledger();
}
