import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { totalCost } from "../../src/index.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { runTimeline, toPng } from "../../src/notebook/index.js";
import { hostile, ledgers } from "../report/ledgers.js";
import { runsOf } from "../support/property-runs.js";

const line = (path: string, startedAt: number, latencyMs: number, more: Partial<ModelCall> = {}): ModelCall => ({
  ...{
    id: `${path}@${startedAt}`,
    turnId: "t",
    path,
    node: path,
    model: "gpt-4o",
    role: "answer",
    status: "ok",
    attempt: 1,
  },
  ...{ startedAt, latencyMs, costUsd: 0.01, ...more },
});

/** Names at the left, in order. */
const namesOf = (svg: string) =>
  [...svg.matchAll(/<text x="[\d.]+" y="[\d.]+" font-size="12.5"[^>]*text-anchor="start"[^>]*>([^<]*)/g)].map(
    ([, name]) => name,
  );
/** Left and right end of the bars of a call. */
function barOf(svg: string, id: string): readonly [number, number] {
  const group = svg.slice(svg.indexOf(`data-call="${id}"`));
  const rects = [...group.slice(0, group.indexOf("</g>")).matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)];
  const ends = rects.flatMap(([, x, width]) => [Number(x), Number(x) + Number(width)]);
  return [Math.min(...ends), Math.max(...ends)];
}

