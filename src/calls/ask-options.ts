import type { ModelCall } from "../ledger/model-call.js";
import type { Others, Sooner } from "./nesting.js";
import type { StructuredSchema } from "./structured.js";

/** Options of `ask`. */
export interface AskOptions {
  readonly role: ModelCall["role"];
  /** True if the answer may be discarded, so its tokens must not stream. @default true */
  readonly hidden?: boolean;
  /** True for an answer that the run may return or drop: a run with `stream: "live"` shows it all the same. @default false */
  readonly draft?: boolean;
  /** True if a verifier or an aggregate weighs the answer before it is returned; only a rehearsal reads it. @default false */
  readonly material?: boolean;
  /** Aborts this call only; the signal of the run applies as well. */
  readonly signal?: AbortSignal;
  /** Instruction of a verifier, added to the system message. */
  readonly instruction?: string;
  /** True to switch log-probabilities on, if the client can. @default false */
  readonly logprobs?: boolean;
  /** True if another model can answer instead: after a partial answer was shown, this model is not retried. */
  readonly hasAlternative?: boolean;
  /** State of the models that could take the call instead. @default the model stands alone */
  readonly others?: (() => Others | undefined) | undefined;
  /** Earlier attempts of the run on this model, counted as retries. @default 0 */
  readonly attempts?: number;
  /** Milliseconds waited since the last of them. @default 0 */
  readonly waitedMs?: number;
  /** Returns true if another model can answer before `waitMs` is over; the call then fails instead of waiting. */
  readonly sooner?: Sooner;
  /** Schema for structured output, if the client has tools; the answer may still be text. */
  readonly schema?: StructuredSchema;
  /** Most tokens of the answer, sent as the limit; a budget sets it. */
  readonly maxTokens?: number;
  /** True to bypass caches, the entry's and the client's own. @default false */
  readonly fresh?: boolean;
  /** Number of earlier answers of this model that the run already has: a cache keeps one answer for each. @default 0 */
  readonly candidate?: number;
  /** True if the run may return the answer; the call then gets the options of the run's caller. @default true for role "answer" or if not hidden */
  readonly returned?: boolean;
}
