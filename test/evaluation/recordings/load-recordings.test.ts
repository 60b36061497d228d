import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadRecordings, recordModels } from "../../../src/evaluation/index.js";
import { InvalidOptionError, normalizeNumber } from "../../../src/index.js";
import { trainCascade } from "../../../src/learned/index.js";
import { saying } from "../../support/fakes.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recordings-"));
  file = join(folder, "recorded.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true }));

const dataset = Array.from({ length: 60 }, (_, n) => ({ input: `${n} + 1`, expected: n + 1 }));
const small = () => ({
  model: saying(...dataset.map(({ expected }) => String(expected))),
  price: { input: 1, output: 1 },
});

describe("loadRecordings", () => {
  it("reads what recordModels wrote, with a model that was added later in the same recording", async () => {
    await recordModels({ models: { small: small() }, dataset, file, concurrency: 1 });
    await recordModels({ models: { small: small(), large: small() }, dataset, file, concurrency: 1 });
    const recordings = loadRecordings(file);
    expect(recordings).toHaveLength(60);
    expect(recordings[6]).toMatchObject({
      input: "6 + 1",
      expected: 7,
      answers: { small: { text: "7" }, large: { text: "7" } },
    });
    const policy = await trainCascade(recordings, {
      against: "large",
      normalize: normalizeNumber,
      score: (text, expected) => normalizeNumber(text) === String(expected),
      target: { accuracy: 0.5 },
    });
    expect(policy.report.questions).toBe(60);
  });

  it("keeps two answers of one model to one question apart, and leaves out a last line that was cut off", () => {
    const line = JSON.stringify({ input: "Q", answers: { small: { text: "A" } } });
    writeFileSync(file, `${line}\n\n${line}\n`);
    appendFileSync(file, line.slice(0, 20));
    expect(loadRecordings(file)).toEqual([JSON.parse(line), JSON.parse(line)]);
  });

  it.each([
    ['{"input":"Q"}', "line 1 is no recording"],
    ['{"input":"Q","answers":{}}\nno\n{"input":"R","answers":{}}', "line 2 is no recording"],
    ['{"inp', "line 1 is no recording"],
    ["", "it has no recording; write it with recordModels"],
  ])("refuses what is none: %j", (text, message) => {
    writeFileSync(file, text);
    expect(() => loadRecordings(file)).toThrow(InvalidOptionError);
    expect(() => loadRecordings(file)).toThrow(message);
    expect(() => loadRecordings(join(folder, "none"))).toThrow("it cannot be read; give a JSONL file of recordings");
    expect(() => loadRecordings(folder)).toThrow("it cannot be read");
  });
});
