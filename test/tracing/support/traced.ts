import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** A provider that keeps its spans. */
export function memoryTraces() {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracerProvider, spans: () => exporter.getFinishedSpans(), reset: () => exporter.reset() };
}

/** A meter provider that keeps its metrics. */
export function memoryMetrics() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const collect = async () => {
    await meterProvider.shutdown(); // exports once
    return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  };
  return { meterProvider, collect };
}

/** A finished span as a test reads it, from whatever exporter. */
export interface DrawnSpan {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly startedAt: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export function drawn(span: ReadableSpan): DrawnSpan {
  const { name, attributes, status, startTime } = span;
  const { spanId: id } = span.spanContext();
  const parentId = span.parentSpanContext?.spanId;
  return { id, parentId, name, attributes, startedAt: startTime[0] * 1e9 + startTime[1], failed: status.code === 2 };
}

/** Draws spans as a tree; children that ran beside each other stand by their names. */
export function treeOf(spans: readonly DrawnSpan[]): string {
  const ids = new Set(spans.map(({ id }) => id));
  const below = (parentId: string | undefined) =>
    spans.filter((span) => (parentId === undefined ? !ids.has(span.parentId ?? "") : span.parentId === parentId));
  const lines = (span: DrawnSpan, depth: number): string[] => [
    `${"  ".repeat(depth)}${span.name}${marksOf(span)}`,
    ...ordered(below(span.id)).flatMap((child) => lines(child, depth + 1)),
  ];
  return ordered(below(undefined))
    .flatMap((root) => lines(root, 0))
    .join("\n");
}

/** Orders lanes of one step by name, since either may begin first, and everything else by time. */
function ordered(spans: readonly DrawnSpan[]): readonly DrawnSpan[] {
  const lanes = (span: DrawnSpan) => Number(/^[a-z]$/.test(span.name));
  return [...spans].sort((one, other) =>
    lanes(one) && lanes(other) ? one.name.localeCompare(other.name) : one.startedAt - other.startedAt,
  );
}

function marksOf({ attributes, failed }: DrawnSpan): string {
  const marks = [
    attributes["multimodel.path"] && `path=${attributes["multimodel.path"]}`,
    attributes["multimodel.role"] &&
      attributes["multimodel.role"] !== "answer" &&
      `role=${attributes["multimodel.role"]}`,
    Number(attributes["multimodel.attempt"]) > 1 && `attempt=${attributes["multimodel.attempt"]}`,
    attributes["multimodel.status"] && attributes["multimodel.status"] !== "ok" && `${attributes["multimodel.status"]}`,
    failed && `error=${attributes["error.type"]}`,
    attributes["multimodel.paused"] && "paused",
    attributes["multimodel.decisions.0.kind"] && `${attributes["multimodel.decisions.0.kind"]}`,
  ].filter(Boolean);
  return marks.length > 0 ? ` [${marks.join(" ")}]` : "";
}
