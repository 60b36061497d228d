import {
  type BaseCallbackHandler,
  callbackHandlerPrefersChatModelStreamEvents,
  callbackHandlerPrefersStreaming,
} from "@langchain/core/callbacks/base";
import { CallbackManager, CallbackManagerForLLMRun, type Callbacks } from "@langchain/core/callbacks/manager";
import { ambientConfig } from "./ambient-config.js";
import { withoutMarks } from "./trace-marks.js";

/** Names of LangGraph's handlers that stream the tokens of a chat model. */
export const tokenHandlers: ReadonlySet<string> = new Set(["StreamMessagesHandler", "StreamProtocolMessagesHandler"]);
/** Tag that hides the tokens of a call from streams of the outer graph; LangGraph does not export it. */
export const hidingTag = "nostream";
const hidingTags = [hidingTag, `langsmith:${hidingTag}`];

/** Removes the tags that hide tokens, because the runs below a chat model still have to stream theirs to it. */
export function withoutHiding(tags: readonly string[]): string[] {
  return tags.filter((tag) => !hidingTags.includes(tag));
}

/** Names of the handlers that receive the tokens of runs below a chat model: our ledger and LangSmith traces. */
export const seesTokens: ReadonlySet<string> = new Set(["multimodel_ledger", "langchain_tracer"]);
const tokenEvents: ReadonlySet<string | symbol> = new Set(["handleLLMNewToken", "handleChatModelStreamEvent"]);
const prefers: ReadonlySet<string | symbol> = new Set(["lc_prefer_streaming", "lc_prefer_chat_model_stream_events"]);

/**
 * Wraps a handler so that it receives runs but no tokens. Tokens below a chat model may belong to discarded drafts or lanes, and the
 * chat model streams those of its answer itself.
 */
function withoutTokenEvents(handler: BaseCallbackHandler): BaseCallbackHandler {
  if (seesTokens.has(handler.name)) return handler;
  return new Proxy(handler, {
    get(target, key) {
      if (tokenEvents.has(key)) return undefined;
      if (prefers.has(key)) return false;
      if (key === "tapOutputIterable") return (_run: string, output: AsyncIterator<unknown>) => output; // handler of an event stream
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" && key !== "constructor" ? value.bind(target) : value;
    },
  });
}

function handlersBelow(handlers: readonly BaseCallbackHandler[]): BaseCallbackHandler[] {
  return handlers.filter(({ name }) => !tokenHandlers.has(name)).map(withoutTokenEvents);
}

/** Private fields of a chat model's run for the runs below it; LangChain offers no `getChild` there. */
interface Inheritable {
  readonly runId: string;
  readonly inheritableHandlers: BaseCallbackHandler[];
  readonly inheritableTags: string[];
  readonly inheritableMetadata: Record<string, unknown>;
}

/**
 * Makes the callbacks of runs below a chat model: children of its run, without tokens. The chat model streams its own tokens, and the
 * same text would appear twice.
 */
export function callbacksBelow(
  run: CallbackManagerForLLMRun | undefined,
  ...more: BaseCallbackHandler[]
): Callbacks | undefined {
  if (run === undefined) return ambientCallbacks(more);
  const { runId, inheritableHandlers, inheritableTags, inheritableMetadata } = run as unknown as Inheritable;
  const below = new CallbackManager(runId);
  below.setHandlers([...handlersBelow(inheritableHandlers), ...more]);
  below.addTags(withoutHiding(inheritableTags));
  below.addMetadata(withoutMarks(inheritableMetadata));
  return below;
}

/**
 * Returns the callbacks for the tokens of a run. For a root run they leave out LangChain's event stream, which reads tokens from the
 * output of the run and would emit them twice.
 */
export function tokenCallbacks(run: CallbackManagerForLLMRun | undefined): CallbackManagerForLLMRun | undefined {
  if (run === undefined || run.parentRunId !== undefined) return run;
  const handlers = run.handlers.filter(({ name }) => name !== "event_stream_tracer");
  return new CallbackManagerForLLMRun(run.runId, handlers, [], [], [], {}, {});
}

/** Makes the callbacks below a chat model without a run of its own; the runs below then belong to the node around it. */
function ambientCallbacks(more: BaseCallbackHandler[]): Callbacks | undefined {
  const callbacks = ambientConfig()?.callbacks;
  if (callbacks === undefined) return more.length === 0 ? undefined : more; // an empty list would create a run manager for each node
  if (Array.isArray(callbacks)) return [...handlersBelow(callbacks as BaseCallbackHandler[]), ...more];
  const below = callbacks.copy();
  below.setHandlers([...handlersBelow(below.handlers), ...more]);
  below.removeTags(hidingTags);
  return below;
}

/** Removes the handlers that stream the output of nodes, because an answer below may still be discarded. */
export function withoutMessages(callbacks: Callbacks | undefined): Callbacks | undefined {
  if (callbacks === undefined || Array.isArray(callbacks)) return callbacks;
  const below = callbacks.copy();
  for (const handler of below.handlers.filter(({ name }) => tokenHandlers.has(name))) below.removeHandler(handler);
  return below;
}

/** True if a callback reads tokens. */
export function runStreams(callbacks: Callbacks | undefined): boolean {
  return some(callbacks, callbackHandlerPrefersStreaming) && !readsEvents(callbacks);
}

/** True if a callback shows tokens, as chunks or as events. */
export function showsTokens(callbacks: Callbacks | undefined): boolean {
  return some(callbacks, callbackHandlerPrefersStreaming) || readsEvents(callbacks);
}

/** True if a callback reads the events of LangChain's content-block protocol. */
export function readsEvents(callbacks: Callbacks | undefined): boolean {
  return some(callbacks, callbackHandlerPrefersChatModelStreamEvents);
}

function some(callbacks: Callbacks | undefined, test: (handler: BaseCallbackHandler) => unknown): boolean {
  const handlers: readonly unknown[] = Array.isArray(callbacks) ? callbacks : (callbacks?.handlers ?? []);
  return (handlers as readonly BaseCallbackHandler[]).some((handler) => Boolean(test(handler)));
}
