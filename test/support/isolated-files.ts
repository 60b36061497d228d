/** Files that set what a library reads or registers once a process (LangSmith's settings, OpenTelemetry's providers): each has a process of its own. */
export const isolatedFiles: readonly string[] = [
  "test/calls/keep-local-traces.test.ts",
  "test/tracing/instrument.test.ts",
];
