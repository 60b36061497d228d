import { getEventListeners } from "node:events";
import { serialize } from "node:v8";
import { Hono } from "hono";
import { describe, expect, it, vi } from "vitest";
import type { ModelCall } from "../../../src/index.js";
import { RunMetrics } from "../../../src/server/metrics/run-metrics.js";
import { drawnGraphs } from "../../../src/server/ui/drawn-graph.js";
import { liveEvents } from "../../../src/server/ui/live.js";
import { page } from "../../../src/server/ui/page.js";
import { RecentRuns } from "../../../src/server/watch/recent-runs.js";
import type { RunObserver, WatchedRun } from "../../../src/server/watch/watch.js";

const most = 200;

const runOf = (count: number, text = "Why?"): WatchedRun => ({
  ...{ id: `chatcmpl-${String(count).padStart(8, "0")}`, model: "assistant", caller: `key ${(count % 3) + 1}` },
  ...{ question: text, startedAt: 1_700_000_000_000 },
});

const callOf = (count: number, message = "m"): ModelCall => ({
  ...{
    id: `call-${String(count).padStart(8, "0")}`,
    turnId: "t",
    path: "large",
    node: "large",
    model: `model-${count % 500}`,
  },
  ...{ role: "answer", status: "error", attempt: 1, startedAt: 1_700_000_000_000, latencyMs: 12, costUsd: 0.25 },
  ...{ usage: { inputTokens: 3, outputTokens: 4 }, error: { name: "Error", class: "server", message } },
});

describe("the runs behind a page", () => {
  it("take no more room after 10,000 than after 1,000", async () => {
    const runs = new RecentRuns({ most, contents: true });
    const metrics = new RunMetrics(new Map());
    await metrics.loaded();
    const observers: readonly RunObserver[] = [runs, metrics];
    const observe = (from: number, to: number) => {
      for (let count = from; count < to; count++) {
        const run = runOf(count);
        for (const observer of observers) {
          observer.began(run);
          observer.called(run, callOf(count));
          observer.decided?.(run, { node: "router", kind: "route", chosen: "large", reason: "the check failed" });
          observer.ended(run, { answer: "Because." }, 5);
        }
      }
    };
    const sizes = async () => ({
      kept: runs.all.length,
      bytes: serialize([runs.all.map(({ version: _, ...run }) => run), runs.spend.models.map(([name]) => name)]).length,
      series: (await metrics.text()).text.split("\n").length,
    });
    observe(0, 1_000);
    const early = await sizes();
    observe(1_000, 10_000);
    expect(await sizes()).toEqual(early);
    expect(early.kept).toBe(most);
    expect(runs.all.at(-1)!.id).toBe("chatcmpl-00009999");
    expect(runs.get("chatcmpl-00009799")).toBeUndefined();
    expect(runs.spend.total).toMatchObject({ calls: 10_000, failed: 10_000, costUsd: 2_500 });
    expect(runs.spend.models).toHaveLength(101);
  });

  it("take a bounded number of bytes each, whatever they hold, and say what is not kept", () => {
    const runs = new RecentRuns({ most: 2, contents: true });
    const run = runOf(1, "q".repeat(1_000_000));
    runs.began(run);
    const scores = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`candidate-${at}`, at]));
    for (let count = 0; count < 2_000; count++) {
      runs.called(run, callOf(count, "x".repeat(10_000)));
      const candidates = Object.keys(scores);
      runs.decided(run, { node: "n", kind: "vote", chosen: "a", candidates, scores, reason: "r".repeat(10_000) });
      runs.stepped(run, { node: "n", update: {}, visited: ["n"], calls: [], decisions: [] });
    }
    runs.ended(run, { answer: "a".repeat(1_000_000) }, 1);
    const [kept] = runs.all;
    expect(serialize(kept).length).toBeLessThan(170_000);
    expect(kept!.lines.length + kept!.dropped).toBe(4_000);
    expect(kept!.sums).toMatchObject({ calls: 2_000, inputTokens: 6_000, costUsd: 500 });
    const shown = page({ runs, served: [], most: 2, since: "", signedIn: false }).markup;
    expect(shown).toContain(`${kept!.dropped.toLocaleString("en-US")} more lines not kept`);
  });

  it("wait for changes without keeping those who went away", () => {
    const runs = new RecentRuns({ most: 2, contents: true });
    let woken = 0;
    const forget = runs.onChange(() => woken++);
    runs.onChange(() => woken++);
    forget();
    runs.began(runOf(1));
    runs.began(runOf(2));
    expect(woken).toBe(1);
  });

  it("leave no listener behind in the connection of an open page", async () => {
    const runs = new RecentRuns({ most: 2, contents: true });
    const listened = vi.spyOn(EventTarget.prototype, "addEventListener");
    const live = { runs, served: new Map(), drawn: drawnGraphs(), boot: "boot", every: 1, keepAlive: 10_000 };
    const app = new Hono().get("/", (context) => liveEvents(context, { ...live, isOpen: () => true }));
    const reader = (await app.request("/?since=boot:0")).body!.getReader();
    try {
      for (let count = 0; count < 20; count++) {
        const id = runOf(count).id;
        runs.began(runOf(count));
        for (let text = ""; !text.includes(id); ) text += new TextDecoder().decode((await reader.read()).value);
      }
      const signals = listened.mock.contexts.filter((target) => target instanceof AbortSignal);
      expect(signals.length).toBeGreaterThan(10);
      const most = Math.max(...signals.map((signal) => getEventListeners(signal, "abort").length));
      expect(most).toBeLessThan(5);
    } finally {
      listened.mockRestore();
      await reader.cancel();
    }
  });
});
