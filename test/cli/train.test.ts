import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { train } from "../../src/cli/train.js";
import { normalizeNumber } from "../../src/index.js";
import { loadCascade } from "../../src/learned/index.js";
import { syntheticRecordings } from "../learned/cascade/synthetic.js";

let folder: string;
let printed = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "train-"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("multimodel train", () => {
  const options = { against: "large", normalize: "number", confidence: "0.9", seed: "1" };
  const write = (text: string) => {
    const file = join(folder, "recordings.jsonl");
    writeFileSync(file, text);
    return file;
  };

  it("writes a policy that loadCascade reads, and prints its cross-validated figures", async () => {
    const file = write(
      syntheticRecordings(120)
        .map((each) => JSON.stringify(each))
        .join("\n"),
    );
    const out = join(folder, "policy.json");
    expect(await train(file, { ...options, cost: "0.5", out })).toBe(0);
    expect(printed).toMatch(/120 questions.*difference +[+-]?\d+\.\d pt \(.*random mix.*policy\.json/s);
    expect(loadCascade(readFileSync(out, "utf8"), { normalize: normalizeNumber }).first).toMatch(/tiny|small/);
  });

  it("says what is wrong with the options or the file, and writes nothing", async () => {
    const file = write('{"input":"Q"}\n');
    const out = join(folder, "policy.json");
    await expect(train(file, { ...options, out, cost: "0.5" })).rejects.toThrow(/line 1 is no recording/);
    await expect(train(file, { ...options, out })).rejects.toThrow(/--cost, --accuracy or --wrong-accepted/);
    await expect(train(file, { ...options, out, cost: "0.5", normalize: "words" })).rejects.toThrow(/choice:ABCD/);
    await expect(train(join(folder, "none"), { ...options, out, cost: "0.5" })).rejects.toThrow(/cannot be read/);
    expect(() => readFileSync(out)).toThrow();
  });
});
