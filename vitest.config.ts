import { defineConfig } from "vitest/config";

/** Files that start processes (commands, servers, notebooks, examples) or load a large model. The others are the units. */
const processes = [
  "test/{docs,examples}.test.ts",
  "test/cli/!(interrupt|text).test.ts",
  "test/config/{large-files,with-tools}.test.ts",
  "test/context/shared-memory-stores.test.ts",
  "test/demo/{answer-question,main}.test.ts",
  "test/learned/local-embeddings.test.ts",
  "test/notebook/notebooks.test.ts",
  "test/patterns/create-experiment.test.ts",
  "test/secrets/{command,typos}.test.ts",
  "test/server/{bounds,langgraph-server}.test.ts",
  "test/studio/*.test.ts",
  "test/support/*.test.ts",
];

const common = {
  // generous on purpose: a machine with twenty busy processes beside it must pass, and no test asserts wall time
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
  isolate: false, // the library and LangChain are loaded once a worker, which takes longer than most files
  env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false", MODELS_FILE: "" },
};

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    maxWorkers: 2, // by default one core is left free, and on two cores that halves the speed
    projects: [
      { test: { ...common, name: "processes", include: processes } },
      {
        test: {
          ...common,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: processes,
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
