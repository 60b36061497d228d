import { LangChainError } from "@langchain/core/errors";
import { namespace } from "./orchestration-error.js";

/** Facts kept of an error thrown outside this library. */
export interface ForeignFacts {
  readonly name: string;
  readonly class: string;
  readonly message: string;
  readonly stack: string;
  readonly status?: number;
  readonly code?: string | number;
  readonly requestId?: string;
  readonly cause?: Error;
}

/**
 * Safe copy of an error that a client, package or user function threw: name, class, status, code, request id, and message and
 * stack without keys. Everything else is dropped, because such errors carry requests, headers and clients.
 *
 * **When to use** - read it from `cause` of a `ModelCallError`; `ForeignError.isInstance(error.cause)` works across copies of the
 * package.
 */
export class ForeignError extends namespace.brand(LangChainError, "foreign") {
  /** Name of the error: `RateLimitError`. */
  override readonly name: string;
  /** Name of its class. */
  readonly class: string;
  /** HTTP status, if any. */
  readonly status?: number;
  /** Error code of the provider or system: `invalid_api_key`, `ECONNREFUSED`. */
  readonly code?: string | number;
  /** Request id for the provider's support. */
  readonly requestId?: string;
  /** Its cause, kept in the same way. */
  declare readonly cause?: Error;
  constructor({ name, class: kind, message, stack, status, code, requestId, cause }: ForeignFacts) {
    super(message);
    this.name = name;
    this.class = kind;
    Object.defineProperty(this, "name", { enumerable: false });
    Object.defineProperty(this, "stack", { value: stack, enumerable: false, writable: true, configurable: true });
    if (status !== undefined) this.status = status;
    if (code !== undefined) this.code = code;
    if (requestId !== undefined) this.requestId = requestId;
    if (cause !== undefined) Object.defineProperty(this, "cause", { value: cause, enumerable: false });
  }
}
