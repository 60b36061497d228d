import type { CallbackManager } from "@langchain/core/callbacks/manager";
import { InvalidOptionError } from "../errors/index.js";
import { hookCallbacks } from "../langgraph/configure-hook.js";
import { withoutOpenInference } from "./open-inference.js";
import { makeHandler, type OpenTelemetryOptions } from "./open-telemetry.js";
import { spanHandlerName } from "./span-handler.js";

/**
 * Traces all runs of a process, as `openTelemetry` does one: of graphs, agents, chains and models, given callbacks or not.
 *
 * **When to use** - once, where a process starts; in a server, where no one passes callbacks.
 * **Gotchas** - a run that has an `openTelemetry` handler of its own keeps that one. Two of it with different tracer providers give
 * spans to both, and metrics once; a second one with the same providers adds nothing.
 *
 * @example
 * ```ts
 * import { instrument } from "langgraph-multimodel/tracing";
 * const undo = instrument();
 * await graph.invoke({ messages: "Hi" });
 * undo();
 * ```
 * @returns a function that ends it; runs in progress are traced to their end
 * @throws {InvalidOptionError} for an unknown option, a provider without `getTracer` or `getMeter`, or another meter
 * provider or `content` than an `instrument` of the same tracer provider that has not ended
 */
export function instrument(options: OpenTelemetryOptions = {}): () => void {
  const handler = makeHandler("instrument", options);
  checkOthers(options);
  providers.set(handler, options.tracerProvider);
  const add = (manager: CallbackManager) => {
    const ours = manager.handlers.filter(({ name }) => name === spanHandlerName);
    const isTraced = ours.some((one) => !providers.has(one) || providers.get(one) === options.tracerProvider);
    if (!isTraced) manager.addHandler(handler);
    withoutOpenInference(manager);
  };
  const unhook = hookCallbacks(add, { always: true });
  const own = { ...options };
  active.add(own);
  return () => {
    active.delete(own);
    unhook();
  };
}

/** Tracer providers of the handlers that `instrument` made. */
const providers = new WeakMap<object, OpenTelemetryOptions["tracerProvider"]>();

/** Options of those that have not ended. */
const active = new Set<OpenTelemetryOptions>();

/** Throws if the spans already go to this provider in another way: a second handler would double them, or have no effect. */
function checkOthers(options: OpenTelemetryOptions): void {
  const other = [...active].find(({ tracerProvider }) => tracerProvider === options.tracerProvider);
  if (other === undefined) return;
  for (const key of ["meterProvider", "content"] as const) {
    if ((options[key] || undefined) === (other[key] || undefined)) continue;
    const expected =
      "an earlier instrument() of the same tracerProvider has another value and has not ended; call the function it returned first";
    throw new InvalidOptionError(`instrument.${key}`, options[key], expected);
  }
}
