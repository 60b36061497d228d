/** Files that try very many cases (every pattern over every client, every secret by every way out, random texts): too long to be waited for between two edits. */
export const longFiles: readonly string[] = [
  "test/conformance/*.test.ts",
  "test/server/fuzz-*.test.ts",
  "test/calls/budgets.test.ts",
  "test/calls/errors-over-clients.test.ts",
  "test/chat-model/chat-model-standard.test.ts",
  "test/config/fuzz.test.ts",
  "test/langgraph/fast-run.test.ts",
  "test/patterns/deadline.test.ts",
  "test/resilience/provider-errors.test.ts",
  "test/routing/hostile-text.test.ts",
  "test/secrets/sweep.test.ts",
  "test/server/endings.test.ts",
  "test/server/ui/bounds.test.ts",
  "test/state/message-input.test.ts",
  "test/testing/chaos-classes.test.ts",
  "test/verification/hostile-text.test.ts",
];
