import { defineConfig } from "vitest/config";
import { isolatedFiles } from "./test/support/isolated-files.js";
import { longFiles } from "./test/support/long-files.js";
import { processFiles } from "./test/support/process-files.js";

const common = {
  // generous on purpose: a machine with twenty busy processes beside it must pass, and no test asserts wall time
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 300_000, interval: 20 } },
  isolate: false, // the library and LangChain are loaded once a worker, which takes longer than most files
  env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false", MODELS_FILE: "" },
};

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    maxWorkers: 3, // one more than cores in CI: a third of the time is spent waiting for processes
    projects: [
      { test: { ...common, name: "processes", include: [...processFiles] } },
      { test: { ...common, name: "long", include: [...longFiles] } },
      { test: { ...common, name: "isolated", isolate: true, include: [...isolatedFiles] } },
      {
        test: {
          ...common,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...processFiles, ...longFiles, ...isolatedFiles],
          typecheck: {
            enabled: process.env.npm_lifecycle_event === "test", // with everything; a single file starts without the compiler
            checker: "./node_modules/typescript/bin/tsc", // tslab brings a compiler of its own under the same name
            include: ["test/types/*.test-d.ts"],
            tsconfig: "./tsconfig.json",
          },
        },
      },
    ],
  },
});
