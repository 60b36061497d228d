import { setImmediate as turn } from "node:timers/promises";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import type { RunOutcome } from "../batch/batch-row.js";
import { callerConfigurable } from "../calls/nested-run.js";
import type { Step } from "../drawing/step.js";
import type { PatternGraph } from "../index.js";
import { splitUpdates } from "../langgraph/private-keys.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";
import { RunSoFar } from "../notebook/run-so-far.js";
import { stepsOf } from "../notebook/step.js";
import type { OrchestrationState } from "../state/orchestration-state.js";

/** A compiled graph. */
export type Compiled = ReturnType<PatternGraph["compile"]>;

/** One question, and the listeners to its answer. */
export interface Question {
  readonly messages: readonly BaseMessage[];
  readonly signal: AbortSignal;
  /** Task of the run. */
  readonly task?: string | undefined;
  /** Receives the answer's text as it streams. @default the models do not stream */
  readonly onText?: (text: string) => void;
  /** Called when the text so far is discarded, since its model failed and another attempt begins. */
  readonly onDiscarded?: (reason: string) => void;
  /** Collects the steps of the run, for a report. @default false */
  readonly steps?: boolean;
}

/** The result of a question; its calls are known even after a failure. */
export interface Outcome extends RunOutcome {
  readonly seconds: number;
  /** The conversation, including the answer. */
  readonly messages: readonly BaseMessage[];
  /** Last known state of the run. */
  readonly state: Partial<OrchestrationState>;
  readonly steps?: readonly Step[];
}

type Updates = Readonly<Record<string, Partial<OrchestrationState> | readonly unknown[]>>;

/** Runs a graph once. Returns a failure instead of throwing it, since it may have cost something. */
export async function answer(graph: Compiled, question: Question): Promise<Outcome> {
  const { messages, signal, task, onText } = question;
  const ledger = new Ledger(); // filled during the run, since an aborted run returns no state
  const { calls } = ledger;
  const started = performance.now();
  let state: Partial<OrchestrationState> = {};
  let failed: { readonly error: unknown } | undefined;
  const show = createDisplay(question);
  const run = new RunSoFar();
  const steps: Step[] = [];
  try {
    const events = await graph.stream(
      { messages: [...messages] },
      {
        signal: AbortSignal.any([signal]), // a signal of its own, so that listeners do not pile up on a longer-lived one
        ...(task !== undefined && { context: { task } }),
        streamMode: [
          "values",
          ...(onText === undefined ? [] : (["messages", "custom"] as const)),
          ...(question.steps ? (["updates"] as const) : []),
        ],
        subgraphs: question.steps === true,
        configurable: callerConfigurable({}, { options: {}, ledger }),
      },
    );
    for await (const event of events as AsyncIterable<unknown[]>) {
      const [graphs, mode, payload] = (question.steps ? event : [[], ...event]) as [string[], string, unknown];
      if (mode === "values") state = graphs.length === 0 ? (payload as OrchestrationState) : state;
      else if (mode === "updates") steps.push(...stepsOf(run, graphs, splitUpdates(payload as Updates).nodes));
      else show.event(mode, payload);
    }
  } catch (error) {
    await turn(); // lets aborted calls write their lines of the ledger
    failed = { error };
  }
  const text = failed === undefined ? (state.messages?.at(-1)?.text ?? "") : "";
  if (failed === undefined) show.whole(text);
  const kept = failed === undefined ? undefined : keptLedger(failed.error);
  return {
    ...failed,
    text,
    modelUsed: failed === undefined ? state.modelUsed : undefined,
    confidence: failed === undefined ? (state.confidence ?? null) : null,
    decisions: kept?.decisions.length ? kept.decisions : (state.decisions ?? []),
    calls: failed === undefined ? (state.calls ?? calls) : Ledger.of(ledger, kept ?? new Ledger()).calls,
    seconds: (performance.now() - started) / 1_000,
    messages: failed === undefined ? (state.messages ?? messages) : messages,
    ...{ state, steps },
  };
}

/** Shows the answer's text once, from one attempt at a time. */
function createDisplay({ onText = () => {}, onDiscarded = () => {} }: Question) {
  let shown: { readonly id: string | undefined; text: string } | undefined;
  return {
    event(mode: string, payload: unknown): void {
      if (mode === "custom") {
        const { type, messageId, reason } = Object(payload) as Record<string, unknown>;
        if (type !== "attempt_discarded" || shown === undefined || messageId !== shown.id) return;
        onDiscarded(String(reason));
        shown = undefined;
        return;
      }
      const [message, { multimodel_path: path }] = payload as [BaseMessage, Record<string, unknown>];
      if (path === undefined || !AIMessageChunk.isInstance(message) || message.text === "") return;
      if (shown !== undefined && shown.id !== message.id) onDiscarded("another one began");
      if (shown?.id !== message.id) shown = { id: message.id, text: "" };
      shown!.text += message.text;
      onText(message.text);
    },
    /** Shows an answer that did not stream, or that changed after it did. */
    whole(text: string): void {
      if (shown?.text === text) return;
      if (shown !== undefined) onDiscarded("it was corrected");
      onText(text);
    },
  };
}
