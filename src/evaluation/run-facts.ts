import type { BaseMessage } from "@langchain/core/messages";
import { isInterrupted } from "@langchain/langgraph";
import { keptLedger } from "../ledger/kept-ledger.js";
import { isForAnswer, type ModelCall } from "../ledger/model-call.js";
import { totalCost } from "../ledger/totals.js";
import { type Assignment, assignmentsOf } from "../nodes/assignment.js";
import type { Decision } from "../state/decision.js";
import { orchestrationOf } from "../tracing/carried-ledger.js";

/** A run as its graph returned it, or a row that `multimodel run` wrote. */
export interface RunLedger {
  readonly calls: readonly ModelCall[];
  readonly decisions?: readonly Decision[] | undefined;
  /** Score of a verifier, or share of an ensemble's votes: 0..1. */
  readonly confidence?: number | null | undefined;
  /** Set if the run ended without an answer. */
  readonly error?: unknown;
  /** Calls of earlier attempts at the same prompt: their cost counts, their time does not. */
  readonly earlierCalls?: readonly ModelCall[] | undefined;
}

/** A run with its ledger: a final state, a row of `multimodel run`, the error of a run that threw, or an answer of `asChatModel`. */
export type ComparableRun = RunLedger | Error | BaseMessage;

/** The compared facts of one run. */
export interface RunFacts {
  /** Unix time of the first call, ms. */
  readonly startedAt: number | undefined;
  readonly success: boolean;
  /** `undefined` if the price of a call is unknown. */
  readonly costUsd: number | undefined;
  /** From the start of the first call to the end of the last one; of answered runs only. */
  readonly latencyMs: number | undefined;
  readonly score: number | undefined;
  readonly assignments: readonly Assignment[];
}

/** Reads the facts of a run; `undefined` for a run that is paused. */
export function factsOf(run: ComparableRun): RunFacts | undefined {
  if (isInterrupted(run)) return undefined;
  const { calls: all, decisions, confidence, error, earlierCalls } = ledgerOf(run);
  const calls = all.filter(isForAnswer);
  const success = error == null;
  const startedAt = calls.length === 0 ? undefined : earliest(calls);
  return {
    startedAt,
    success,
    costUsd: totalCost([...(earlierCalls ?? []).filter(isForAnswer), ...calls]) ?? undefined,
    latencyMs: success && startedAt !== undefined ? latest(calls) - startedAt : undefined,
    score: success ? (confidence ?? undefined) : undefined,
    assignments: assignmentsOf(decisions ?? []),
  };
}

/** Reads the ledger of a run in any of its forms. */
export function ledgerOf(run: ComparableRun): RunLedger {
  if (run instanceof Error) return { ...keptLedger(run), error: run };
  if (!("response_metadata" in run)) return run as RunLedger;
  return { ...keptLedger(run), confidence: orchestrationOf(run)?.confidence };
}

const earliest = (calls: readonly ModelCall[]) =>
  calls.reduce((least, call) => Math.min(least, call.startedAt), Infinity);
const latest = (calls: readonly ModelCall[]) =>
  calls.reduce((most, { startedAt, latencyMs }) => Math.max(most, startedAt + latencyMs), -Infinity);
