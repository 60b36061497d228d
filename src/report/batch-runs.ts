import { durationOf } from "../drawing/timeline-rows.js";
import { InvalidOptionError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { totalCost } from "../ledger/totals.js";
import { exchangeOf } from "./message-text.js";
import { type CheckedState, checkedState, type ReportState } from "./report-state.js";

/** One run of a batch: a row of `multimodel run`, or the final state of a run. */
export interface BatchRun extends ReportState {
  readonly id?: string | number;
  readonly prompt?: string;
  /** The answer, of a row. */
  readonly text?: string;
  readonly error?: { readonly name?: string; readonly message?: string };
  /** Calls of earlier attempts that failed; they count in the cost. */
  readonly earlierCalls?: readonly ModelCall[];
}

/** A run whose parts have been checked, with its figures. */
export interface CheckedRun {
  readonly name: string;
  readonly state: CheckedState;
  readonly error: { readonly name: string; readonly message: string } | undefined;
  /** All calls, with those of earlier attempts. */
  readonly calls: readonly ModelCall[];
  readonly costUsd: number | null;
  readonly durationMs: number;
  /** Model that answered, by its path. */
  readonly answeredBy: { readonly path: string; readonly model: string } | undefined;
}

/**
 * Checks the runs of a batch.
 *
 * @throws {InvalidOptionError} with the position of the first entry that is no run
 */
export function checkedRuns(runs: readonly BatchRun[], owner: string): CheckedRun[] {
  if (!Array.isArray(runs))
    throw new InvalidOptionError(`${owner}.runs`, runs, "give the rows of multimodel run, or final states");
  return runs.map((run: BatchRun, index) => {
    const at = `${owner}.runs[${index}]`;
    const { messages = run?.prompt, earlierCalls = [], text, error } = Object(run) as BatchRun;
    const conversation =
      text === undefined
        ? messages
        : [
            ...(Array.isArray(messages) ? messages : [{ role: "user", content: messages ?? "" }]),
            { role: "assistant", content: text },
          ];
    const state = checkedState({ ...run, messages: conversation }, at);
    const calls = [...checkedState({ calls: earlierCalls }, `${at}.earlierCalls`).calls, ...state.calls];
    return {
      name: exchangeOf(conversation).question || String(run.id ?? index + 1),
      ...{ state, calls },
      error: error == null ? undefined : { name: String(error.name ?? "Error"), message: String(error.message ?? "") },
      costUsd: totalCost(calls),
      durationMs: durationOf(state.calls),
      answeredBy: answeredBy(state),
    };
  });
}

function answeredBy({ modelUsed, calls }: CheckedState): CheckedRun["answeredBy"] {
  if (modelUsed === undefined) return undefined;
  const call = calls.findLast(({ path, status }) => path === modelUsed && (status === "ok" || status === "cached"));
  return { path: modelUsed, model: call?.model ?? modelUsed };
}
