import { defineConfig } from "vitest/config";
import { warmPool } from "./test/mutation/warm-pool.mjs";

const room = process.env.MUTATION_ROOM ?? "";

/** Property tests try a few cases for each of thousands of mutants, except where a test counts what came of them. */
const fewerCases = {
  name: "fewer-cases",
  enforce: "pre" as const, // before the compiler writes 1_000 as 1e3
  transform: (code: string, id: string) =>
    id.endsWith(".test.ts") && !code.includes("proven") ? code.replace(/numRuns: [\d_]+/g, "numRuns: 30") : undefined,
};

/** The tests that must notice a change of one room: `npm run test:mutation -- routing`. */
export default defineConfig({
  plugins: [warmPool(), fewerCases],
  test: {
    include: [`test/${room}/**/*.test.ts`],
    setupFiles: ["test/mutation/fixed-seed.ts"],
    reporters: [{}], // Stryker reports; the usual one would quote the source of every test that notices
    isolate: room === "ledger", // which keeps prices by their names: a test would not see what another has looked up
    testTimeout: 30_000, // a mutant that waits for ever is noticed by its test rather than by the end of its process
    hookTimeout: 30_000,
    env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false", MODELS_FILE: "", PROPERTY_SCALE: "0.05" },
  },
});
