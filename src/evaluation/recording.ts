import type { BaseMessage } from "@langchain/core/messages";

/** Answer of one model to one question. */
export interface RecordedAnswer {
  /** Empty if the call failed. */
  readonly text: string;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  readonly costUsd?: number;
  readonly latencyMs?: number;
  /** Message of the failure. */
  readonly error?: string;
}

/** What several models answered to one question: one line of a file. */
export interface Recording {
  readonly id?: string;
  readonly input: string | BaseMessage[];
  readonly expected?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
  /** By name of the model. */
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
}
