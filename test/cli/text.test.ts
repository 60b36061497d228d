import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { graphText } from "../../src/cli/graph-text.js";
import { dollars, nothingPaid, paidText, withCalls } from "../../src/cli/terminal/paid.js";
import { createProgress, duration, progressLine } from "../../src/cli/terminal/progress.js";
import { tableLines } from "../../src/cli/terminal/table.js";
import { fill, printable, withoutKeys } from "../../src/cli/terminal/terminal.js";
import { check, createCascade, createEnsemble, createFallback, createRouter, longest } from "../../src/index.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { saying } from "../support/fakes.js";

describe("tableLines", () => {
  const table = {
    head: ["name", "in", "can", "tier"],
    right: [1],
    rows: [
      ["fast", "0.15", "tools json", "-"],
      ["strong", "2.50", "vision tools json", "large"],
    ],
  };

  it("aligns columns where they fit", () => {
    expect(tableLines(table, 80)).toEqual([
      "name      in  can                tier",
      "fast    0.15  tools json         -",
      "strong  2.50  vision tools json  large",
    ]);
  });

  it("aligns names of any script by the columns they take", () => {
    const rows = [
      ["模型", "1"],
      ["cafe\u0301", "2"],
      ["🙂", "3"],
    ];
    expect(tableLines({ head: ["name", "in"], rows }, 80)).toEqual(["name  in", "模型  1", "cafe\u0301  2", "🙂    3"]);
  });

  it("puts what does not fit below its row, and no line is wider than the terminal", () => {
    expect(tableLines(table, 26)).toEqual([
      "name      in",
      "fast    0.15",
      "  can: tools json",
      "strong  2.50",
      "  can: vision tools json",
      "  tier: large",
    ]);
  });
});

describe("progressLine", () => {
  const state = { done: 50, failed: 2, cost: "$0.0123" };

  it("shows a bar, the cost so far and what is left", () => {
    expect(progressLine(state, 200, 60_000, 79)).toBe(
      "[######------------------]  50/200  2 failed  $0.0123  3 min 00 s left",
    );
  });

  it("leaves the bar out where there is no room", () => {
    expect(progressLine(state, 200, 60_000, 30)).toBe("50/200  2 failed  $0.0123  3 m");
  });
});

describe("createProgress", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const shown = (isTTY: boolean) => {
    const written: string[] = [];
    const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    const progress = createProgress(1_000, stream, "$0");
    for (let done = 1; done <= 1_000; done++) progress.show({ done, failed: 0, cost: "$0" });
    progress.end();
    return written;
  };
  const plain = (total: number) => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
    return { written, progress: createProgress(total, stream, "$0") };
  };

  it("writes a plain line every ten seconds outside a terminal, however many prompts there are", () => {
    const { written, progress } = plain(4);
    for (const [done, seconds] of [
      [1, 9.9],
      [2, 0.05],
      [3, 9.05],
      [4, 12],
    ] as const) {
      vi.advanceTimersByTime(seconds * 1_000);
      progress.show({ done, failed: 0, cost: "$0" });
    }
    vi.advanceTimersByTime(60_000); // the last line is the summary
    progress.end();
    expect(written).toEqual(["2/4, $0, 10 s left\n", "3/4, $0, 6.7 s left\n", "3/4, $0, 10 s left\n"]);
    expect(shown(false)).toEqual([]); // a thousand prompts within no time
  });

  it("writes while one prompt is still being answered, and stops at the end", () => {
    const { written, progress } = plain(1);
    vi.advanceTimersByTime(30_000);
    expect(written).toEqual(Array(3).fill("0/1, $0\n"));
    progress.end();
    vi.advanceTimersByTime(30_000);
    expect([written.length, vi.getTimerCount()]).toEqual([3, 0]);
  });

  it("keeps no process alive", () => {
    const unref = vi.fn();
    const started = vi.spyOn(globalThis, "setInterval").mockReturnValue({ unref } as unknown as NodeJS.Timeout);
    plain(1);
    expect([started.mock.calls.length, unref.mock.calls.length]).toEqual([1, 1]);
    started.mockRestore();
  });

  it("rewrites one line in a terminal, and removes it in the end", () => {
    const written = shown(true);
    expect(written.every((text) => text.startsWith("\r\u001b[K") && !text.includes("\n"))).toBe(true);
    expect(written.at(-1)).toBe("\r\u001b[K");
  });

  it("makes room for a row on the same terminal, and comes back below it", () => {
    const written: string[] = [];
    const stream = { isTTY: true, columns: 60, write: (text: string) => written.push(text) };
    const progress = createProgress(9, stream as unknown as NodeJS.WriteStream, "$0.5000");
    progress.hide();
    progress.show({ done: 1, failed: 0, cost: "$0.6000" });
    expect(written).toEqual([
      expect.stringContaining("0/9  $0.5000"),
      "\r\u001b[K",
      expect.stringContaining("1/9  $0.6000"),
    ]);
  });
});

