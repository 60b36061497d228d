import type { BaseMessage } from "@langchain/core/messages";
import { GraphInterrupt, INTERRUPT, isInterrupted, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { reserveFor } from "../calls/budgeted.js";
import { callerConfigurable } from "../calls/nested-run.js";
import { InvalidModelError } from "../errors/index.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";
import type { Budget } from "../ledger/purse.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { RunContext } from "../state/run-context.js";
import { LedgerHandler } from "../tracing/ledger-handler.js";
import type { BatchGraph } from "./batch-graph.js";
import type { RunOutcome } from "./batch-row.js";

/** One run of a batch. */
export interface ItemRun {
  readonly messages: readonly BaseMessage[];
  readonly signal: AbortSignal;
  readonly context?: RunContext | undefined;
  readonly budget?: Budget | undefined;
  /** Thread of the graph's checkpointer; a run that is half done there goes on. */
  readonly threadId?: string | undefined;
}

type FinalState = Partial<OrchestrationState>;

/** Runs a graph once. Returns a failure instead of throwing it, since it may have cost something. */
export async function runItem(graph: BatchGraph, run: ItemRun): Promise<RunOutcome> {
  const ledger = new Ledger(); // filled during the run, since a run that fails returns no state
  try {
    const state = await finalState(graph, run, ledger);
    const { messages = [], modelUsed, confidence = null, decisions = [], calls = ledger.calls } = state;
    const answer = messages.at(-1);
    if (answer === undefined)
      throw new InvalidModelError(`${graph.name} ended without a message; its last node must add one`);
    return { text: answer.text, modelUsed, confidence, decisions, calls };
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve, 0)); // lets aborted calls write their lines of the ledger
    const { calls, decisions } = Ledger.of(ledger, keptLedger(error));
    return { error, text: "", modelUsed: undefined, confidence: null, decisions, calls };
  }
}

async function finalState(graph: BatchGraph, run: ItemRun, ledger: Ledger): Promise<FinalState> {
  const { messages, context, budget, threadId } = run;
  const signal = AbortSignal.any([run.signal]); // a signal of its own, so that listeners do not pile up on a longer-lived one
  const handler = graph.isPattern ? undefined : handlerOf(graph.name, { ledger, signal, budget, context });
  const caller = { options: {}, ledger, budget, opaque: !graph.isPattern };
  const thread = threadId === undefined ? {} : { thread_id: threadId };
  const config: LangGraphRunnableConfig = {
    signal,
    ...(context && { context }),
    ...(handler && { callbacks: [handler] }),
    ...(threadId !== undefined && { durability: "sync" }), // what is paid is saved before the next call
    configurable: callerConfigurable(thread, caller),
  };
  const saved = threadId === undefined ? undefined : await graph.runnable.getState({ configurable: thread });
  if (saved?.createdAt !== undefined && saved.tasks.length === 0) return saved.values;
  const input = saved?.createdAt === undefined ? { messages: [...messages] } : null;
  const state = await graph.runnable.invoke(input, config);
  if (isInterrupted(state)) throw new GraphInterrupt(state[INTERRUPT]);
  handler?.addUnreported(newOf(state, messages));
  return state;
}

function newOf({ messages = [] }: FinalState, given: readonly BaseMessage[]): readonly BaseMessage[] {
  return messages.slice(given.length);
}

type Place = Pick<ItemRun, "signal" | "budget" | "context"> & { readonly ledger: Ledger };

/** Makes a handler that records, and reserves for, the calls of a graph that is no pattern. */
function handlerOf(name: string, { ledger, signal, budget, context }: Place): LedgerHandler {
  const purse = budget?.purse(context ?? {}, context?.tags ?? []);
  return new LedgerHandler({
    ...{ path: name, node: name, turnId: crypto.randomUUID(), role: "answer", price: undefined, signal },
    note: (call) => ledger.note(call),
    known: ledger,
    ...(purse && { reserve: reserveFor([purse]) }),
  });
}
