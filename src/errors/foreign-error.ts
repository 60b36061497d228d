import { LangChainError } from "@langchain/core/errors";
import { namespace } from "./orchestration-error.js";

/** What is kept of an error that was thrown outside this library. */
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
 * What is kept of an error that a client, a package or a function of yours threw: its name, class, status, code, request id, and
 * message and stack without keys. Nothing else of it can be reached: requests, headers and clients hang on such errors.
 *
 * **When to use** - read it from `cause` of a `ModelCallError`; `ForeignError.isInstance(error.cause)` works across copies of the package.
 */
export class ForeignError extends namespace.brand(LangChainError, "foreign") {
  /** The name the error had: `RateLimitError`. */
  override readonly name: string;
  /** Name of the class it was made by. */
  readonly class: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** What the provider or the machine calls what happened: `invalid_api_key`, `ECONNREFUSED`. */
  readonly code?: string | number;
  /** Id to give to the provider's support. */
  readonly requestId?: string;
  /** What caused it in turn, kept in the same way. */
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
