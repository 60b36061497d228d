import { ContextOverflowError, ModelRefusalError, stampRetryable } from "@langchain/core/errors";
import type { ErrorClass } from "./error-classes.js";
import { OrchestrationError } from "./orchestration-error.js";

/** What an error says to code around it, which decides over a retry. */
export interface Finality {
  readonly class?: ErrorClass;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** True when asking again may help and has not been tried here. */
  readonly retryable?: boolean;
}

/** Base of errors that end a run after its models were asked: what was retried here already is not retried again around it. */
export class FinalError extends OrchestrationError {
  /** What kind of error it is; that of the last failure where there were several. */
  readonly class?: ErrorClass;
  /** HTTP status, where there was one; that of the last failure where there were several. */
  readonly status?: number;
  /** Milliseconds the provider asks to wait; the shortest wait where there were several. */
  readonly retryAfterMs?: number;
  /** True when asking again may help and has not been tried here (`retry: false`). */
  readonly retryable: boolean;

  constructor(message: string, { class: kind, status, retryAfterMs, retryable = false }: Finality) {
    super(message);
    if (kind !== undefined) this.class = kind;
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    this.retryable = retryable;
    stampRetryable(this, retryable); // read by LangChain's callers and retry middleware
    for (const mark of marksOf(kind)) Object.defineProperty(this, mark, { value: true });
  }

  /** Given up: the one field by which the default `retryOn` of LangGraph's `RetryPolicy` leaves an error alone, whatever its status. */
  get code(): string | undefined {
    return this.retryable ? undefined : "ECONNABORTED";
  }
}

/** LangChain's own errors of a class; `ContextOverflowError.isInstance(error)` knows ours for what they are. */
const kin: Partial<Record<ErrorClass, object>> = {
  context_overflow: new ContextOverflowError(),
  refusal: new ModelRefusalError(),
};

function marksOf(kind: ErrorClass | undefined): symbol[] {
  const relative = kind && kin[kind];
  if (relative === undefined) return [];
  return Object.getOwnPropertySymbols(relative).filter(({ description }) =>
    description?.startsWith("langchain.error."),
  );
}
