import { BudgetExceededError } from "../errors/index.js";
import type { Budget } from "../ledger/purse.js";
import { totalTokens } from "../ledger/totals.js";
import { forItem } from "./batch-budget.js";
import type { BatchGraph } from "./batch-graph.js";
import { type BatchItem, messagesOf } from "./batch-input.js";
import { notRun, type RowData, rowData } from "./batch-row.js";
import { keyOf } from "./key-of.js";
import { runItem } from "./run-item.js";

/** Answers the items of a batch. */
export interface Answering {
  /** Items at once, where the batch does not say. */
  readonly concurrency: number;
  /** Answers an item; `undefined` if it was aborted before anything was paid. */
  run(item: BatchItem, signal: AbortSignal): Promise<RowData | undefined>;
}

/** Answers items in this process. An item that the budget has no room for is tried again while others may leave some of theirs. */
export function answerHere(name: string, graph: BatchGraph, budget: Budget | undefined): Answering {
  let running = 0;
  let spent = false;
  let waiting: (() => void)[] = [];

  async function run(item: BatchItem, signal: AbortSignal): Promise<RowData | undefined> {
    const threadId = graph.isSaved ? keyOf(name, item, graph.fingerprint) : undefined;
    const messages = messagesOf(item.asked);
    const { context } = item;
    for (;;) {
      if (spent) return notRun(exceeded(budget!));
      const own = budget && forItem(budget);
      running++;
      const outcome = await runItem(graph, { messages, signal, context, threadId, budget: own });
      running--;
      const { error, calls } = outcome;
      const isRefused = error !== undefined && own?.refused() === true && !signal.aborted;
      if (isRefused && running === 0) spent = true;
      if (!isRefused || spent) wakeAll(); // one that is refused leaves nothing to the others
      if (isRefused && running > 0 && calls.length === 0) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      const isCut = error !== undefined && signal.aborted;
      if (isCut && totalTokens(calls).totalTokens === 0) return undefined; // the next try starts it from scratch
      return { ...rowData(outcome), ...(threadId !== undefined && { threadId }) };
    }
  }

  function wakeAll(): void {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  return { concurrency: 16, run };
}

function exceeded({ name, limitUsd, purse }: Budget): BudgetExceededError {
  const used = purse({}, [])?.used() ?? limitUsd;
  return new BudgetExceededError({ path: "", reason: `not run: ${name} has no room left` }, limitUsd, used);
}
