import type { CallbackManager } from "@langchain/core/callbacks/manager";
import { hookCallbacks } from "../langgraph/configure-hook.js";
import { withoutOpenInference } from "./open-inference.js";
import { makeHandler, type OpenTelemetryOptions } from "./open-telemetry.js";
import { spanHandlerName } from "./span-handler.js";

/**
 * Traces all runs of a process, as `openTelemetry` does one: of graphs, agents, chains and models, given callbacks or not.
 *
 * **When to use** - once, where a process starts; in a server, where no one passes callbacks.
 * **Gotchas** - a run that has an `openTelemetry` handler of its own keeps that one.
 *
 * @example
 * ```ts
 * import { instrument } from "langgraph-multimodel/tracing";
 * const undo = instrument();
 * await graph.invoke({ messages: "Hi" });
 * undo();
 * ```
 * @returns a function that ends it; runs in progress are traced to their end
 * @throws {InvalidOptionError} for an unknown option, or a provider without `getTracer` or `getMeter`
 */
export function instrument(options: OpenTelemetryOptions = {}): () => void {
  const handler = makeHandler("instrument", options);
  const add = (manager: CallbackManager) => {
    if (!manager.handlers.some(({ name }) => name === spanHandlerName)) manager.addHandler(handler);
    withoutOpenInference(manager);
  };
  return hookCallbacks(add, { always: true });
}
