import { defineConfig } from "vitest/config";

/** Clients of their own package, driven through the endpoint: `npm run test:clients`. */
export default defineConfig({
  test: {
    include: ["test/clients/*.test.mjs"],
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false" },
  },
});
