import { AIMessage, HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCascade, createFallback, judgeWith, totalCost, totalTokens } from "../../src/index.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { runReport } from "../../src/report/index.js";
import { callOf } from "../ledger/calls.js";
import { saying } from "../support/fakes.js";
import { runsOf } from "../support/property-runs.js";
import { hostile, isRounded, ledgers, numbersIn } from "./ledgers.js";

const cascade = () =>
  createCascade({
    models: { small: saying("A draft."), large: saying("Sunlight scatters.") },
    verify: judgeWith(saying("4/10")),
  });
const stateOf = () => cascade().compile().invoke({ messages: "Why is the sky blue?" });

/** The section with this heading. */
function sectionOf(page: string, heading: string): string {
  const from = page.indexOf(`<h2>${heading}</h2>`);
  return from < 0 ? "" : page.slice(from, page.indexOf("</section>", from));
}

/** Visible text of some markup. */
const textOf = (markup: string) =>
  markup
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replace(/\s+/g, " ");

describe("runReport", () => {
  it("shows question, answer, decisions with their numbers, drafts and every call", async () => {
    const page = runReport(await stateOf());
    expect(page).toMatch(/^<!doctype html>\n/);
    expect(textOf(sectionOf(page, "Question and answer"))).toContain(
      "Why is the sky blue? Answer of large Sunlight scatters.",
    );
    expect(textOf(sectionOf(page, "Decisions"))).toMatch(
      /verifier escalate large .* 0\.4 < 0\.7 .*verifier accept large/,
    );
    expect(textOf(sectionOf(page, "Drafts"))).toContain("small not passed 0.4 < 0.7 A draft.");
    expect(sectionOf(page, "Ledger").match(/<tr>/g)).toHaveLength(5); // head, three calls, sums
    expect(page).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
  });

  it("gives the same page for the state read back from JSON", async () => {
    const state = await stateOf();
    expect(runReport(JSON.parse(JSON.stringify(state)))).toBe(runReport(state));
    const messages = [new HumanMessage("Why is the sky blue?"), new AIMessage("Sunlight scatters.")];
    const written = messages.map(({ type, text }) => ({
      role: type === "human" ? "user" : "assistant",
      content: text,
    }));
    const pages = [messages, written, messages.map((each) => each.toDict())].map((each) =>
      runReport({ ...state, messages: each }),
    );
    expect(new Set(pages).size).toBe(1);
  });

  it("says why calls failed where only the ledger of an error is there, and how many more there are", () => {
    const error = { name: "Error", class: "authentication", status: 401, message: "this key is <unknown>" };
    const calls = Array.from({ length: 53 }, () => callOf({ status: "error", error }));
    const page = runReport({ calls, messages: "Hi" });
    expect(page).toContain("this key is &lt;unknown&gt;");
    expect(page).toContain("and 3 more");
    expect(runReport({ calls: [...calls, callOf()], modelUsed: "small" })).not.toContain("this key is");
  });

  it("lists a candidate that has the name of a property of every object", () => {
    const decision = { node: "router", kind: "route", chosen: "a", candidates: ["a", "constructor"], reason: "r" };
    expect(runReport({ calls: [], decisions: [{ ...decision, scores: { a: 1 } }] })).toContain(
      "not chosen: constructor",
    );
  });

  it("reports a run without an answer", () => {
    const failures = [{ name: "large", class: "rate_limit", message: "slow down", status: 429 }];
    const page = runReport({ calls: [], messages: "Hi", failures });
    expect(textOf(page)).toContain("No answer");
    expect(textOf(sectionOf(page, "Failures"))).toContain("large rate_limit 429 slow down");
  });

  it("refuses what is no state, with the place", () => {
    const calls = [{ path: "a" }] as unknown as ModelCall[];
    for (const [state, words] of [
      [undefined, "runReport.state is undefined; give the final state of a run"],
      ["{}", "runReport.state is"],
      [{ messages: [] }, "runReport.state is"],
      [{ calls }, "runReport.calls[0] is"],
      [{ calls: [], decisions: [{ node: 1 }] }, "runReport.decisions[0] is"],
      [{ calls: [], failures: "none" }, "runReport.failures is"],
    ] as const) {
      expect(() => runReport(state as never)).toThrow(
        expect.objectContaining({ name: "InvalidOptionError", message: expect.stringContaining(words) }),
      );
    }
    expect(() => runReport({ calls: [] }, { steps: "<script>" })).toThrow("runReport.steps is");
  });

  it("escapes every text, wherever it stands", () => {
    for (const text of hostile) {
      const line: ModelCall = {
        ...{ id: text, turnId: text, path: text, node: text, model: text, role: "answer", status: "error", attempt: 1 },
        ...{ startedAt: 0, latencyMs: 1, costUsd: 0, error: { name: text, class: text, message: text } },
      };
      const page = runReport(
        {
          calls: [line],
          messages: [
            { role: "user", content: text },
            { role: "assistant", content: [{ type: text }, { type: "text", text }] },
          ],
          modelUsed: text,
          decisions: [
            {
              node: text,
              kind: "route",
              chosen: text,
              label: text,
              candidates: [text, "b"],
              scores: { [text]: 1 },
              reason: text,
            },
          ],
          candidates: [
            { name: text, message: { content: text }, verdict: { pass: false, feedback: text, reason: text } },
          ],
          outputs: [{ stage: text, item: text, message: text }],
          failures: [{ name: text, class: text, message: text }],
        },
        { title: text, steps: `<svg onload="alert(1)">${text}</svg>` },
      );
      expect(page).not.toMatch(/<script|<b>out|<svg onload/);
      expect(page.match(/<(img|style|title)\b/g)!.sort()).toEqual(expect.arrayContaining(["<img", "<style"]));
      expect(page.match(/<img\b/g)).toHaveLength(1);
      expect(page.match(/<\/main>|<\/body>|<\/style>/g)).toHaveLength(3);
      expect(page).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u);
      expect(page.isWellFormed()).toBe(true);
    }
  });

  it("trusts no object that looks like its own markup", () => {
    const forged = { markup: "<script>1</script>", made: true } as never;
    const page = runReport({ calls: [], messages: [{ role: "user", content: forged }], modelUsed: forged });
    expect(page).not.toContain("<script");
  });

  it("cuts long texts and lists, and says how much is left; sums count all", () => {
    const line = {
      turnId: "t",
      path: "small",
      node: "small",
      model: "m",
      role: "answer",
      status: "ok",
      attempt: 1,
    } as const;
    const calls = Array.from({ length: 1_200 }, (_, index) => ({
      ...line,
      id: `${index}`,
      startedAt: index,
      latencyMs: 1,
      costUsd: 0.5,
    }));
    const page = runReport({
      calls,
      messages: [
        { role: "user", content: "a".repeat(100_000) },
        { role: "assistant", content: "b".repeat(100_000) },
      ],
      decisions: Array.from({ length: 500 }, () => ({
        node: "n",
        kind: "route",
        chosen: "x",
        reason: "r".repeat(5_000),
      })),
    });
    expect(page).toContain("… (80,000 more characters)");
    expect(textOf(sectionOf(page, "Decisions"))).toContain("and 300 more decisions");
    expect(textOf(sectionOf(page, "Ledger"))).toContain("700 more calls in the sums only");
    expect(numbersIn(sectionOf(page, "Ledger")).at(-1)).toEqual({ value: 600, text: "$600.00" });
    expect(page.length).toBeLessThan(1_200_000);
  });

  it("allows neither scripts nor requests", async () => {
    const page = runReport(await stateOf());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1];
    expect(policy).toBe(
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    );
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|<script|@import|url\(/);
  });

  it("names what was saved, and by which comparison", async () => {
    const price = { input: 1, output: 2 };
    const models = {
      small: { model: saying("A."), price },
      large: { model: saying("B."), price: { input: 100, output: 200 } },
    };
    const state = await createCascade({ models, verify: judgeWith({ model: saying("9/10"), price } as never) })
      .compile()
      .invoke({ messages: "Hi" });
    const { savedUsd } = (await import("../../src/index.js")).savings(state.calls, {
      against: { input: 100, output: 200 },
    });
    const page = runReport(state, { against: { input: 100, output: 200 } });
    expect(numbersIn(sectionOf(page, "Saved")).map(({ value }) => value)).toContain(savedUsd);
    expect(textOf(sectionOf(page, "Saved"))).toContain("the given price");
    expect(
      sectionOf(
        runReport(
          await createFallback({ models: { only: saying("A.") } })
            .compile()
            .invoke({ messages: "Hi" }),
        ),
        "Saved",
      ),
    ).toBe("");
  });

  it("shows the numbers of the ledger, and no other", () => {
    fc.assert(
      fc.property(ledgers, (calls) => {
        const page = runReport({ calls });
        for (const shown of numbersIn(page)) expect([shown, isRounded(shown)]).toEqual([shown, true]);
        if (calls.length === 0) return;
        const ends = calls.map(({ startedAt, latencyMs }) => startedAt + latencyMs);
        const waitOf = ({ retryWaitMs = 0, queuedMs = 0 }: ModelCall) => retryWaitMs + queuedMs;
        const duration = Math.max(...ends) - Math.min(...calls.map((call) => call.startedAt - waitOf(call)));
        const { inputTokens, outputTokens } = totalTokens(calls);
        const expected = [
          ...calls.flatMap(({ timeToFirstTokenMs: first, latencyMs, usage, costUsd, ...call }) => [
            ...(waitOf(call as ModelCall) > 0 ? [waitOf(call as ModelCall)] : []),
            ...(first === undefined ? [] : [first]),
            latencyMs,
            ...(usage === undefined ? [] : [usage.inputTokens, usage.outputTokens]),
            costUsd ?? "unknown",
          ]),
          ...[duration, inputTokens, outputTokens, totalCost(calls) ?? "unknown"],
        ];
        expect(numbersIn(sectionOf(page, "Ledger")).map(({ value }) => value)).toEqual(expected);
      }),
      { seed: 15, numRuns: runsOf(200) },
    );
  });
});
