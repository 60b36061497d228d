/**
 * Files that change what is kept once a process, so that others would meet it: LangSmith's settings, OpenTelemetry's providers, random
 * words remembered as secrets. Each has a process of its own.
 */
export const isolatedFiles: readonly string[] = [
  "test/calls/keep-local-traces.test.ts",
  "test/secrets/known-secrets.test.ts",
  "test/secrets/redact.test.ts",
  "test/tracing/instrument.test.ts",
];
