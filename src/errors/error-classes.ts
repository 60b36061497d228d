/** What kind of error a call ended with; decides whether it is retried and which model is asked next. */
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
  | "abort"
  | "interrupt";

/** What follows from an error of one class. */
export interface ErrorRule {
  /** The same model may be asked again. */
  readonly retryable: boolean;
  /** Upper limit of those retries, whatever `retry` of the entry allows. @default what `retry` allows */
  readonly maxRetries?: number;
  /** Another model may be asked; false for the caller's own mistake and for control flow. */
  readonly movesOn: boolean;
  /**
   * Which models are passed over after it: the same client with the same parameters (`client`), every entry of the same model id
   * (`model`), every model of the provider (`provider`), models whose window is no larger (`smaller_window`), or none of them.
   */
  readonly avoid: "client" | "model" | "provider" | "smaller_window" | "none";
  /** Milliseconds a model is passed over, by all graphs of the process, where its provider names no wait. @default not at all */
  readonly coolDownMs?: number;
  /** True when the model or its provider failed, false when the request did: what latencies and breakers count. */
  readonly modelFault: boolean;
  /**
   * HTTP status the endpoint answers with when a run ends in it. Where asking again mends nothing it is one that no client repeats
   * by itself: 400, 402, 403, 406 or 413 (docs/decisions/028).
   */
  readonly http: 400 | 402 | 403 | 406 | 413 | 429 | 499 | 502 | 504;
}

/**
 * The rules of every error class. Classification, retries, the choice of the next model, cool-downs, observed latencies, the
 * endpoint and README's table read this record; a new class does not compile until it has a row.
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
  timeout: { retryable: true, movesOn: true, avoid: "client", modelFault: true, http: 504 },
  network: { retryable: true, movesOn: true, avoid: "client", modelFault: true, http: 502 },
  server: { retryable: true, movesOn: true, avoid: "client", modelFault: true, http: 502 },
  context_overflow: { retryable: false, movesOn: true, avoid: "smaller_window", modelFault: false, http: 400 },
  too_large: { retryable: false, movesOn: true, avoid: "model", modelFault: false, http: 413 }, // for its limits, not for its window
  refusal: { retryable: false, movesOn: true, avoid: "provider", modelFault: false, http: 400 },
  authentication: { retryable: false, movesOn: true, avoid: "provider", modelFault: true, http: 403 },
  model_unavailable: { retryable: false, movesOn: true, avoid: "model", modelFault: true, http: 403 },
  invalid_request: { retryable: false, movesOn: false, avoid: "none", modelFault: false, http: 400 },
  empty: { retryable: true, maxRetries: 1, movesOn: true, avoid: "client", modelFault: true, http: 406 },
  unknown: { retryable: false, movesOn: true, avoid: "client", modelFault: true, http: 502 },
  abort: { retryable: false, movesOn: false, avoid: "none", modelFault: false, http: 499 },
  interrupt: { retryable: false, movesOn: false, avoid: "none", modelFault: false, http: 406 },
};
