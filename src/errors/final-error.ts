import { ContextOverflowError, ModelRefusalError, stampRetryable } from "@langchain/core/errors";
import type { ErrorClass } from "./error-classes.js";
import { OrchestrationError } from "./orchestration-error.js";

/** Facts of a final error that outer retry code reads. */
export interface Finality {
  readonly class?: ErrorClass;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** True when a retry may help and has not been tried yet. */
  readonly retryable?: boolean;
}

/** Base of errors that end a run whose models were already retried; outer code does not retry them again. */
export class FinalError extends OrchestrationError {
  /** Error class; of the last failure if there were several. */
  readonly class?: ErrorClass;
  /** HTTP status, if any; of the last failure if there were several. */
  readonly status?: number;
  /** Milliseconds to wait, from the provider; the shortest of several. */
  readonly retryAfterMs?: number;
  /** True when a retry may help and has not been tried yet (`retry: false`). */
  readonly retryable: boolean;

  constructor(message: string, { class: kind, status, retryAfterMs, retryable = false }: Finality) {
    super(message);
    if (kind !== undefined) this.class = kind;
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    this.retryable = retryable;
    stampRetryable(this, retryable); // read by LangChain's retry code
    for (const mark of marksOf(kind)) Object.defineProperty(this, mark, { value: true });
  }

  /** Prevents a retry: the only field by which LangGraph's default `retryOn` skips an error regardless of its status. */
  get code(): string | undefined {
    return this.retryable ? undefined : "ECONNABORTED";
  }
}

/** LangChain's errors whose `isInstance` also recognizes ours. */
const langchainErrors: Partial<Record<ErrorClass, object>> = {
  context_overflow: new ContextOverflowError(),
  refusal: new ModelRefusalError(),
};

function marksOf(kind: ErrorClass | undefined): symbol[] {
  const relative = kind && langchainErrors[kind];
  if (relative === undefined) return [];
  return Object.getOwnPropertySymbols(relative).filter(({ description }) =>
    description?.startsWith("langchain.error."),
  );
}
