import type { BaseMessage } from "@langchain/core/messages";
import { CallTimeoutError, withMaskedKeys } from "../errors/index.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";
import { isOpen } from "../ledger/line.js";
import type { ModelCall, Waits } from "../ledger/model-call.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { PolicyRequest } from "../resilience/policy.js";
import type { Lane } from "../resilience/race-twice.js";
import type { Steps } from "../state/steps.js";
import type { Answer } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import type { NestedRun } from "./nested-run.js";
import { forgetShown, type Scope } from "./scope.js";

/** One attempt on a model. */
export interface Attempt extends PolicyRequest {
  readonly model: ResolvedModel;
  readonly messages: BaseMessage[];
  readonly scope: Scope;
  readonly options: AskOptions;
  /** Number of the attempt, counted from 1. */
  readonly number: number;
  /** Milliseconds its caller waited for it, after an attempt before. @default 0 */
  readonly waitedMs?: number | undefined;
  /** Clients of a pool that the call was sent to, the latest last; shared by its retries and its second request. */
  readonly tried: object[];
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
  /** Called before its request is sent; rejects if its reservation is gone. */
  sending?: () => Promise<void> | undefined;
  /** Line of the attempt; unset for a graph or agent, which writes several. */
  call?: ModelCall;
  /** Waits of the next request that is sent. */
  waits?: Waits;
  /** Reason why no retry follows: the breaker is open. */
  cutOff?: string;
}

export type MakeAttempt = (attempt: Attempt) => Promise<Answer>;

/** Event on the custom stream: the tokens shown under a message id are void. The run may return another message instead. */
export interface AttemptDiscarded {
  readonly type: "attempt_discarded";
  /** Path of the call, from the outermost graph. */
  readonly path: string;
  /** Id of the message in the `messages` stream; unset if its client gave none. */
  readonly messageId: string | undefined;
  /** An error class such as `network`, `cancelled`, or why the draft was not returned. */
  readonly reason: string;
}

/** Returns true for that event, among all of a custom stream. */
export function isDiscarded(event: unknown): event is AttemptDiscarded {
  return (event as Partial<AttemptDiscarded> | null)?.type === "attempt_discarded";
}

/** Reports on the custom stream that shown tokens are discarded. */
export function discard(scope: Scope, messageId: string | undefined, reason: string, path = scope.path): void {
  if (messageId !== undefined) forgetShown(scope, messageId);
  const event: AttemptDiscarded = { type: "attempt_discarded", path, messageId, ...withMaskedKeys({ reason }) }; // a verdict may quote a provider
  scope.config.writer?.(event);
}

/** Reports the tokens of a failed attempt as discarded, unless a pattern around has done so. */
export function discardAttempt(scope: Scope, messageId: string | undefined, reason: string): void {
  const { nesting } = scope;
  if (nesting !== undefined && messageId !== undefined && !nesting.shown.has(messageId)) return;
  discard(scope, messageId, reason);
}

/** Reports everything that a failed nested run has shown as discarded. */
export function discardNested(scope: Scope, { nesting }: NestedRun, reason: string): void {
  for (const [id, path] of nesting.shown) discard(scope, id, reason, path);
}

/** Merges the ledger of a failed nested run, and the ledger kept on the error, which holds the calls before an interrupt. */
export function mergeNestedLedger(scope: Scope, { nesting: { ledger } }: NestedRun, error: unknown): void {
  scope.ledger.merge(Ledger.of(keptLedger(error)).since(ledger));
  scope.ledger.merge(ledger);
  if (!CallTimeoutError.isInstance(error)) return;
  for (const call of ledger.calls) if (isOpen(call)) call.status = "timeout";
}