describe("runTimeline", () => {
  it("never writes how long a call waited below how it ended", () => {
    const failed = { status: "error", error: { name: "Error", class: "server", status: 500 } } as const;
    const early = line("small", 1_400, 10, { ...failed, attempt: 2, retryWaitMs: 800 });
    const late = line("large", 2_990, 10, { ...failed, attempt: 2, retryWaitMs: 1_400 });
    const textsOf = (id: string) => {
      const group = runTimeline([line("small", 0, 500), early, late])
        .split(`data-call="${id}"`)[1]!
        .split("</g>")[0]!;
      return [...group.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
    };
    expect(textsOf(early.id)).toEqual(expect.arrayContaining(["waits 800 ms", "server 500"]));
    expect(textsOf(late.id)).toContain("server 500");
    expect(textsOf(late.id).join()).not.toContain("waits");
  });

  it("draws a bar a call, in the order they began, with nested ones together", () => {
    const svg = runTimeline([
      line("router", 0, 100),
      line("team/a", 100, 300),
      line("other/x", 120, 50),
      line("team/b", 150, 100),
      line("verifier", 500, 100),
    ]);
    expect(namesOf(svg)).toEqual(["router", "team", "a", "b", "other", "x", "verifier", "5 calls"]);
    const [from, to] = barOf(svg, "router@0");
    const [next, end] = barOf(svg, "team/a@100");
    expect(next).toBeCloseTo(to, 0);
    expect(end - next).toBeCloseTo(3 * (to - from), 0);
  });

  it("marks the first token, hatches what failed, and draws the wait of a retry", () => {
    const plain = runTimeline([line("a", 0, 100)]);
    expect(plain).not.toMatch(/first-token|class="wait"|failed or cancelled/);
    const failed = line("a", 0, 100, { status: "error", error: { name: "E", class: "rate_limit", status: 429 } });
    const svg = runTimeline([failed, line("a", 600, 400, { attempt: 2, timeToFirstTokenMs: 100, retryWaitMs: 500 })]);
    expect(svg.match(/class="first-token"/g)).toHaveLength(1);
    expect(svg.match(/class="wait"/g)).toHaveLength(1);
    expect(svg).toContain(">waits 500 ms<");
    expect(svg).toContain(">rate_limit 429<");
    expect(svg).toContain(">failed or cancelled<");
  });

  it("draws the time in a queue, also of the first call", () => {
    const svg = runTimeline([
      line("a", 500, 500, { queuedMs: 400 }),
      line("b", 1_000, 400, { queuedMs: 200, retryWaitMs: 300 }),
    ]);
    expect(svg.match(/class="wait"/g)).toHaveLength(2);
    expect(svg).toContain(">queued 400 ms<");
    expect(svg).toContain("<title>b: gpt-4o, answer, ok, waits 300 ms, queued 200 ms, 400 ms from 900 ms</title>");
    expect(svg).toContain("2 calls in 1.30 s");
  });

  it("shortens the pause of a run that waited for a person", () => {
    const svg = runTimeline([line("a", 0, 1_000), line("b", 7_200_000, 1_000)]);
    expect(svg.match(/class="break"/g)).toHaveLength(1);
    expect(svg).toContain(">1 h 59 min<");
    const [from, to] = barOf(svg, "b@7200000");
    expect(to - from).toBeGreaterThan(100);
  });

  it("says in a title and a description what it shows", () => {
    const svg = runTimeline([line("a", 0, 1_500, { timeToFirstTokenMs: 300 })]);
    expect(svg).toContain('role="img"');
    expect(svg).toContain("<title>Timeline of a run: 1 call in 1.50 s, $0.010</title>");
    expect(svg).toContain("<desc>a: gpt-4o, answer, ok, 1.50 s from 0 ms, first token after 300 ms, $0.010</desc>");
  });

  it("changes colours alone in the dark, and draws without an id", async () => {
    const calls = [line("a", 0, 100, { status: "timeout" }), line("b", 0, 90, { role: "judge" })];
    const [light, dark] = [runTimeline(calls), runTimeline(calls, { theme: "dark" })];
    const shape = (svg: string) => svg.replace(/ (fill|stroke)="[^"]*"/g, "");
    expect(shape(dark)).toBe(shape(light));
    expect(dark).not.toBe(light);
    expect(light).not.toMatch(/ id="|<style|<script/);
    expect((await toPng(dark, { scale: 1 })).length).toBeGreaterThan(1_000);
  });

  it("refuses what holds no ledger, and widths that do not fit", () => {
    expect(() => runTimeline("no" as never)).toThrow("runTimeline.state is");
    expect(() => runTimeline([{}] as never)).toThrow("runTimeline.calls[0] is");
    expect(() => runTimeline([], { width: 2_000 })).toThrow("runTimeline.width is 2000; give 320 to 860 pixels");
    expect(() => runTimeline([], { theme: "blue" as never })).toThrow('give "light" or "dark"');
  });

  it("takes a state, and a ledger without a call", () => {
    const calls = [line("a", 0, 100)];
    expect(runTimeline({ calls })).toBe(runTimeline(calls));
    expect(runTimeline([])).toContain(">0 calls<");
  });

  it("draws the first 200 lines, and counts the rest", () => {
    const svg = runTimeline(Array.from({ length: 250 }, (_, index) => line("a", index, 1, { id: `${index}` })));
    expect(svg.match(/class="call"/g)).toHaveLength(200);
    expect(svg).toContain(">250 calls, 50 more lines<");
    expect(svg).toContain(">$2.500<");
  });

  it("shows the numbers of the ledger, inside the picture, whatever the texts", () => {
    fc.assert(
      fc.property(ledgers, fc.constantFrom(860, 700, 348), (calls, width) => {
        const svg = runTimeline(calls, { width });
        const drawn = [...svg.matchAll(/data-start="([^"]*)" data-ms="([^"]*)" data-cost="([^"]*)"/g)];
        const start = Math.min(
          ...calls.map(({ startedAt, retryWaitMs = 0, queuedMs = 0 }) => startedAt - retryWaitMs - queuedMs),
        );
        const key = (values: readonly unknown[]) => values.map(String).join(" ");
        expect(drawn.map(([, ...values]) => key(values)).sort()).toEqual(
          calls
            .map(({ startedAt, latencyMs, costUsd }) => key([startedAt - start, latencyMs, costUsd ?? "unknown"]))
            .sort(),
        );
        expect(svg).toContain(`data-calls="${calls.length}"`);
        const known = totalCost(calls, { unknown: "ignore" })!;
        const total = /<title>Timeline of a run: .*, ([^,]*)<\/title>/.exec(svg)![1]!;
        if (totalCost(calls) !== null)
          expect(Math.abs(Number(total.replace(/[~$]/g, "")) - known)).toBeLessThanOrEqual(known * 0.06);
        for (const [, x, wide] of svg.matchAll(/<rect x="(-?[\d.]+)" y="[\d.]+" width="([\d.]+)"/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x) + Number(wide)).toBeLessThanOrEqual(width + 6);
        }
        expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|<b>|[^\P{Cc}\n]|[\u202a-\u202e]/u);
        expect(svg.isWellFormed()).toBe(true);
      }),
      { seed: 15, numRuns: runsOf(200) },
    );
  });

  it("cuts names that are longer than their column", () => {
    const svg = runTimeline([line("a".repeat(100_000), 0, 10, { model: hostile[0].repeat(1_000) })]);
    expect(svg.length).toBeLessThan(10_000);
  });
});
