import { defineConfig } from "vitest/config";
import { warmPool } from "./test/mutation/warm-pool.mjs";

const room = process.env.MUTATION_ROOM ?? "";

/** The tests that must notice a change of one room: `npm run test:mutation -- routing`. */
export default defineConfig({
  plugins: [warmPool()],
  test: {
    include: [`test/${room}/**/*.test.ts`],
    setupFiles: ["test/mutation/fixed-seed.ts"],
    isolate: false,
    testTimeout: 10_000, // a mutant that waits for ever is noticed by its test rather than by the end of its process
    hookTimeout: 10_000,
    env: { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false", MODELS_FILE: "", PROPERTY_SCALE: "0.05" },
  },
});
