import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFallback, totalCost } from "../../src/index.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { batchReport } from "../../src/report/index.js";
import { saying } from "../support/fakes.js";
import { runsOf } from "../support/property-runs.js";
import { isRounded, ledgers, numbersIn } from "./ledgers.js";

const line = (model: string, startedAt: number, latencyMs: number, costUsd: number | null): ModelCall => ({
  ...{
    id: `${model}${startedAt}`,
    turnId: `${startedAt}`,
    path: model,
    node: model,
    model,
    role: "answer",
    status: "ok",
  },
  ...{ attempt: 1, startedAt, latencyMs, costUsd },
});

/** A row of `multimodel run`. */
const row = (id: number, latencyMs: number, costUsd: number | null) => ({
  ...{ id, prompt: `Question ${id}?`, target: "it", text: `Answer ${id}.`, modelUsed: "small", decisions: [] },
  calls: [line("small", 10_000 * id, latencyMs, costUsd)],
});

function sectionOf(page: string, heading: string): string {
  const from = page.indexOf(`<h2>${heading}</h2>`);
  const next = page.indexOf("\n<section>\n<h2>", from);
  return from < 0 ? "" : page.slice(from, next < 0 ? undefined : next);
}
const namesIn = (section: string) =>
  [...section.matchAll(/<span class="name" dir="auto">([^<]*)</g)].map(([, name]) => name);

describe("batchReport", () => {
  it("opens the slowest and the dearest runs, in order", () => {
    const page = batchReport(
      Array.from({ length: 20 }, (_, id) => row(id, 100 + ((id * 7) % 20), 0.01 * ((id * 3) % 20))),
    );
    const order = (of: (id: number) => number) =>
      Array.from({ length: 20 }, (_, id) => id)
        .sort((one, other) => of(other) - of(one))
        .slice(0, 5)
        .map((id) => `Question ${id}?`);
    expect(namesIn(page.slice(page.indexOf("<h2>Slowest runs"), page.indexOf("<h2>Dearest runs")))).toEqual(
      order((id) => (id * 7) % 20),
    );
    expect(namesIn(page.slice(page.indexOf("<h2>Dearest runs")))).toEqual(order((id) => (id * 3) % 20));
    expect(page).toContain("Answer 17.");
  });

  it("takes final states as well as rows", async () => {
    const graph = createFallback({ models: { small: saying("One.", "Two.") } }).compile();
    const states = [await graph.invoke({ messages: "First?" }), await graph.invoke({ messages: "Second?" })];
    const page = batchReport(states, { title: "Monday" });
    expect(page).toContain('<h1 dir="auto">Monday</h1>');
    expect(namesIn(page).sort()).toEqual(["First?", "Second?"]);
    expect(page).not.toContain("<h2>Dearest runs"); // the price is unknown
  });

  it("groups failures, and counts what earlier attempts of a prompt cost", () => {
    const { text: _, ...asked } = row(3, 100, 0.5);
    const failed = {
      ...asked,
      error: { name: "AllModelsFailedError", message: "All failed" },
      earlierCalls: [line("small", 0, 50, 0.25)],
    };
    const page = batchReport([row(1, 100, 0.1), failed]);
    expect(numbersIn(sectionOf(page, "Failures"))).toEqual([
      { value: 1, text: "1" },
      { value: 1, text: "100 %" },
    ]);
    const summary = page.slice(page.indexOf("<h2>Failed runs"));
    expect(numbersIn(summary)[0]).toEqual({ value: 0.75, text: "$0.75" });
    expect(summary).toContain("AllModelsFailedError: All failed");
    expect(page).not.toContain("undefined");
  });

  it("refuses what is no run, with its place", () => {
    expect(() => batchReport("no" as never)).toThrow("batchReport.runs is");
    expect(() => batchReport([row(1, 1, 1), { id: 2 } as never])).toThrow("batchReport.runs[1].state is");
    expect(() => batchReport([{ calls: [{}] } as never])).toThrow("batchReport.runs[0].calls[0] is");
  });

  it("reports no run at all, and runs without a call", () => {
    expect(batchReport([])).toContain("0 runs");
    expect(batchReport([{ calls: [] }, { calls: [] }])).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("shows the numbers of the ledgers, rounded at their last digit", () => {
    fc.assert(
      fc.property(fc.array(ledgers, { maxLength: 8 }), (all) => {
        const page = batchReport(all.map((calls, id) => ({ id, prompt: `${id}?`, calls })));
        for (const shown of numbersIn(page)) expect([shown, isRounded(shown)]).toEqual([shown, true]);
        expect(page).not.toMatch(/NaN|Infinity|<script/);
        const tiles = numbersIn(page.slice(page.indexOf('<dl class="tiles">'), page.indexOf("</dl>"))).map(
          ({ value }) => value,
        );
        expect(tiles.slice(0, 2)).toEqual([all.length, totalCost(all.flat()) ?? "unknown"]);
        const counted = Number(/<dt>Calls<\/dt><dd><data value="(\d+)">/.exec(page)![1]);
        expect(counted).toBe(all.flat().length);
      }),
      { seed: 15, numRuns: runsOf(100) },
    );
  });
});
