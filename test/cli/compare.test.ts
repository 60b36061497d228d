import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VariantComparison } from "../../src/evaluation/index.js";
import { callOf } from "../ledger/calls.js";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
});
afterEach(() => place[Symbol.asyncDispose]());

const day = (date: string) => new Date(date).getTime();

/** A row, as `multimodel run` writes it. */
function row(id: number, variant: string, more: object = {}): string {
  const decisions = [{ node: "assignment", kind: "route", chosen: variant, reason: "drawn" }];
  const calls = [callOf({ costUsd: 0.001, startedAt: day("2026-11-01") })];
  return JSON.stringify({
    id,
    target: "split",
    text: "Hi",
    modelUsed: variant,
    confidence: 0.9,
    decisions,
    calls,
    ...more,
  });
}
const rows = (count: number, variant: string, more?: object) =>
  Array.from({ length: count }, (_, index) => row(index + (variant === "b" ? 1_000 : 0), variant, more));
const comparisonIn = (stdout: string) => JSON.parse(stdout) as VariantComparison;

describe("multimodel compare", () => {
  it("prints what the variants of an experiment did, and how many more runs would tell", async () => {
    const failed = row(2_000, "b", { error: { name: "Error", message: "no" }, text: undefined });
    place.file("answers.jsonl", [...rows(30, "a"), ...rows(9, "b"), failed, '{"id": 7, "cut o'].join("\n"));
    const { code, stdout, stderr } = await place.run(["compare", "answers.jsonl", "--smallest", "success=0.05"]);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(
      /^figure +side +runs +value +95 % interval +difference +95 % interval +more runs +for smallest$/,
    );
    expect(lines[1]).toMatch(/^success +a +30 +100\.0 % +88\.6 to 100\.0 %$/);
    expect(lines[2]).toMatch(/^ +b +10 +90\.0 % +59\.6 to 98\.2 % +-10\.0 pt +-40\.4 to \+4\.0 pt +\d+ +\d+$/);
    expect(stdout).toMatch(/^score +a +30 +0\.900 /m);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(113);
  });

  it("compares what run wrote, of two targets and of two files", async () => {
    place.file("prompts.txt", "Hi\nHello\n");
    for (const model of ["fast", "strong"]) {
      expect((await place.run(["run", "prompts.txt", "-o", `${model}.jsonl`, "-m", model])).code).toBe(0);
    }
    const written = JSON.parse(readFileSync(join(place.folder, "fast.jsonl"), "utf8").split("\n")[0]!);
    expect(written).toMatchObject({ text: expect.any(String), confidence: null });
    for (const [by, name] of [
      ["target", ""],
      ["file", ".jsonl"],
    ]) {
      const { stdout } = await place.run(["compare", "fast.jsonl", "strong.jsonl", "--by", by!, "--json"]);
      const { baseline, variants, differences } = comparisonIn(stdout);
      expect(baseline).toBe(`fast${name}`);
      expect(variants[`strong${name}`]).toMatchObject({ runs: 2, success: { value: 1 } });
      expect(differences[`strong${name}`]!.costUsd.value).toBeGreaterThan(0);
    }
  });

  it("compares two times, and files as one", async () => {
    const later = { calls: [callOf({ startedAt: day("2026-11-08"), latencyMs: 3_000 })] };
    place.file("one.jsonl", rows(4, "a").join("\n"));
    place.file(
      "two.jsonl",
      [...rows(3, "a", later), row(9, "a", { calls: [callOf({ startedAt: day("2026-12-01") })] })].join("\n"),
    );
    const runs = async (before: string, after: string) => {
      const times = ["--before", before, "--after", after];
      const { stdout } = await place.run(["compare", "one.jsonl", "two.jsonl", "--json", ...times]);
      const { variants, unassigned } = comparisonIn(stdout);
      return [variants.before?.runs, variants.after?.runs, unassigned];
    };
    expect(await runs("2026-11-08", "2026-11-08")).toEqual([4, 4, 0]);
    expect(await runs("..2026-11-02", "2026-11-08..2026-11-09")).toEqual([4, 3, 1]);
  });

  it("counts a prompt once, with the calls of its earlier attempts", async () => {
    const failed = row(1, "a", { error: { name: "Error", message: "no" }, text: undefined });
    const again = row(1, "a", { earlierCalls: [callOf({ costUsd: 0.005 })] });
    place.file("answers.jsonl", [failed, row(2, "a"), again].join("\n"));
    const { stdout } = await place.run(["compare", "answers.jsonl", "--json"]);
    expect(comparisonIn(stdout).variants.a).toMatchObject({
      runs: 2,
      success: { value: 1 },
      costUsd: { value: 0.0035 },
    });
  });

  it.each([
    [["missing.jsonl"], "missing.jsonl"],
    [["empty.jsonl"], "empty.jsonl has no runs"],
    [["broken.jsonl"], "broken.jsonl:2 is not a run; give rows of multimodel run"],
    [["foreign.jsonl"], "foreign.jsonl:1 is not a run"],
    [
      ["plain.jsonl"],
      "no run was assigned a variant by an experiment; give --by target, --by file, or --before and --after",
    ],
    [["plain.jsonl", "--by", "target"], "no run has a target"],
    [["plain.jsonl", "--by", "model"], "Allowed choices are variant, target, file"],
    [["plain.jsonl", "--before", "2026"], "--before and --after belong together"],
    [
      ["plain.jsonl", "--before", "soon", "--after", "2026"],
      "--before soon is no time; write 2026-11-08, or a range: 2026-11-01..2026-11-08",
    ],
    [["plain.jsonl", "--before", "2026", "--after", "2026..2025"], "--after 2026..2025 is no time"],
    [
      ["plain.jsonl", "--before", "2026", "--after", "2025"],
      "--after: it shares time with before, so that a run would be of two sides",
    ],
    [["good.jsonl", "--baseline", "c"], '--baseline is "c"; the sides are a'],
    [["good.jsonl", "--at", "chat/assignment"], '--at is "chat/assignment"; these runs were assigned at assignment'],
    [["good.jsonl", "--smallest", "success"], "--smallest success is no difference; write success=0.02"],
    [["good.jsonl", "--smallest", "sucess=1"], "--smallest sucess is 1; the options are success, fallen"],
    [["good.jsonl", "--smallest", "success=none"], "--smallest success is NaN; give a difference above 0"],
  ])("says what to do with %j", async (args, message) => {
    place.file("empty.jsonl", "\n");
    place.file("broken.jsonl", [row(1, "a"), '{"id":', row(2, "a")].join("\n"));
    place.file("foreign.jsonl", '{"prompt": "Hi"}');
    place.file("plain.jsonl", JSON.stringify({ calls: [callOf()] }));
    place.file("good.jsonl", row(1, "a"));
    const { code, stdout, stderr } = await place.run(["compare", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
