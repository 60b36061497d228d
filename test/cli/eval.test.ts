import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlace, type Place, team } from "./command.js";

let place: Place;
beforeEach(async () => {
  place = await openPlace(team);
  const rows = [
    { input: "2 + 2?", expected: 4, tags: { topic: "sums" } },
    { input: "3 * 6?", expected: 18, tags: { topic: "products" } },
  ];
  place.file("questions.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  for (const model of ["gpt-4o-mini", "gpt-4o"]) {
    place.server.reply(model, ({ body }) =>
      model === "gpt-4o" && JSON.stringify(body).includes("3 * 6") ? "It is 18." : "So 4",
    );
  }
});
afterEach(() => place[Symbol.asyncDispose]());

const lines = (file: string) => readFileSync(join(place.folder, file), "utf8").trim().split("\n");

describe("multimodel eval", () => {
  it("scores two models, compares them, and does the same from a recording without keys or requests", async () => {
    const targets = ["--model", "strong", "fast", "--scorer", "number", "--margin", "60"];
    const first = await place.run(["eval", "questions.jsonl", ...targets, "--record", "calls.jsonl"]);
    expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining("Error")]);
    expect(first.stdout).toMatch(/^strong +2 +100\.0 %/m);
    expect(first.stdout).toMatch(/^fast +2 +50\.0 %/m);
    expect(first.stdout).toContain("strong minus fast, on the same 2 questions");
    const sent = place.server.requests.length;
    const again = await place.run(["eval", "questions.jsonl", ...targets, "--replay", "calls.jsonl"], {
      env: { OPENAI_API_KEY: "" },
    });
    expect(again.code).toBe(0);
    expect(place.server.requests.length).toBe(sent);
    const figures = (text: string) => text.split("\n").filter((line) => /^(right|not worse|USD|cost)/.test(line));
    expect(figures(again.stdout)).toEqual(figures(first.stdout));
  });

  it("goes on where it stopped, and its files compare with each other", async () => {
    for (const model of ["strong", "fast"]) {
      const command = ["eval", "questions.jsonl", "-m", model, "-s", "number", "-o", `${model}.eval.jsonl`];
      expect((await place.run(command)).code).toBe(0);
    }
    expect(lines("fast.eval.jsonl")).toHaveLength(3);
    writeFileSync(
      join(place.folder, "fast.eval.jsonl"),
      `${lines("fast.eval.jsonl").slice(0, 2).join("\n")}\n{"id":"cut o`,
    );
    const sent = place.server.requests.length;
    await place.run(["eval", "questions.jsonl", "-m", "fast", "-s", "number", "-o", "fast.eval.jsonl"]);
    expect(place.server.requests.length).toBe(sent + 1);
    const { stdout, code } = await place.run(["compare", "strong.eval.jsonl", "fast.eval.jsonl", "--json"]);
    expect([code, JSON.parse(stdout).comparisons[0].names]).toEqual([0, ["strong", "fast"]]);
    copyFileSync(join(place.folder, "fast.eval.jsonl"), join(place.folder, "again.eval.jsonl"));
    const twice = await place.run(["compare", "fast.eval.jsonl", "again.eval.jsonl", "--json"]);
    expect(JSON.parse(twice.stdout).comparisons[0].names).toEqual([
      "fast (fast.eval.jsonl)",
      "fast (again.eval.jsonl)",
    ]);
    expect(JSON.parse(stdout).comparisons[0]).toMatchObject({
      questions: 2,
      difference: 0.5,
      mcNemar: { onlyFirst: 1, p: 1 },
    });
  });

  it.each([
    [["--scorer", "nummber"], "--scorer nummber is unknown", "did you mean number?"],
    [["--scorer", "judge"], "judge needs a model of", "judge:fast"],
    [["--replay", "none.jsonl"], "--replay: ", "there is no such file"],
    [["--record", "a.jsonl", "--replay", "b.jsonl"], "give --record or --replay, not both", ""],
    [["--budget", "much"], "--budget much is no number", ""],
    [["-m", "fast", "strong", "-o", "out.jsonl"], "--output takes the answers of one target", ""],
  ])("refuses %j, before anything is paid", async (options, start, end) => {
    const { code, stderr } = await place.run(["eval", "questions.jsonl", ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(start);
    expect(stderr).toContain(end);
    expect(place.server.requests).toHaveLength(0);
    expect(existsSync(join(place.folder, "out.jsonl"))).toBe(false);
  });

  it("refuses a dataset that no scorer can judge before anything is paid, and names how many answers had no score", async () => {
    place.file("bare.jsonl", '{"input":"2 + 2"}\n{"input":"3 + 3"}\n');
    const refused = await place.run(["eval", "bare.jsonl", "-m", "fast", "--scorer", "number"]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('no example of bare.jsonl has "expected"'),
    ]);
    expect(place.server.requests).toHaveLength(0);
    place.file("mixed.jsonl", '{"input":"2 + 2","expected":4}\n{"input":"3 + 3"}\n');
    const mixed = await place.run(["eval", "mixed.jsonl", "-m", "fast", "--scorer", "number"]);
    expect([mixed.code, mixed.stderr]).toEqual([0, expect.stringContaining("1 answer of fast could not be scored")]);
  });

  it("refuses to compare an evaluation with something else", async () => {
    await place.run(["eval", "questions.jsonl", "-m", "fast", "-o", "fast.eval.jsonl"]);
    const { code, stderr } = await place.run(["compare", "fast.eval.jsonl", "questions.jsonl"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("questions.jsonl is no evaluation")]);
  });
});
