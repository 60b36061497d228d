import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPlace, type Place } from "./command.js";

const models = (verify: string, url: string) => `# two models of ours
models:
  fast: { provider: openai, model: gpt-4o-mini, baseUrl: ${url}, price: { input: 0.15, output: 0.6 } }   # cheap
  strong: { provider: openai, model: gpt-4o, baseUrl: ${url}, price: { input: 2.5, output: 10 } }

graphs:
  assistant:   # asks the cheap one first
    pattern: cascade
    models:    [ fast, strong ]
    ${verify}
  chain: { pattern: fallback, models: [strong, fast] }
`;

let place: Place;
beforeEach(async () => {
  place = await openPlace();
  const rows = Array.from({ length: 24 }, (_, n) => ({ input: `Is ${n} fine?`, expected: "yes" }));
  place.file("questions.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
  place.file("few.jsonl", JSON.stringify(rows[0]));
  // every fourth answer of the cheap model is wrong, and the model is less sure of it
  place.server.reply("gpt-4o-mini", ({ body }) =>
    Number(/Is (\d+) fine/.exec(JSON.stringify(body))![1]) % 4 === 0 ? "no\nConfidence: 0.6" : "yes\nConfidence: 0.9",
  );
  place.server.reply("gpt-4o", () => "yes\nConfidence: 0.99");
});
afterEach(() => place[Symbol.asyncDispose]());

const write = (verify: string) => place.file("models.yaml", models(verify, place.server.openaiUrl));
const written = () => readFileSync(join(place.folder, "models.yaml"), "utf8");
const calibrate = (...options: readonly string[]) =>
  place.run(["calibrate", "questions.jsonl", "--graph", "assistant", ...options]);

describe("multimodel calibrate", () => {
  it("writes the threshold and leaves every other character; recordings answer again without a request", async () => {
    write("verify: { selfReported: 0.5 }  # by hand");
    const first = await calibrate("--accuracy", "0.95", "--record", "calls.jsonl", "--dry-run");
    expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining("Error")]);
    expect(first.stdout).toMatch(
      /graphs\.assistant\.verify\.selfReported: 0\.5 -> 0\.9\n24 questions.*right +100\.0 %/s,
    );
    expect(written()).toBe(models("verify: { selfReported: 0.5 }  # by hand", place.server.openaiUrl));
    const sent = place.server.requests.length;
    expect(sent).toBe(48); // each model once a question, however many thresholds were tried
    const { code, stdout } = await place.run(
      ["calibrate", "questions.jsonl", "--accuracy", "0.95", "--replay", "calls.jsonl", "--json"].concat(
        "-g",
        "assistant",
      ),
      { env: { OPENAI_API_KEY: "" } },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ threshold: 0.9, before: 0.5, written: true, report: { questions: 24 } });
    expect(place.server.requests.length).toBe(sent);
    expect(written()).toBe(models("verify: { selfReported: 0.9 }  # by hand", place.server.openaiUrl));
  });

  it("gives a strategy that is one word its threshold", async () => {
    write("verify: selfReported # the default");
    expect((await calibrate("--accuracy", "0.95")).code).toBe(0);
    expect(written()).toBe(models("verify: { selfReported: 0.9 } # the default", place.server.openaiUrl));
    expect(existsSync(join(place.folder, "calls.jsonl"))).toBe(false);
  });

  it.each([
    [["--graph", "chain", "--cost", "0.5"], "graph chain of models.yaml has no threshold to set"],
    [["--cost", "0.5", "--accuracy", "0.9"], "give one target"],
    [["--cost", "half"], "Give a share above 0 and below 1"],
    [["--wrong-accepted", "0.02"], "has 24 examples; this target takes at least 114, not one of them"],
    [["--cost", "0.5", "--at", "graphs.assistant.route"], "it has graphs.assistant.verify.selfReported"],
    [["--cost", "0.5", "--scorer", "judge:strong"], "would be paid at every threshold"],
  ])("refuses %j, before anything is paid or written", async (options, why) => {
    write("verify: { selfReported: 0.5 }");
    const before = written();
    const { code, stderr } = await calibrate(...options);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(place.server.requests).toHaveLength(0);
    expect(written()).toBe(before);
  });

  it("says how near a target it comes that no threshold meets, and that what was paid is kept", async () => {
    write("verify: { selfReported: 0.5 }");
    const before = written();
    const { code, stderr } = await calibrate("--cost", "0.001", "--record", "calls.jsonl");
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /kept: go on with --replay calls\.jsonl\..*no threshold meets the target.*costs \d+\.\d %/s,
      ),
    ]);
    expect(stderr).not.toContain("is an object with");
    expect(written()).toBe(before);
  });

  it("says how many examples a target takes", async () => {
    write("verify: { selfReported: 0.5 }");
    const { code, stderr } = await place.run(["calibrate", "few.jsonl", "-g", "assistant", "--cost", "0.5"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("few.jsonl has 1 example; this target takes at least 20"),
    ]);
  });

  it("refuses recordings that lack what a threshold needs", async () => {
    write("verify: { selfReported: 0.5 }");
    await place.run(["eval", "questions.jsonl", "-g", "assistant", "--record", "some.jsonl"]);
    const before = written();
    const { code, stderr } = await calibrate("--cost", "0.5", "--replay", "some.jsonl");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--replay lacks \d+ answers.*--record FILE/s)]);
    expect(written()).toBe(before);
  });
});
