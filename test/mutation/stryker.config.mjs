const room = process.env.MUTATION_ROOM;
const name = process.env.MUTATION_PART ?? room;

/** One room of src/ and its own tests, which `vitest.mutation.config.ts` names: `npm run test:mutation -- routing`. */
export default {
  mutate: [`src/${room}/**/*.ts`],
  mutator: { excludedMutations: ["StringLiteral"] }, // prose for people and models, which no test should repeat
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts", related: false },
  coverageAnalysis: "perTest",
  timeoutMS: 20_000, // machines are busy, and a time-out counts as noticed
  concurrency: Number(process.env.MUTATION_WORKERS ?? 2),
  disableTypeChecks: false,
  tsconfigFile: "out/absent.json", // Stryker would rewrite tsconfig.json with functions that TypeScript 7 has no more
  ignorePatterns: [
    "bench",
    "data",
    "demo",
    "dist",
    "docs",
    "examples",
    "notebooks",
    "out",
    "/test/mutation/node_modules",
  ],
  tempDirName: `out/mutation/${name}`,
  reporters: ["clear-text", "json", "html", "progress-append-only"],
  clearTextReporter: { logTests: false, reportTests: false },
  htmlReporter: { fileName: `out/mutation/${name}.html` },
  jsonReporter: { fileName: `out/mutation/${name}.json` },
  thresholds: { high: 95, low: 90, break: 85 },
};
