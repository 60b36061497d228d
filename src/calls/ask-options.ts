import type { ModelCall } from "../ledger/model-call.js";
import type { Sooner } from "./scope.js";
import type { StructuredSchema } from "./structured.js";

/** How a model is asked. */
export interface AskOptions {
  readonly role: ModelCall["role"];
  /** False for an answer that is certain to be returned if it completes: its tokens may stream. @default true */
  readonly hidden?: boolean;
  /** Ends this call, beside the signal of the run. */
  readonly signal?: AbortSignal;
  /** Added to the system message: what a verifier wants said. */
  readonly instruction?: string;
  /** True where log-probabilities are switched on at the client, if it has a switch. @default false */
  readonly logprobs?: boolean;
  /** True when another model can answer instead: half an answer that was shown is then not asked for again here. */
  readonly hasAlternative?: boolean;
  /** Attempts on this model that the run has behind it: they count as retries. @default 0 */
  readonly attempts?: number;
  /** True when another model can answer sooner than after `waitMs`, which the provider asks for: this one is then not waited for. */
  readonly sooner?: Sooner;
  /** Structured output, where the client can; the answer may be text all the same. */
  readonly schema?: StructuredSchema;
  /** True where an answer of the client's own cache would say nothing new. @default false */
  readonly fresh?: boolean;
  /** True when the run may return it: it is then asked with what the run's caller asked for. @default for role "answer" and what is not hidden */
  readonly returned?: boolean;
}