describe("words for people", () => {
  it("say durations and dollars as exactly as they matter", () => {
    expect([400, 45_000, 200_000, 7_500_000].map(duration)).toEqual(["0.4 s", "45 s", "3 min 20 s", "2 h 05 min"]);
    expect([0, 0.000012, 0.0312, 12.345].map(dollars)).toEqual(["$0", "$0.000012", "$0.0312", "$12.35"]);
    expect([4e-7, 1e-9, 0.009999999, 0.99999].map(dollars)).toEqual(["$0.0000004", "$0.000000001", "$0.0100", "$1.00"]);
  });

  it("say what is known of a sum whose rest is unknown", () => {
    const call = (costUsd: number | null) => ({ costUsd }) as ModelCall;
    expect(paidText(withCalls(nothingPaid, [call(0.25), call(0.25)]))).toBe("$0.5000");
    expect(paidText(withCalls(withCalls(nothingPaid, [call(null)]), [call(0.25)]))).toBe("at least $0.2500");
    expect(paidText(withCalls(nothingPaid, [call(null)]))).toBe("cost unknown");
  });

  it("break between words below one another", () => {
    expect(fill("one two three four", 9, "  ")).toBe("one two\n  three\n  four");
  });

  it("hold nothing that steers a terminal, and no key of the environment", () => {
    expect(printable("red \u202eevil\u2066 \u200ffine")).toBe("red evil \u200ffine");
    expect(printable("a\u001b]0;title\u0007\r\n\tü → 漢\u009b2J")).toBe("a]0;title\n\tü → 漢2J");
    const environment = { API_KEYS: "first-key-1,second-key-2", SOME_TOKEN: "abc", EDITOR: "something-long" };
    for (const [name, value] of Object.entries({ ...environment, A_KEY: "ab,cd,ef,gh" })) vi.stubEnv(name, value);
    expect(withoutKeys("first-key-1 second-key-2 abc something-long")).toBe("[redacted] [redacted] abc something-long");
    expect(withoutKeys("It is ab,cd,ef,gh.")).toBe("It is [redacted].");
    vi.unstubAllEnvs();
  });
});

describe("graphText", () => {
  it("writes nested graphs below their node, in the order a run comes by", async () => {
    const inner = createFallback({ models: { one: saying("1"), two: saying("2") } });
    const graph = createCascade({ models: { small: saying("s"), inner }, verify: check(() => true) }).compile();
    expect(graphText(await graph.getGraphAsync({ xray: true }))).toEqual([
      "(start)     → [small]",
      "[small]     → <verifier>",
      "<verifier>  ⇢ [inner], (end)",
      "[inner]     → <verifier>",
      "    (start)  → [one]",
      "    [one]    ⇢ [two], (end)",
      "    [two]    ⇢ [one], (end)",
    ]);
  });

  it("begins a nested graph that has no start with the nodes to which nothing leads", async () => {
    const lanes = createEnsemble({ models: { a: saying("1"), b: saying("2") }, aggregate: longest() });
    const graph = createRouter({ models: { lanes, other: saying("3") }, route: () => "lanes" }).compile();
    expect(graphText(await graph.getGraphAsync({ xray: true })).slice(2, 7)).toEqual([
      "[lanes]   → (end)",
      "    <fan_out>     → [a], [b]",
      "    [a]           → <aggregator>",
      "    [b]           → <aggregator>",
      "    <aggregator>",
    ]);
  });

  it("leaves out the edges of a long chain that the picture leaves out", async () => {
    const names = ["a", "b", "c", "d"];
    const graph = createFallback({ models: Object.fromEntries(names.map((name) => [name, saying(name)])) }).compile();
    const text = graphText(await graph.getGraphAsync({ xray: true }));
    expect(text.slice(1)).toEqual([
      "[a]      ⇢ [b], (end)",
      "[b]      ⇢ [c], (end)",
      "[c]      ⇢ [d], (end)",
      "[d]      ⇢ [a], (end)",
    ]);
  });
});
