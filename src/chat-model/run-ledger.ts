import type { RunnableConfig } from "@langchain/core/runnables";
import { isGraphBubbleUp } from "@langchain/langgraph";
import { withoutSecrets } from "../errors/index.js";
import { writeAround } from "../langgraph/private-keys.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import type { GraphRun } from "./graph-run.js";

/** Writes the ledger of an answer or an error to the state of the agent around; LangGraph drops it if the step fails in the end. */
export function writeLedger(options: object, outcome: unknown): void {
  const { calls, decisions } = keptLedger(outcome);
  writeAround((options as RunnableConfig).configurable, { calls, decisions });
}

/** Attaches the ledger to an error when the graph could not (an abort, a discarded answer). */
export function withLedger(thrown: unknown, { calls, nested }: GraphRun): unknown {
  const error = isGraphBubbleUp(thrown) ? thrown : withoutSecrets(thrown);
  if (error !== thrown) keepLedger(error, keptLedger(thrown));
  if (!nested && keptLedger(error).calls.length === 0) keepLedger(error, { calls, decisions: [] });
  return error;
}
