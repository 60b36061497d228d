import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    testTimeout: 20_000,
    maxWorkers: 2, // by default one core is left free, and on two cores that halves the speed
    typecheck: {
      enabled: process.env.npm_lifecycle_event === "test", // with everything; a single file starts without the compiler
      checker: "./node_modules/typescript/bin/tsc", // tslab brings a compiler of its own under the same name
      include: ["test/types/*.test-d.ts"],
      tsconfig: "./tsconfig.json",
    },
    env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false", MODELS_FILE: "" },
  },
});
