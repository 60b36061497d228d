import type { BaseMessage } from "@langchain/core/messages";
import { CallTimeoutError } from "../errors/index.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";
import { isOpen } from "../ledger/line.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { PolicyRequest } from "../resilience/policy.js";
import type { Lane } from "../resilience/race-twice.js";
import type { Steps } from "../state/steps.js";
import type { Answer } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import type { NestedRun, Scope } from "./scope.js";

/** One attempt on a model. */
export interface Attempt extends PolicyRequest {
  readonly model: ResolvedModel;
  readonly messages: BaseMessage[];
  readonly scope: Scope;
  readonly options: AskOptions;
  /** Number of the attempt, counted from 1. */
  readonly number: number;
  /** Set if the call is hedged. */
  readonly lane?: Lane;
  /** Filled when the attempt fails. */
  readonly outcome: AttemptOutcome;
}

/** Effects of a failed attempt. */
export interface AttemptOutcome {
  /** True if tokens were shown. */
  tokens: boolean;
  /** Completed tool calls. */
  steps: Steps;
  /** Milliseconds a nested pattern skipped waiting, because another model can answer sooner. */
  skippedWaitMs?: number | undefined;
  /** True if the server rejected the response format or log-probabilities; the next attempt goes without. */
  retryWithout?: boolean;
}

export type MakeAttempt = (attempt: Attempt) => Promise<Answer>;

/** Reports on the custom stream that the tokens shown by an attempt are discarded. */
export function discard({ config, path }: Scope, messageId: string | undefined, reason: string): void {
  config.writer?.({ type: "attempt_discarded", path, messageId, reason });
}

/** Merges the ledger of a failed nested run, and the ledger kept on the error, which holds the calls before an interrupt. */
export function mergeNestedLedger(scope: Scope, { nesting: { ledger } }: NestedRun, error: unknown): void {
  scope.ledger.merge(Ledger.of(keptLedger(error)).since(ledger));
  scope.ledger.merge(ledger);
  if (!CallTimeoutError.isInstance(error)) return;
  for (const call of ledger.calls) if (isOpen(call)) call.status = "timeout";
}
