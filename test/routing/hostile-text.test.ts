import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byCapability } from "../../src/routing/by-capability.js";
import { byComplexity } from "../../src/routing/by-complexity.js";
import { byContextWindow } from "../../src/routing/by-context-window.js";
import { byCost } from "../../src/routing/by-cost.js";
import { byTask } from "../../src/routing/by-task.js";
import { byTokens } from "../../src/routing/by-tokens.js";
import { firstOf } from "../../src/routing/first-of.js";
import { type Route, toChoice } from "../../src/routing/route.js";
import { weighted } from "../../src/routing/weighted.js";
import { routeTurn } from "./turn.js";

const facts = { price: { input: 1, output: 2 }, contextWindow: 10_000_000 };
const models = [
  { name: "a", ...facts },
  { name: "b", ...facts },
] as const;
const routes: readonly Route<"a" | "b">[] = [
  byComplexity({ simple: "a", complex: "b" }),
  byTask({ task: "t", table: { t: { simple: "a" } }, default: "b" }),
  byTokens({ 500: "a" }, "b"),
  byCost({ quality: { a: 0.5, b: 1 }, min: 0.5 }),
  byContextWindow(),
  weighted({ a: 1, b: 1 }, { stickyBy: ({ messages }) => messages[0]?.text }),
  firstOf<"a" | "b">(byCapability(), () => "a"),
];

/** Words the rules look for, halves of them, and signs that trip up patterns, repeated until a search that backtracks stands still. */
const pieces = [
  "json",
  "extrac",
  "explain ",
  "explain why",
  "creativ",
  "analy",
  "evaluat",
  "?",
  " ",
  "\n",
  "aaa",
  "\0",
  "```",
];
const hostile = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 6 })), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.integer({ min: 1, max: 20_000 }),
  )
  .map(([parts, times]) => parts.join("").repeat(times).slice(0, 200_000));

describe("routes that ask no model", () => {
  it("decide on any text, however long and odd, the same way every time", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const { turn } = routeTurn<"a" | "b">(text, models);
        for (const route of routes) {
          const choice = toChoice(await route(turn));
          expect(["a", "b"]).toContain(choice.name);
          if (text.length > 0) expect(toChoice(await route(turn))).toEqual(choice);
        }
      }),
      { numRuns: 150 },
    );
  }, 600_000);
});
