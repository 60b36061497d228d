/** Class of a failed call; decides about retries and the next model. */
export type ErrorClass =
  | "rate_limit"
  | "quota"
  | "timeout"
  | "network"
  | "server"
  | "context_overflow"
  | "too_large"
  | "refusal"
  | "authentication"
  | "model_unavailable"
  | "invalid_request"
  | "empty"
  | "unknown"
  | "budget"
  | "deadline"
  | "not_allowed"
  | "abort"
  | "interrupt";

/** Consequences of an error class. */
export interface ErrorRule {
  /** True when the same model may be called again. */
  readonly retryable: boolean;
  /** Maximum retries, even when `retry` of the entry allows more. @default what `retry` allows */
  readonly maxRetries?: number;
  /** True when another model may be called; false for the caller's own mistake and for control flow. */
  readonly movesOn: boolean;
  /**
   * Models to skip afterwards: same client and parameters (`client`), same model id (`model`), same provider (`provider`), or no
   * larger window (`smaller_window`).
   */
  readonly avoid: "client" | "model" | "provider" | "smaller_window" | "none";
  /** Milliseconds the whole process skips a model when its provider names no wait. @default no cool-down */
  readonly coolDownMs?: number;
  /** True when the model or provider is at fault, which latencies count. */
  readonly modelFault: boolean;
  /** True when the provider gave no answer to a request it could have answered, which breakers count. @default false */
  readonly outage?: true;
  /**
   * HTTP status of the endpoint when a run ends in it. Where a retry cannot help, it is one that no client retries by itself:
   * 400, 402, 403, 406 or 413 (docs/decisions/028).
   */
  readonly http: 400 | 402 | 403 | 406 | 413 | 429 | 499 | 502 | 504;
}

/**
 * Rules of every error class, the one source for classification, retries, the next model, cool-downs, latencies, the endpoint and
 * docs/failures.md. A class without a row does not compile.
 *
 * @example
 * ```ts
 * const error = Object.assign(new Error("Model Not Exist"), { status: 400 });
 * errorClasses[classifyError(error).class].movesOn; // true: another model may answer
 * ```
 */
export const errorClasses: Readonly<Record<ErrorClass, ErrorRule>> = {
  // 5 s is LiteLLM's default cool-down (docs.litellm.ai, "Cooldowns"); a spent quota is not refilled within minutes
  rate_limit: { retryable: true, movesOn: true, avoid: "client", coolDownMs: 5_000, modelFault: true, http: 429 },
  quota: { retryable: false, movesOn: true, avoid: "provider", coolDownMs: 300_000, modelFault: true, http: 402 },
  timeout: { retryable: true, movesOn: true, avoid: "client", modelFault: true, outage: true, http: 504 },
  network: { retryable: true, movesOn: true, avoid: "client", modelFault: true, outage: true, http: 502 },
  server: { retryable: true, movesOn: true, avoid: "client", modelFault: true, outage: true, http: 502 },
  context_overflow: { retryable: false, movesOn: true, avoid: "smaller_window", modelFault: false, http: 400 },
  too_large: { retryable: false, movesOn: true, avoid: "model", modelFault: false, http: 413 }, // exceeds the plan's limits, not the window
  refusal: { retryable: false, movesOn: true, avoid: "provider", modelFault: false, http: 400 },
  authentication: { retryable: false, movesOn: true, avoid: "provider", modelFault: true, http: 403 },
  model_unavailable: { retryable: false, movesOn: true, avoid: "model", modelFault: true, http: 403 },
  invalid_request: { retryable: false, movesOn: false, avoid: "none", modelFault: false, http: 400 },
  empty: { retryable: true, maxRetries: 1, movesOn: true, avoid: "client", modelFault: true, http: 406 },
  unknown: { retryable: false, movesOn: true, avoid: "client", modelFault: true, http: 502 },
  budget: { retryable: false, movesOn: true, avoid: "client", modelFault: false, http: 402 }, // a cheaper model may still fit
  deadline: { retryable: false, movesOn: true, avoid: "client", modelFault: false, http: 504 },
  not_allowed: { retryable: false, movesOn: true, avoid: "client", modelFault: false, http: 403 }, // a local model may still answer
  abort: { retryable: false, movesOn: false, avoid: "none", modelFault: false, http: 499 },
  interrupt: { retryable: false, movesOn: false, avoid: "none", modelFault: false, http: 406 },
};
