import {
  type BaseCallbackHandler,
  callbackHandlerPrefersChatModelStreamEvents,
  callbackHandlerPrefersStreaming,
} from "@langchain/core/callbacks/base";
import { CallbackManager, CallbackManagerForLLMRun, type Callbacks } from "@langchain/core/callbacks/manager";
import { ambientConfig } from "./ambient-config.js";
import { withoutMarks } from "./trace-marks.js";

/** Handlers with which LangGraph shows tokens to whoever streams the graph around a chat model. */
const shows: ReadonlySet<string> = new Set(["StreamMessagesHandler", "StreamProtocolMessagesHandler"]);
/** Tag that keeps the tokens of a call out of streams of the graph around; LangGraph does not export its name. */
export const hidingTag = "nostream";
const hides = [hidingTag, `langsmith:${hidingTag}`];

/** Tags without those that hide the tokens of a chat model from whoever streams; what runs below it still shows its own to it. */
export function withoutHiding(tags: readonly string[]): string[] {
  return tags.filter((tag) => !hides.includes(tag));
}

/** Handlers that see the runs below a chat model whole: ours, and that of traces. */
const seesTokens: ReadonlySet<string> = new Set(["multimodel_ledger", "langchain_tracer"]);
const tokenEvents: ReadonlySet<string | symbol> = new Set(["handleLLMNewToken", "handleChatModelStreamEvent"]);
const prefers: ReadonlySet<string | symbol> = new Set(["lc_prefer_streaming", "lc_prefer_chat_model_stream_events"]);

/**
 * A view of a handler that is told of runs and not of tokens: those below a chat model may be of drafts and of lanes that lose,
 * and the chat model tells of the answer's itself.
 */
function withoutTokenEvents(handler: BaseCallbackHandler): BaseCallbackHandler {
  if (seesTokens.has(handler.name)) return handler;
  return new Proxy(handler, {
    get(target, key) {
      if (tokenEvents.has(key)) return undefined;
      if (prefers.has(key)) return false;
      if (key === "tapOutputIterable") return (_run: string, output: AsyncIterator<unknown>) => output; // a stream of events
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" && key !== "constructor" ? value.bind(target) : value;
    },
  });
}

/** The handlers of a run below a chat model: without those that show tokens, and deaf to them. */
function handlersBelow(handlers: readonly BaseCallbackHandler[]): BaseCallbackHandler[] {
  return handlers.filter(({ name }) => !shows.has(name)).map(withoutTokenEvents);
}

/** What a run of a chat model hands on to the runs below it; of a chat model's run LangChain makes no such thing itself. */
interface Inheritable {
  readonly runId: string;
  readonly inheritableHandlers: BaseCallbackHandler[];
  readonly inheritableTags: string[];
  readonly inheritableMetadata: Record<string, unknown>;
}

/**
 * The callbacks of a run below a chat model: children of its run, told of nothing but runs. It shows its own tokens, and the same
 * text would be seen twice.
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
 * The callbacks that are told of the tokens of a run. LangChain's event stream reads those of a run it began itself off its
 * output, and would give them twice, as soon as the run has others below it.
 */
export function tokenCallbacks(run: CallbackManagerForLLMRun | undefined): CallbackManagerForLLMRun | undefined {
  if (run === undefined || run.parentRunId !== undefined) return run;
  const handlers = run.handlers.filter(({ name }) => name !== "event_stream_tracer");
  return new CallbackManagerForLLMRun(run.runId, handlers, [], [], [], {}, {});
}

/** Called by itself, LangChain's event protocol makes no run of a chat model; what is below then belongs to the node around it. */
function ambientCallbacks(more: BaseCallbackHandler[]): Callbacks | undefined {
  const callbacks = ambientConfig()?.callbacks;
  if (callbacks === undefined) return more.length === 0 ? undefined : more; // an empty list costs a run manager a node
  if (Array.isArray(callbacks)) return [...handlersBelow(callbacks as BaseCallbackHandler[]), ...more];
  const below = callbacks.copy();
  below.setHandlers([...handlersBelow(below.handlers), ...more]);
  below.removeTags(hides);
  return below;
}

/** Removes the handlers that show what nodes return, since what is below may be discarded; it is shown once it is accepted. */
export function withoutMessages(callbacks: Callbacks | undefined): Callbacks | undefined {
  if (callbacks === undefined || Array.isArray(callbacks)) return callbacks;
  const below = callbacks.copy();
  for (const handler of below.handlers.filter(({ name }) => shows.has(name))) below.removeHandler(handler);
  return below;
}

/** True where tokens are read off the callbacks. */
export function runStreams(callbacks: Callbacks | undefined): boolean {
  return some(callbacks, callbackHandlerPrefersStreaming) && !readsEvents(callbacks);
}

/** True where the events of LangChain's content-block protocol are read off the callbacks. */
export function readsEvents(callbacks: Callbacks | undefined): boolean {
  return some(callbacks, callbackHandlerPrefersChatModelStreamEvents);
}

function some(callbacks: Callbacks | undefined, test: (handler: BaseCallbackHandler) => unknown): boolean {
  const handlers: readonly unknown[] = Array.isArray(callbacks) ? callbacks : (callbacks?.handlers ?? []);
  return (handlers as readonly BaseCallbackHandler[]).some((handler) => Boolean(test(handler)));
}
