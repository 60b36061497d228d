import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { at, capacityText, type Inputs, lineThrough } from "../../bench/capacity/arithmetic.js";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

describe("the capacity model", () => {
  it("is a line through the runs of one and of four calls", () => {
    const line = lineThrough([1, 5], [4, 11], 7.5);
    expect(line).toEqual({ perRun: 3, perCall: 2, measured: 7.5 });
    expect(at(line, 2)).toBe(7);
  });

  it("shows the inputs and the steps of its arithmetic", () => {
    const line = lineThrough([1, 5], [4, 11], 7);
    const each = { cpuMs: line, workerCpuMs: line, redisQueue: line, redisCpuMs: line, redisShared: line };
    const rest = { postgres: line, postgresKb: line, heapKb: lineThrough([500, 5_000], [2_000, 20_000], 10_000) };
    const text = capacityText({ date: "2026-01-02", load: 3, cores: 8, ...each, ...rest });
    expect(text).toContain("Measured on 2026-01-02, 8 cores, load average 3");
    expect(text).toContain("| CPU of a process, ms a run | 3 | 2 | 7 | 7 | 0 % |");
    expect(text).toContain("| runs in flight | 10,000 × 2 × 3 s | 60,000 |");
    expect(text).toContain("| cores without a queue | 10,000 × 7 ms / 1,000 / 0.6 | 117 |");
    expect(text).toContain("| heap of runs, MB | 60,000 × 10 KB / 1,000 | 600 |");
    expect(text).toContain("| runs a second | 1,000,000 / 86,400 s × 5 | 57.9 |");
  });

  it("is in the documentation as the recorded inputs give it", () => {
    const inputs = JSON.parse(read("bench/capacity/inputs.json")) as Inputs;
    const [, written] = read("docs/production.md").split(/^<!-- (?:capacity|end of capacity) -->$/m);
    expect(written!.trim()).toBe(capacityText(inputs));
  });
});
