import type { SpanContext } from "@opentelemetry/api";

/** Maximum number of threads whose latest run is remembered. */
const most = 10_000;

/** Span of the latest run of each thread, so that a run that goes on links to it; this process only knows its own. */
const latest = new Map<string, SpanContext>();

/** Remembers the span of the latest run of a thread. */
export function noteRun(thread: string, span: SpanContext): void {
  latest.delete(thread);
  latest.set(thread, span);
  const [oldest] = latest.keys();
  if (latest.size > most && oldest !== undefined) latest.delete(oldest);
}

/** Returns the span of the latest run of a thread. */
export function runBefore(thread: string): SpanContext | undefined {
  return latest.get(thread);
}
