import { OrchestrationError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { totalCost } from "../ledger/totals.js";
import { maskKeys, redact } from "../secrets/redact.js";
import type { Decision } from "../state/decision.js";
import type { Asked } from "./batch-input.js";

/** The answer to one input, or the error it ended in; a line of the files that `multimodel run` writes. */
export interface BatchRow {
  /** That of the input, else its number, from 1. */
  readonly id: string | number;
  /** The input, if it was a text. */
  readonly prompt?: string;
  /** The input, if it was a conversation: messages as data. */
  readonly messages?: readonly unknown[];
  /** Name of what answered: that of the batch. */
  readonly target: string;
  /** The answer; unset with an `error`. */
  readonly text?: string;
  /** Path of the model whose answer it is. */
  readonly modelUsed?: string;
  /** 0..1; `null` when nothing measured it. */
  readonly confidence?: number | null;
  readonly error?: { readonly name: string; readonly message: string };
  readonly decisions: readonly Decision[];
  /** Calls of this attempt, also of one that failed. */
  readonly calls: readonly ModelCall[];
  /** Calls of earlier attempts that failed. */
  readonly earlierCalls?: readonly ModelCall[];
  /** USD of `calls` and `earlierCalls`; `null` when a price is unknown. */
  readonly costUsd: number | null;
  /** Thread of the checkpointer; unset without one. */
  readonly threadId?: string;
}

/** How a run ended; its calls are known even if it failed. */
export interface RunOutcome {
  readonly error?: unknown;
  readonly text: string;
  readonly modelUsed: string | undefined;
  /** Score of a verifier, or share of votes; `null` without one. */
  readonly confidence: number | null;
  readonly decisions: readonly Decision[];
  readonly calls: readonly ModelCall[];
}

/** The part of a row that says how its run ended. */
export type RowData = Omit<BatchRow, "id" | "target">;

/** Converts an outcome to JSON data; masks keys in everything but the answer. */
export function rowData(outcome: RunOutcome, explain: (error: unknown) => string = explainError): RowData {
  const { error, text, modelUsed, confidence, decisions, calls } = outcome;
  const clean = <Value>(value: Value): Value =>
    JSON.parse(JSON.stringify(value, (_, each) => (typeof each === "string" ? maskKeys(each) : each)));
  const paid = { ...clean({ decisions, calls }), costUsd: totalCost(calls) };
  if (error !== undefined) return { error: { name: nameOf(error), message: explain(error) }, ...paid };
  return { text, ...(modelUsed !== undefined && { modelUsed }), confidence, ...paid };
}

/** Makes a row. Earlier calls that the run has in its own ledger, since its thread kept them, are counted once. */
export function rowOf(
  { id, asked, target }: { readonly id: BatchRow["id"]; readonly asked: Asked; readonly target: string },
  data: RowData,
  earlier: readonly ModelCall[],
): BatchRow {
  const own = new Set(data.calls.map((call) => call.id));
  const before = new Map([...earlier, ...(data.earlierCalls ?? [])].map((call) => [call.id ?? call, call]));
  const earlierCalls = [...before.values()].filter((call) => !own.has(call.id));
  const summed = earlierCalls.length > 0 && { earlierCalls, costUsd: totalCost([...earlierCalls, ...data.calls]) };
  return { id, ...asked, target, ...data, ...summed };
}

/** Makes the data of an item that was not run. */
export function notRun(error: unknown): RowData {
  return { error: { name: nameOf(error), message: explainError(error) }, decisions: [], calls: [], costUsd: 0 };
}

function nameOf(error: unknown): string {
  const { name } = Object(error) as { readonly name?: unknown };
  return typeof name === "string" && name !== "" ? maskKeys(name) : "Error";
}

function explainError(error: unknown): string {
  if (OrchestrationError.isInstance(error)) return maskKeys(error.message);
  const { message = String(error) } = Object(error) as { readonly message?: string };
  return maskKeys(redact(String(message)));
}
