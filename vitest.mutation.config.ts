import { defineConfig } from "vitest/config";
import type { Reporter, RunnerTestFile, TestModule } from "vitest/node";
import { warmPool } from "./test/mutation/warm-pool.mjs";

const room = process.env.MUTATION_ROOM ?? "";
const limit = room === "text" ? 600_000 : 10_000; // nothing waits in text/, and its longest texts take their time

/**
 * Property tests try a few cases for each of thousands of mutants, except where a test counts what came of them, and texts that are
 * long for the sake of time are shorter.
 */
const shorter = {
  name: "shorter",
  enforce: "pre" as const, // before the compiler writes 1_000 as 1e3
  transform(code: string, id: string) {
    if (!id.endsWith(".test.ts") || code.includes("proven")) return undefined;
    const fewer = code.replace(/numRuns: [\d_]+/g, "numRuns: 30");
    return id.includes("/test/text/") ? fewer.replace(/\b(?:[2-9]00_000|1_000_000)\b/g, "25_000") : fewer;
  },
};

/** Fails a test in the place of those of a file that a mutant keeps from loading: Stryker counts tests, and would see that none failed. */
const loading: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    for (const module of modules.filter((each) => each.errors().length > 0)) {
      const file = (module as unknown as { readonly task: RunnerTestFile }).task;
      const result = { state: "fail", errors: file.result?.errors ?? [] };
      file.tasks.push({ type: "test", name: "loads", mode: "run", result, file } as never);
    }
  },
};

/** The tests that must notice a change of one room: `npm run test:mutation -- routing`. */
export default defineConfig({
  plugins: [warmPool(), shorter],
  test: {
    include: (process.env.MUTATION_TESTS ?? `test/${room}/**/*.test.ts`).split(","),
    setupFiles: ["test/mutation/fixed-seed.ts"],
    reporters: [loading],
    isolate: room === "ledger", // which keeps prices by their names: a test would not see what another has looked up
    testTimeout: limit, // of a promise that a mutant leaves open; for loops Stryker has a limit of its own
    hookTimeout: limit,
    env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false", MODELS_FILE: "", PROPERTY_SCALE: "0.05" },
  },
});
