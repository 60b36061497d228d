import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Callbacks } from "@langchain/core/callbacks/manager";
import { observed } from "../events/publish.js";
import { noteTracedDecision } from "../langgraph/tracer-costs.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** A callback handler that gets the ledger of its run beside the callbacks. */
export interface LedgerReader {
  /**
   * Called with each call as it begins, before its run in LangChain if it has one: that run has the id of the call.
   *
   * @param nodeRunId run of the node that calls
   */
  callBegan(call: ModelCall, nodeRunId: string | undefined): void;
  /**
   * Called with each decision.
   *
   * @param nodeRunId run of the node that decided
   */
  decided(decision: Decision, turnId: string, nodeRunId: string | undefined): void;
}

interface Run {
  readonly callbacks?: Callbacks | undefined;
}

/** Gives a call that begins to the handlers that read the ledger. */
export function showCall(run: Run, call: ModelCall): void {
  for (const { reader, runId } of readersOf(run)) observed(() => reader.callBegan(call, runId));
}

/** Gives a decision to the handlers that read the ledger, and to Langfuse's. */
export function showDecision(run: Run, decision: Decision, turnId: string): void {
  noteTracedDecision(run.callbacks, decision);
  for (const { reader, runId } of readersOf(run)) observed(() => reader.decided(decision, turnId, runId));
}

/** Finds the readers among the callbacks of a node; the usual run has none. */
function readersOf({ callbacks }: Run): readonly { readonly reader: LedgerReader; readonly runId?: string }[] {
  if (callbacks === undefined || Array.isArray(callbacks)) return [];
  const readers = (callbacks.handlers as readonly (BaseCallbackHandler & Partial<LedgerReader>)[]).filter(isReader);
  if (readers.length === 0) return [];
  const runId = callbacks.getParentRunId();
  return readers.map((reader) => ({ reader, ...(runId && { runId }) }));
}

function isReader(handler: Partial<LedgerReader>): handler is BaseCallbackHandler & LedgerReader {
  return typeof handler.callBegan === "function";
}
