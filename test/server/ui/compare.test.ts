import { FakeListChatModel } from "@langchain/core/utils/testing";
import { describe, expect, it, vi } from "vitest";
import { compareVariants, type RunLedger } from "../../../src/evaluation/index.js";
import { subscribe } from "../../../src/events/subscribe.js";
import { createExperiment, createFallback, createQualityGate, type ModelCall } from "../../../src/index.js";
import { createApp } from "../../../src/server/index.js";
import { comparePage } from "../../../src/server/ui/compare-page.js";
import { RecentRuns } from "../../../src/server/watch/recent-runs.js";
import { callOf } from "../../ledger/calls.js";
import { httpError } from "../../support/fakes.js";

const price = { input: 1, output: 2 };
const saying = (text: string) => new FakeListChatModel({ responses: [text] });

class Broken extends FakeListChatModel {
  override _generate(): Promise<never> {
    return Promise.reject(httpError(500));
  }
}
const at = 1_700_000_000_000;

/** Values of `<data>` and `–` in the rows of one side, by the title of the figure. */
function valuesOf(html: string, label: string, side: string): Readonly<Record<string, readonly string[]>> {
  const table = html.slice(html.indexOf(`aria-label="${label}"`));
  const bodies = table.slice(0, table.indexOf("</table>")).split("<tbody>").slice(1);
  return Object.fromEntries(
    bodies.map((body) => {
      const row = body.split("<tr>").find((each) => each.startsWith(`<th scope="row">${side}<`))!;
      return [
        /colspan="4">([^<]*)/.exec(body)![1]!,
        [...row.matchAll(/<data value="([^"]*)"/g)].map(([, value]) => value!),
      ];
    }),
  );
}

/** Keeps runs of an experiment `split`, of two variants. */
function keptRuns(outcomes: readonly ("a" | "b" | "failed" | "running" | "left")[]): RecentRuns {
  const runs = new RecentRuns({ most: 100, contents: false });
  for (const [index, outcome] of outcomes.entries()) {
    const run = { id: `run-${index}`, model: "split", caller: "no key", question: "", startedAt: at + index * 60_000 };
    const chosen = outcome === "b" ? "b" : "a";
    runs.began(run);
    runs.decided(run, { node: "assignment", kind: "route", chosen, reason: "drawn" });
    runs.called(run, callOf({ startedAt: run.startedAt, latencyMs: 100 + index, costUsd: 0.25 * (index + 1) }));
    const failed = {
      failure: { status: outcome === "left" ? 408 : 502, body: { error: { message: "", code: "server" } } },
    };
    if (outcome === "failed" || outcome === "left") runs.ended(run, failed as never, 1);
    else if (outcome !== "running") runs.ended(run, { answer: "Hi", confidence: outcome === "a" ? 0.5 : 0.75 }, 1);
  }
  return runs;
}

