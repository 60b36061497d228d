import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ErrorClass, type ErrorRule, errorClasses } from "../../src/errors/index.js";

const page = readFileSync(new URL("../../docs/failures.md", import.meta.url), "utf8");
const table = page.split("| kind | for example | retried | then |\n")[1]!.split("\n\n")[0]!;
const rows = table
  .split("\n")
  .slice(1)
  .flatMap((line) => {
    const [, kinds, , retried, then] = line.split("|").map((cell) => cell.trim());
    return [...kinds!.matchAll(/`(\w+)`/g)].map(([, kind]) => ({ kind: kind as ErrorClass, retried, then }));
  });
const controlFlow: readonly ErrorClass[] = ["abort", "interrupt"];

/** What the last column says about the models that are passed over. */
const avoided: Readonly<Record<ErrorRule["avoid"], RegExp>> = {
  client: /^next model(?!.*(of another provider|window|not the same one))/,
  model: /^next model; not the same one again/,
  provider: /^next model of another provider/,
  smaller_window: /^next model with a larger known window/,
  none: /^the run ends/,
};

describe("docs/failures.md", () => {
  it("has one row for every class but those that are no failures", () => {
    const classes = Object.keys(errorClasses).filter((kind) => !controlFlow.includes(kind as ErrorClass));
    expect(rows.map(({ kind }) => kind).sort()).toEqual(classes.sort());
    expect(page).toContain("What is never a failure");
  });

  it.each(rows)("says of $kind what the record says", ({ kind, retried, then }) => {
    const { retryable, maxRetries, avoid, coolDownMs, outage = false } = errorClasses[kind];
    expect(then!.includes("counts for the breaker")).toBe(outage);
    expect(retried).toMatch(!retryable ? /^no$/ : maxRetries === 1 ? /^once$/ : /^yes/);
    expect(then).toMatch(avoided[avoid]);
    const cooling = /cools down (?:for the wait, else )?(\d+) (s|min)/.exec(then!);
    expect(cooling && Number(cooling[1]) * (cooling[2] === "s" ? 1_000 : 60_000)).toBe(coolDownMs ?? null);
  });
});
