import type { Attributes, Context, Span } from "@opentelemetry/api";
import type { ModelCall } from "../../ledger/model-call.js";

/** A run of LangChain's callbacks that has begun: a graph, a node, a call or a tool. */
export interface OpenRun {
  readonly id: string;
  readonly span: Span;
  /** Where spans below begin. */
  readonly context: Context;
  readonly parent: OpenRun | undefined;
  readonly whole: WholeRun;
  /** False for a step of LangGraph's own, whose span is that of its parent. */
  readonly isVisible: boolean;
  /** Provider of a call, under its name in the GenAI conventions. */
  readonly provider?: string | undefined;
  /** Number of decisions so far. */
  decisions: number;
  /** Line of the ledger whose end ends the span. */
  call?: ModelCall;
  /** True if the line is in no ledger: no pattern makes the call, and its run ends it. */
  isOutside: boolean;
  /** Unix time at which the run ended, while its line is open, ms. */
  endedAt?: number;
  /** True if an interrupt paused it or a run below. */
  isPaused: boolean;
  /** True if no trace may hold what the run reads, writes or fails of; runs below have it too. */
  isReserved: boolean;
}

/** What is known of all runs below one root. */
export interface WholeRun {
  readonly open: Map<string, OpenRun>;
  /** Thread of a checkpointer. */
  readonly thread: string | undefined;
  /** Sum of calls; `null` if the price of one is unknown. */
  costUsd: number | null;
  tokens: number;
}

/** A run that begins. */
export interface BeginningRun {
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly name: string;
  readonly attributes: () => Attributes;
  /** @default true */
  readonly isVisible?: boolean;
  /** True for a request to a server. @default false */
  readonly isRequest?: boolean;
  readonly provider?: string | undefined;
  readonly thread?: string | undefined;
  /** True for a run that goes on after an interrupt. */
  readonly isResumed?: boolean;
  /** Unix time, ms. @default now */
  readonly startedAt?: number;
}
