import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    testTimeout: 20_000,
    typecheck: { enabled: true, include: ["test/types/*.test-d.ts"], tsconfig: "./tsconfig.json" },
    env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false" },
  },
});
