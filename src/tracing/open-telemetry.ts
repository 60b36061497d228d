import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { loadApi } from "./load-api.js";
import { leaveOutOpenInference } from "./open-inference.js";
import { SpanHandler } from "./span-handler.js";
import { RunSpans } from "./spans/run-spans.js";

/** Options of `openTelemetry` and `instrument`. */
export interface OpenTelemetryOptions {
  /** Where spans go. @default the provider that is registered globally, as the Node SDK does */
  readonly tracerProvider?: TracerProvider;
  /** Where metrics go. @default the provider that is registered globally */
  readonly meterProvider?: MeterProvider;
  /** True to record what models and tools read and write, without keys. @default false */
  readonly content?: boolean;
}

const keys = ["tracerProvider", "meterProvider", "content"] as const;

/**
 * Makes a callback handler that turns a run into OpenTelemetry spans and metrics.
 *
 * One span for the run, each graph and node in it, each call of a model (one for each attempt), each tool and retriever. Attributes follow
 * the GenAI conventions of OpenTelemetry and those of OpenInference; cost, tokens and decisions are those of the ledger.
 *
 * **When to use** - to see runs in Phoenix, Langfuse, LangSmith, Jaeger or any other backend that reads OTLP. For all runs of a process:
 * `instrument`. Needs `npm install @opentelemetry/api` and an SDK that exports, such as `@opentelemetry/sdk-node`.
 * **Gotchas** - texts are recorded only with `content: true`; they may hold what your users wrote. Spans of HTTP clients become children
 * of the span around the run, not of the call. One handler may serve any number of runs.
 *
 * @example
 * ```ts
 * import { openTelemetry } from "langgraph-multimodel/tracing";
 * await graph.invoke({ messages: "Hi" }, { callbacks: [openTelemetry()] });
 * ```
 * @returns a handler for `callbacks` of a run; without `@opentelemetry/api` its first run throws `MissingPackageError`
 * @throws {InvalidOptionError} for an unknown option, or a provider without `getTracer` or `getMeter`
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): BaseCallbackHandler {
  const handler = makeHandler("openTelemetry", options);
  leaveOutOpenInference();
  return handler;
}

/** Makes the handler of a function with these options. */
export function makeHandler(owner: string, options: OpenTelemetryOptions): SpanHandler {
  checkKeys(options, owner, keys);
  const { tracerProvider, meterProvider, content = false } = options;
  if (tracerProvider !== undefined && typeof tracerProvider?.getTracer !== "function") {
    throw new InvalidOptionError(`${owner}.tracerProvider`, tracerProvider, "give a TracerProvider of OpenTelemetry");
  }
  if (meterProvider !== undefined && typeof meterProvider?.getMeter !== "function") {
    throw new InvalidOptionError(`${owner}.meterProvider`, meterProvider, "give a MeterProvider of OpenTelemetry");
  }
  if (typeof content !== "boolean") throw new InvalidOptionError(`${owner}.content`, content, "give true or false");
  return new SpanHandler(async () => new RunSpans(await loadApi(owner), tracerProvider, meterProvider), content);
}
