import { defineConfig } from "vitest/config";

/** Bundlers and runtimes of their own package, beside the packed library: `npm run test:runtimes`. */
export default defineConfig({
  test: {
    include: ["test/runtimes/*.test.mjs"],
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false" },
  },
});