describe("createApp › ui › compare", () => {
  it("shows what compareVariants says of the same ledgers", async () => {
    const variant = (model: ReturnType<typeof saying>) =>
      createQualityGate({
        model: { model, price, retry: false },
        verify: ({ answer }) => ({ pass: true, score: answer.text.length / 8 }),
      });
    const split = createExperiment({
      models: {
        short: variant(saying("Hi")),
        long: variant(saying("Hello")),
        broken: { model: new Broken({ responses: [] }), retry: false },
      },
      weights: { short: 2, long: 2, broken: 1 },
      seed: "page",
    });
    const nested = createFallback({ models: { inner: split } });
    const app = createApp({ graphs: { split, nested }, ui: true, onError: () => {} });
    const calls: ModelCall[] = [];
    const forget = subscribe({ onCall: (call) => void calls.push(call) });
    const runs: RunLedger[] = [];
    for (let count = 0; count < 24; count++) {
      calls.length = 0;
      const reply = await app.request("/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "split", messages: [{ role: "user", content: `Question ${count}` }] }),
      });
      const { orchestration } = (await reply.json()) as { orchestration: Pick<RunLedger, "decisions" | "confidence"> };
      runs.push({ ...orchestration, calls: [...calls] });
    }
    forget();
    const html = await (await app.request("/ui/compare")).text();
    const { baseline, variants, differences } = compareVariants(runs, { peeking: true });
    expect(Object.keys(variants).sort()).toEqual(["broken", "long", "short"]);
    const figures = {
      Success: "success",
      "Fell to another model": "fallen",
      "Cost of a run, USD": "costUsd",
      "Judged score": "score",
    } as const;
    for (const [name, side] of Object.entries(variants)) {
      const shown = valuesOf(html, "Variants of split at assignment", name);
      for (const [title, metric] of Object.entries(figures)) {
        const expected = [
          side[metric].value,
          ...(name === baseline ? [] : [differences[name]![metric].value, differences[name]![metric].moreRuns.seen]),
        ];
        expect([name, title, shown[title]]).toEqual([name, title, expected.map((value) => String(value ?? "unknown"))]);
      }
    }
  });

  it("leaves out runs that are not whole, and counts them", () => {
    const runs = keptRuns(["a", "b", "a", "failed", "running", "left", "b"]);
    const long = { id: "long", model: "split", caller: "no key", question: "", startedAt: at };
    runs.began(long);
    runs.decided(long, { node: "assignment", kind: "route", chosen: "b", reason: "drawn" });
    for (let count = 0; count < 1_000; count++) runs.called(long, callOf({ costUsd: 100 }));
    runs.ended(long, { answer: "Hi" }, 1);
    expect(runs.get("long")!.dropped).toBeGreaterThan(0);
    const html = comparePage(runs.all, {}).markup;
    expect(html).toContain(
      "5 latest runs, without 1 still running, 1 whose caller left, 1 with calls that were not kept.",
    );
    const a = valuesOf(html, "Variants of split at assignment", "a");
    const b = valuesOf(html, "Variants of split at assignment", "b");
    expect([a.Success![0], Number(a["Cost of a run, USD"]![0]).toFixed(9)]).toEqual([String(2 / 3), "0.666666667"]);
    expect([b.Success![0], Number(b["Cost of a run, USD"]![0])]).toEqual(["1", (0.5 + 1.75) / 2]);
  });

  it("compares runs before and after a time, in all or within limits, of all graphs or one", () => {
    const runs = keptRuns(["a", "a", "failed", "b", "b", "b"]); // one a minute, from 22:13:20 on
    const sides = (query: Record<string, string>) => {
      const html = comparePage(runs.all, query).markup;
      return ["before", "after"].map((side) => valuesOf(html, "Before and after", side)["Judged score"]?.[0]);
    };
    expect(sides({})).toEqual(["0.5", "0.75"]);
    expect(sides({ at: "2023-11-14T22:14:20" })).toEqual(["0.5", "0.6875"]);
    expect(sides({ at: "2023-11-14T22:14", from: "2023-11-14T22:13", to: "2023-11-14T22:15" })).toEqual(["0.5", "0.5"]);
    expect(sides({ at: "2023-11-14T22:14:20", model: "split" })).toEqual(["0.5", "0.6875"]);
    expect(comparePage(runs.all, { at: "2023-11-15T00:00" }).markup).toContain("no runs on both sides");
  });

  it("says what a time is, or that there is nothing to compare yet", () => {
    const { all } = keptRuns(["a", "b"]);
    const bad = `"><script>`;
    const refused = comparePage(all, { at: bad, from: bad, model: bad }).markup;
    expect(refused).toContain('role="alert">Write times as 2026-11-08T09:00:00, in UTC.');
    expect(refused).not.toContain("<script>");
    const crossed = comparePage(all, { at: "2023-11-14T22:14", from: "2023-11-15T00:00" }).markup;
    expect(crossed).toContain("The change must be after the begin and before the end.");
    const empty = comparePage([], {}).markup;
    expect(empty).toContain("None of these runs was assigned a variant");
    expect(empty).toContain("There are no runs on both sides of this time.");
  });

  it("says that a cost is unknown, and escapes names", () => {
    const runs = keptRuns(["a", "b"]);
    const run = { id: "x", model: "<b>split</b>", caller: "no key", question: "", startedAt: at };
    runs.began(run);
    runs.decided(run, { node: "<i>/assignment", kind: "route", chosen: "<u>", reason: "drawn" });
    runs.called(run, callOf({ costUsd: null }));
    runs.ended(run, { answer: "Hi" }, 1);
    const html = comparePage(runs.all, {}).markup;
    expect(html).toContain("Cost of &lt;u&gt;: unknown, because a call has no known price.");
    expect(html).toContain("Variants of &lt;b&gt;split&lt;/b&gt; <small>at &lt;i&gt;/assignment</small>");
    expect(html).not.toMatch(/<[biu]>/);
  });

  it("has the score of a run that the page began", async () => {
    const judged = createQualityGate({ model: saying("Hello"), verify: () => ({ pass: true, score: 0.625 }) });
    const split = createExperiment({ models: { judged }, weights: { judged: 1 } });
    const app = createApp({ graphs: { split, outer: createFallback({ models: { split } }) }, ui: true });
    for (const model of ["split", "outer"]) {
      await app.request("/ui/ask", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", origin: "http://localhost" },
        body: new URLSearchParams({ model, question: "Why?" }).toString(),
      });
    }
    await vi.waitFor(async () => {
      const html = await (await app.request("/ui/compare")).text();
      expect(html).toContain("2 latest runs.");
      for (const label of ["split at assignment", "outer at split/assignment"])
        expect(valuesOf(html, `Variants of ${label}`, "judged")["Judged score"]).toEqual(["0.625"]);
    }, 60_000);
  });
});
