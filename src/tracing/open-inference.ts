import type { CallbackManager } from "@langchain/core/callbacks/manager";
import { handlersOfEveryRun, hookCallbacks } from "../langgraph/configure-hook.js";
import { spanHandlerName } from "./span-handler.js";

/** Name of the handler of `@arizeai/openinference-instrumentation-langchain`. */
const theirs = "OpenInferenceLangChainTracer";

let endHook = (): void => {};

/** Removes OpenInference's handler where ours is: its spans say the same, and would stand in the trace twice. */
export function withoutOpenInference(manager: CallbackManager): void {
  if (!manager.handlers.some(({ name }) => name === spanHandlerName)) return;
  for (const handler of manager.handlers) if (handler.name === theirs) manager.removeHandler(handler);
}

/** Leaves OpenInference's handler out of the runs that have ours, from now on, if it traces this process. */
export function leaveOutOpenInference(): void {
  if (!handlersOfEveryRun().some(({ name }) => name === theirs)) return;
  endHook(); // an instrumentation that was switched on again since stands around the earlier hook
  endHook = hookCallbacks(withoutOpenInference);
}
