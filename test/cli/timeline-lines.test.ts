import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { widthOf } from "../../src/cli/terminal/text-width.js";
import { timelineLines } from "../../src/cli/terminal/timeline-lines.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { ledgers } from "../report/ledgers.js";
import { runsOf } from "../support/property-runs.js";

const line = (path: string, startedAt: number, latencyMs: number, more: Partial<ModelCall> = {}): ModelCall => ({
  ...{
    id: `${startedAt}`,
    turnId: "t",
    path,
    node: path,
    model: path.split("/").at(-1)!,
    role: "answer",
    status: "ok",
  },
  ...{ attempt: 1, startedAt, latencyMs, costUsd: 0.01, ...more },
});
const plain = (_: string, text: string) => text;

describe("timelineLines", () => {
  it("draws bars from left to right, with marks for what happened", () => {
    const failed = { status: "error", error: { name: "E", class: "rate_limit", status: 429 } } as const;
    const calls = [
      line("router", 0, 200),
      line("team/a", 200, 400, failed),
      line("team/a", 1_000, 1_000, { attempt: 2, retryWaitMs: 400, timeToFirstTokenMs: 500 }),
      line("b", 2_000, 1, { status: "cached", costUsd: 0 }),
    ];
    expect(timelineLines(calls, 70, plain)).toEqual([
      "router   ████                                           200 ms  $0.010",
      "team",
      "  a          ╱╱╱╱╱╱╱╱╱ rate_limit 429                   400 ms  $0.010",
      "  a ↻2                ·········░░░░░░░░░░░░███████████  1.00 s  $0.010",
      "b                                             cached ◇    1 ms      $0",
      "4 calls                                                 2.00 s  $0.030",
    ]);
    expect(timelineLines([], 70, plain)).toEqual([]);
  });

  it("fits the terminal, ends with the sums of all calls, and lets no text control it", () => {
    fc.assert(
      fc.property(ledgers, fc.constantFrom(80, 100, 120), (calls, columns) => {
        const lines = timelineLines(calls, columns, plain);
        for (const each of lines) expect(widthOf(each)).toBeLessThanOrEqual(columns + 24); // figures are never cut
        expect(lines.join("")).not.toMatch(/\p{Cc}|[\u202a-\u202e]/u);
        if (calls.length > 0) expect(lines.at(-1)).toMatch(new RegExp(`^${calls.length} calls? `));
      }),
      { seed: 15, numRuns: runsOf(100) },
    );
  });
});
