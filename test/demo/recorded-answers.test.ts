import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadRecordedAnswers } from "../../demo/recorded-answers.js";
import { buildTable, formatTable } from "../../scripts/build-gsm8k-answers.js";

const file = fileURLToPath(new URL("../../data/gsm8k-answers.json", import.meta.url));
const source = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const isSourceMissing = !existsSync(`${source}/gsm8k.jsonl`);

describe("loadRecordedAnswers", () => {
  const recorded = loadRecordedAnswers();

  it("holds 392 questions with an answer of each of the 12 recordings", () => {
    expect(recorded.questions.size).toBe(392);
    expect(recorded.models.size).toBe(12);
    for (const { answers } of recorded.questions.values()) {
      expect([...answers.keys()]).toEqual([...recorded.models.keys()]);
    }
  });

  it("calls an answer correct exactly when it equals the gold answer", () => {
    for (const { gold, answers } of recorded.questions.values()) {
      for (const { answer, correct } of answers.values()) expect(correct).toBe(answer === gold);
    }
  });

  it("names repository and licence of every origin, and the commit of every recording", () => {
    expect(recorded.origins.map(({ name, commit, licence }) => `${name} ${commit} ${licence}`)).toEqual([
      "ZeroEval 8c1485e Apache-2.0",
      "RouteLLM 0b64fda Apache-2.0",
      "GSM8K null MIT",
    ]);
    const names = recorded.origins.map(({ name }) => name);
    for (const { origin } of recorded.models.values()) expect(names).toContain(origin);
  });

  it("reproduces the accuracy and the cost of gpt-4o that the issue expects", () => {
    const { price } = recorded.models.get("gpt-4o-2024-08-06")!;
    const answers = [...recorded.questions.values()].map((question) => question.answers.get("gpt-4o-2024-08-06")!);
    const costUsd = answers.reduce(
      (sum, { inputTokens, outputTokens }) => sum + (inputTokens * price.input + outputTokens * price.output) / 1e6,
      0,
    );
    expect(answers.filter(({ correct }) => correct).length / answers.length).toBeCloseTo(0.962, 3);
    expect((costUsd / answers.length) * 1000).toBeCloseTo(1.67, 2);
  });

  it("reads a file once and refuses one that is not such a table", () => {
    expect(loadRecordedAnswers()).toBe(recorded);
    expect(() => loadRecordedAnswers(fileURLToPath(new URL("../../package.json", import.meta.url)))).toThrow();
  });

  it("stays small and carries no texts", () => {
    const text = readFileSync(file, "utf8");
    expect(text.length).toBeLessThan(500_000);
    for (const line of text.split("\n").filter((row) => /^\[\d/.test(row))) {
      expect(line).toMatch(/^[\d\s[\],."null-]+$/);
    }
  });

  // Skipped where the source is missing: the recordings with their texts stay out of the repository.
  it.skipIf(isSourceMissing)("is what the build script writes from ../shared/data, byte for byte", () => {
    expect(readFileSync(file, "utf8")).toBe(formatTable(buildTable(source)));
  });

  it.skipIf(isSourceMissing)("agrees with every answer, flag and token count in ../shared/data", () => {
    const lines = readFileSync(`${source}/gsm8k.jsonl`, "utf8").trim().split("\n");
    for (const { id, gold, responses } of lines.map((line) => JSON.parse(line))) {
      const question = recorded.questions.get(Number(id.replace("gsm8k-test-", "")));
      expect(question?.gold).toBe(gold);
      for (const [model, answer] of question!.answers) {
        const { answer: text, correct, in_tok, out_tok } = responses[model];
        expect(answer).toEqual({ answer: text, correct, inputTokens: in_tok, outputTokens: out_tok });
      }
    }
  });
});
