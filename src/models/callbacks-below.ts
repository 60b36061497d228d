import {
  type BaseCallbackHandler,
  callbackHandlerPrefersChatModelStreamEvents,
  callbackHandlerPrefersStreaming,
} from "@langchain/core/callbacks/base";
import { CallbackManager, CallbackManagerForLLMRun, type Callbacks } from "@langchain/core/callbacks/manager";
import type { RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** Handlers with which LangGraph shows tokens to whoever streams the graph around a chat model. */
const shows: ReadonlySet<string> = new Set(["StreamMessagesHandler", "StreamProtocolMessagesHandler"]);
const hides = ["nostream", "langsmith:nostream"];

/** Tags without those that hide the tokens of a chat model from whoever streams; what runs below it still shows its own to it. */
export function withoutHiding(tags: readonly string[]): string[] {
  return tags.filter((tag) => !hides.includes(tag));
}

/** What a run of a chat model hands on to the runs below it; of a chat model's run LangChain makes no such thing itself. */
interface Inheritable {
  readonly runId: string;
  readonly inheritableHandlers: BaseCallbackHandler[];
  readonly inheritableTags: string[];
  readonly inheritableMetadata: Record<string, unknown>;
}

/**
 * The callbacks of a run below a chat model: children of its run, without those that show tokens. It shows its own, and the same
 * text would be seen twice.
 */
export function callbacksBelow(
  run: CallbackManagerForLLMRun | undefined,
  ...more: BaseCallbackHandler[]
): Callbacks | undefined {
  if (run === undefined) return ambientCallbacks(more);
  const { runId, inheritableHandlers, inheritableTags, inheritableMetadata } = run as unknown as Inheritable;
  const below = new CallbackManager(runId);
  below.setHandlers([...inheritableHandlers.filter(({ name }) => !shows.has(name)), ...more]);
  below.addTags(withoutHiding(inheritableTags));
  below.addMetadata(
    Object.fromEntries(Object.entries(inheritableMetadata).filter(([key]) => !key.startsWith("ls_"))), // the outer model's name
  );
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

/** LangChain's event protocol runs a chat model without a run of its own; what is below it then belongs to the node around it. */
function ambientCallbacks(more: BaseCallbackHandler[]): Callbacks | undefined {
  const ambient = AsyncLocalStorageProviderSingleton.getRunnableConfig() as RunnableConfig | undefined;
  const callbacks = ambient?.callbacks;
  if (callbacks === undefined) return more.length === 0 ? undefined : more; // an empty list costs a run manager a node
  if (Array.isArray(callbacks)) {
    return [...callbacks.filter((handler) => !shows.has((handler as BaseCallbackHandler).name)), ...more];
  }
  const below = callbacks.copy();
  for (const handler of below.handlers.filter(({ name }) => shows.has(name))) below.removeHandler(handler);
  for (const handler of more) below.addHandler(handler, true);
  below.removeTags(hides);
  return below;
}

/** True where somebody reads tokens off the callbacks; LangChain's event protocol reads them elsewhere. */
export function runStreams(callbacks: Callbacks | undefined): boolean {
  const handlers: readonly unknown[] = Array.isArray(callbacks) ? callbacks : (callbacks?.handlers ?? []);
  const some = (test: (handler: BaseCallbackHandler) => unknown) =>
    (handlers as BaseCallbackHandler[]).some((handler) => test(handler));
  return some(callbackHandlerPrefersStreaming) && !some(callbackHandlerPrefersChatModelStreamEvents);
}
