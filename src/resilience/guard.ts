/** Reason why a model is skipped now. */
export interface Unavailable {
  /** Reads after the model's name: `breaker open for 12 s more (timeout)`. */
  readonly reason: string;
  /** True if calling the model cannot help even as the last resort. @default false */
  readonly final?: boolean;
  /** Milliseconds until the reason no longer applies, if known. */
  readonly waitMs?: number;
}

/** A policy that knows before a call that a model should be skipped. */
export interface Guard {
  /** Returns why a client is skipped; `undefined` if it may be called. */
  unavailable(client: object): Unavailable | undefined;
  /** Reserves the one request that finds out whether a client answers again; other runs skip it meanwhile. */
  claim?(client: object): void;
}
