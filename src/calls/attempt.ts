import type { BaseMessage } from "@langchain/core/messages";
import { CallTimeoutError } from "../errors/index.js";
import { keptLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";
import { isOpen } from "../ledger/line.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Classified } from "../resilience/classify-error.js";
import type { Steps } from "../state/steps.js";
import type { Answer } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import type { Below, Scope } from "./scope.js";

/** One attempt on a model. */
export interface Attempt {
  readonly model: ResolvedModel;
  readonly messages: BaseMessage[];
  readonly scope: Scope;
  readonly options: AskOptions;
  /** Number of the attempt, from 1. */
  readonly number: number;
  /** What it leaves behind where it fails. */
  readonly left: Left;
}

/** What a failed attempt leaves behind. */
export interface Left {
  /** Tokens of it were shown. */
  tokens: boolean;
  /** Tool calls it completed. */
  steps: Steps;
  /** Milliseconds a pattern did not wait, since another model can answer sooner. */
  unwaitedMs?: number | undefined;
  /** The client's server has no response format or log-probabilities, and is asked in another way from now on. */
  formless?: boolean;
  /** Classifies the error the attempt ended in, once. */
  readonly classify: (error: unknown) => Classified;
}

/** Makes one attempt with a kind of model. */
export type MakeAttempt = (attempt: Attempt) => Promise<Answer>;

/** Reports on the custom stream that the tokens of an attempt are void. */
export function discard({ config, path }: Scope, messageId: string | undefined, reason: string): void {
  config.writer?.({ type: "attempt_discarded", path, messageId, reason });
}

/** Takes over the ledger of a run below that failed, and that of the error, which has what was called before an interrupt. */
export function takeOver(scope: Scope, { nesting: { ledger } }: Below, error: unknown): void {
  scope.ledger.merge(Ledger.of(keptLedger(error)).since(ledger));
  scope.ledger.merge(ledger);
  if (!CallTimeoutError.isInstance(error)) return;
  for (const call of ledger.calls) if (isOpen(call)) call.status = "timeout";
}
