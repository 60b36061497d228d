import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { type AIMessage, type BaseMessage, RemoveMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import {
  GraphInterrupt,
  INTERRUPT,
  isInterrupted,
  type LangGraphRunnableConfig,
  REMOVE_ALL_MESSAGES,
} from "@langchain/langgraph";
import { copyMessage, newMessages, toMessage } from "../calls/answer.js";
import { type AttemptDiscarded, isDiscarded } from "../calls/attempt.js";
import { callerConfigurable } from "../calls/nested-run.js";
import { outerTurn } from "../calls/scope.js";
import { InvalidModelError } from "../errors/index.js";
import { ambientConfig } from "../langgraph/ambient-config.js";
import { callbacksBelow, withoutHiding } from "../langgraph/callbacks-below.js";
import { copyWithId } from "../langgraph/constructor-fields.js";
import { isWithinRun } from "../langgraph/private-keys.js";
import { withoutMarks } from "../langgraph/trace-marks.js";
import { keepLedger } from "../ledger/kept-ledger.js";
import { Ledger } from "../ledger/ledger.js";
import type { ModelCall } from "../ledger/model-call.js";
import { isEstimated, totalCost } from "../ledger/totals.js";
import { usageMetadataOf } from "../ledger/usage.js";
import { answerOptionsOf } from "../models/answer-options.js";
import type { Decision } from "../state/decision.js";
import type { RunContext } from "../state/run-context.js";
import { LedgerHandler } from "../tracing/ledger-handler.js";

/** What a chat model streams; `stream` of `asChatModel` describes the modes. */
export type StreamMode = "committed" | "live" | "whole";

/**
 * Who reads the tokens: the caller of `stream`; the stream of the run around, whose reader drops messages by id; or the caller of
 * `streamEvents` of version 3, which has no event that takes a message back.
 */
export type Reader = "caller" | "run" | "events";

interface ChatGraph {
  readonly graph: Runnable;
  readonly name: string;
  readonly context: RunContext | undefined;
  /** True for a pattern, which records its own calls. */
  readonly pattern: boolean;
  /** Mode without a context that says otherwise. */
  readonly mode: StreamMode;
  readonly reader: Reader;
}

/** One call of a chat model as a run of its graph. */
export interface GraphRun {
  readonly input: { readonly messages: readonly BaseMessage[] };
  readonly config: LangGraphRunnableConfig;
  readonly mode: StreamMode;
  /** Removes and returns what was reported as discarded to a run around since the last call; else it is on the custom stream. */
  readonly discarded: () => readonly AttemptDiscarded[];
  readonly calls: readonly ModelCall[];
  /** True inside a pattern, which keeps the ledger itself. */
  readonly nested: boolean;
  /**
   * Reads the answer from the final state.
   *
   * @throws {GraphInterrupt} when the run was paused
   * @throws {InvalidModelError} when it ended without an answer
   */
  readonly answerOf: (state: unknown) => AIMessage;
}

interface Called {
  readonly configurable?: Record<string, unknown>;
  readonly context?: RunContext;
  readonly signal?: AbortSignal;
  readonly tags?: readonly string[];
  readonly metadata?: Record<string, unknown>;
  readonly recursionLimit?: number;
}

export function openRun(
  chat: ChatGraph,
  messages: readonly BaseMessage[],
  options: object,
  run: CallbackManagerForLLMRun | undefined,
): GraphRun {
  const { graph, name, pattern } = chat;
  const called = options as Called;
  const ledger = new Ledger();
  const { calls } = ledger;
  const handler = pattern ? undefined : handlerOf(name, ledger, called.signal);
  const given = distinct(messages);
  const around = ambientConfig();
  const mode = modeOf(chat, called.context);
  const settings = contextOf(chat, called.context, mode);
  const dropped: AttemptDiscarded[] = [];
  const writer = around?.writer && {
    writer: (event: unknown) => {
      around.writer?.(event);
      if (isDiscarded(event)) dropped.push(event);
    },
  };
  const config = {
    callbacks: callbacksBelow(run, ...(handler === undefined ? [] : [handler])),
    tags: withoutHiding(called.tags ?? []),
    metadata: withoutMarks(called.metadata),
    signal: called.signal,
    ...writer,
    maxConcurrency: Infinity, // an outer agent's limit would be inherited, and lanes are lost at 1
    configurable: callerConfigurable(
      withoutMarks(called.configurable),
      { options: answerOptionsOf(options), ledger, opaque: !pattern },
      settings,
    ),
    ...(called.recursionLimit === undefined ? {} : { recursionLimit: called.recursionLimit }),
    ...(settings && { context: settings }),
  } satisfies LangGraphRunnableConfig;
  return {
    input: { messages: onThread(graph, called) ? [new RemoveMessage({ id: REMOVE_ALL_MESSAGES }), ...given] : given },
    config,
    mode,
    discarded: () => dropped.splice(0),
    calls,
    nested: outerTurn({ configurable: called.configurable }) !== undefined,
    answerOf: (state) => {
      if (isInterrupted(state)) throw new GraphInterrupt(state[INTERRUPT]);
      const { messages: all = [], decisions = [] } = (state ?? {}) as FinalState;
      const made = newMessages(all, given);
      const last = made.at(-1);
      if (last === undefined)
        throw new InvalidModelError(`${name} ended without an answer; its last node must add a message`);
      const message = toMessage(last, name);
      if (handler === undefined) return keepLedger(copyMessage(message, {}), { calls, decisions });
      handler.addUnreported(made);
      const estimated = isEstimated(calls) && { estimated: true };
      const orchestration = { modelUsed: name, confidence: null, costUsd: totalCost(calls), ...estimated };
      const answer = copyMessage(message, {
        usage_metadata: usageMetadataOf(calls),
        response_metadata: { ...message.response_metadata, orchestration },
      });
      return keepLedger(answer, { calls, decisions: [] });
    },
  };
}

/** Returns what a call streams. The context of the run around is a wish of that run's reader, and not of a caller of `stream`. */
function modeOf({ mode, context, reader }: ChatGraph, around: RunContext | undefined): StreamMode {
  if (mode === "whole") return mode;
  const wanted = (reader === "run" ? around?.stream : undefined) ?? context?.stream ?? mode;
  return wanted === "live" && reader === "events" ? "committed" : wanted;
}

/** Returns the context of the run, which says what streams; `undefined` for that of the run around. */
function contextOf({ context, pattern }: ChatGraph, called: RunContext | undefined, mode: StreamMode) {
  const own: RunContext | undefined = (context ?? called) && { ...context, ...called };
  const settings = own ?? (ambientConfig()?.context as RunContext | undefined);
  if (!pattern || (mode !== "live" && settings?.stream !== "live")) return own;
  return { ...settings, stream: mode === "live" ? mode : "committed" } satisfies RunContext;
}

interface FinalState {
  readonly messages?: readonly BaseMessage[];
  readonly decisions?: readonly Decision[];
}

/** Makes a handler that records the calls of a foreign graph. */
function handlerOf(name: string, ledger: Ledger, signal = new AbortController().signal): LedgerHandler {
  const place = {
    path: name,
    node: name,
    turnId: crypto.randomUUID(),
    role: "answer",
    price: undefined,
    signal,
  } as const;
  return new LedgerHandler({ ...place, note: (call) => ledger.note(call), known: ledger });
}

/** Returns true when a checkpointer thread already holds messages that the given ones would be added to. */
export function onThread(
  graph: Runnable,
  { configurable = {} }: { readonly configurable?: Record<string, unknown> },
): boolean {
  const { checkpointer } = graph as { readonly checkpointer?: unknown };
  return Boolean(checkpointer) && configurable.thread_id !== undefined && !isWithinRun(configurable);
}

/** Gives messages unique ids: a graph merges messages with equal ids, and would write ids into the caller's objects. */
function distinct(messages: readonly BaseMessage[]): BaseMessage[] {
  const known = new Set<string>();
  return messages.map((message) => {
    if (message.id !== undefined && !known.has(message.id)) {
      known.add(message.id);
      return message;
    }
    return copyWithId(message, crypto.randomUUID());
  });
}
