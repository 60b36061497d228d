import { AIMessage } from "@langchain/core/messages";
import { Overwrite } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import { InvalidInputError } from "../../src/errors/index.js";
import type { NextOptions } from "../../src/nodes/next-options.js";
import { isStep, type VerifierNodeOptions, verifierNode } from "../../src/nodes/verifier.js";
import type { OrchestrationState, OrchestrationUpdate } from "../../src/state/orchestration-state.js";
import type { Verdict } from "../../src/state/verdict.js";
import type { VerifyTurn } from "../../src/verification/verify.js";
import { callOf } from "../ledger/calls.js";
import { httpError } from "../support/fakes.js";
import { candidate, failed, stateOf, tierOf } from "./run-state.js";

const tiers = [tierOf("a"), tierOf("b")];
const nextOptions: NextOptions = { all: tiers, tiers, kind: "escalate" };

/** One execution of the node, and what it wrote. */
async function judging(
  verdict: Verdict | ((turn: VerifyTurn) => Verdict),
  state: Partial<OrchestrationState> = { candidates: [candidate("a")] },
  more: Partial<VerifierNodeOptions> = {},
) {
  const verify = vi.fn(typeof verdict === "function" ? verdict : () => verdict);
  const node = verifierNode({ verify, nextOptions, judgeLast: true, onUnverified: "accept", ...more });
  const { messages, candidates, decisions = [], ...written } = (await node(stateOf(state), {})) as OrchestrationUpdate;
  return {
    verify,
    ...written,
    text: (messages as AIMessage[] | undefined)?.map(({ text }) => text),
    candidates: Overwrite.isInstance(candidates) ? candidates.value : candidates,
    decisions: (decisions as OrchestrationState["decisions"]).map(({ node: _node, ...rest }) => rest),
  };
}

describe("verifierNode", () => {
  it("ends the run with an answer that passes, with its score as the confidence", async () => {
    const verdict = { pass: true, score: 0.8, threshold: 0.7 };
    expect(await judging(verdict)).toMatchObject({
      ...{ text: ["of a"], modelUsed: "a", confidence: 0.8, verdict, next: undefined },
      candidates: [{ name: "a", verdict }],
      decisions: [
        { kind: "accept", chosen: "a", scores: { a: 0.8 }, threshold: 0.7, reason: "the verifier passed it" },
      ],
    });
  });

  it("sends the run on from an answer that does not pass, and keeps it with its verdict", async () => {
    const verdict = { pass: false, score: 0.2, reason: "too short" };
    const written = await judging(verdict);
    expect(written).toMatchObject({
      ...{ next: "b", verdict, text: undefined },
      candidates: [{ name: "a", verdict }],
      decisions: [{ kind: "escalate", chosen: "b", scores: { a: 0.2 }, reason: "too short" }],
    });
  });

  it("returns the last answer that came, with its verdict, when nothing is left", async () => {
    const verdict = { pass: false, score: 0.1 };
    const written = await judging(verdict, { candidates: [candidate("a", 0.9), candidate("b")] });
    expect(written).toMatchObject({ text: ["of b"], modelUsed: "b", confidence: 0.1, verdict });
    expect(written.decisions.at(-1)).toMatchObject({
      kind: "accept",
      chosen: "b",
      reason: expect.stringMatching(/the last answer that came is returned \(the verifier did not pass it\)$/),
    });
  });

  it("returns the answer a verifier puts in place of the judged one", async () => {
    const answer = new AIMessage("without its score");
    const { text, candidates, verdict } = await judging({ pass: true, answer });
    expect([text, verdict]).toEqual([["without its score"], { pass: true }]);
    expect(candidates).toMatchObject([{ name: "a", verdict: { pass: true, answer } }]); // the list puts it in place of the judged one
  });

  it("takes a score that is no number for none, and lets it pass nothing", async () => {
    for (const score of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { verdict, next } = await judging({ pass: true, score });
      expect([verdict, next]).toEqual([{ pass: false, reason: "the verifier gave no usable score" }, "b"]);
    }
    expect((await judging({ pass: true, score: 0 })).confidence).toBe(0);
  });

  it("shows a verifier the judged answer last, and a cached answer that came twice once", async () => {
    const message = new AIMessage({ id: "1", content: "same" });
    const other = new AIMessage({ id: "2", content: "same" });
    const shown = async (first: AIMessage, status: "ok" | "cached") => {
      const candidates = [
        { name: "a", message: first },
        { name: "b", message },
      ];
      const calls = [callOf({ id: "1", path: "a", status }), callOf({ id: "2", path: "b", status: "cached" })];
      const { verify } = await judging({ pass: true }, { candidates, calls });
      return verify.mock.calls[0]![0].candidates.map(({ name }) => name);
    };
    expect(await shown(message, "cached")).toEqual(["b"]);
    expect(await shown(other, "cached")).toEqual(["a", "b"]); // another answer with the same words
    expect(await shown(other, "ok")).toEqual(["a", "b"]);
  });

  it("judges no answer that calls tools, and hands it to the caller", async () => {
    const message = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "price", args: {} }] });
    const { verify, decisions, modelUsed } = await judging(
      { pass: false },
      { candidates: [{ name: "agent", message }] },
    ); // whose tools are unknown
    expect([verify.mock.calls, modelUsed]).toEqual([[], "agent"]);
    expect(decisions).toEqual([
      { kind: "accept", chosen: "agent", reason: "not verified: it calls tools, and is a step" },
    ]);
  });

  it("judges nothing where the model failed, and goes on", async () => {
    const verdict = { pass: false, reason: "server" };
    const { verify, next } = await judging({ pass: true }, { verdict, failures: [failed("a")] });
    expect([verify.mock.calls, next]).toEqual([[], "b"]);
  });

  it("accepts what was passed from outside", async () => {
    const verdict = { pass: true, score: 0.4 };
    const { verify, confidence, decisions } = await judging({ pass: false }, { verdict, candidates: [candidate("a")] });
    expect([verify.mock.calls, confidence]).toEqual([[], 0.4]);
    expect(decisions).toEqual([{ kind: "accept", chosen: "a", reason: "accepted from outside", byHand: true }]);
  });

  it("refuses to judge where there is no answer", async () => {
    await expect(judging({ pass: true }, {})).rejects.toThrow(InvalidInputError);
  });

  it("judges the last answer without asking a model, unless it is told to", async () => {
    const state = { candidates: [candidate("a"), candidate("b")] };
    const asking = Object.assign(() => ({ pass: true }), { asks: true });
    const unjudged = await judging({ pass: true }, state, { verify: asking, judgeLast: false });
    expect([unjudged.text, unjudged.confidence, unjudged.verdict]).toEqual([["of b"], null, undefined]);
    expect(unjudged.decisions).toEqual([{ kind: "accept", chosen: "b", reason: "last tier, not judged" }]);
    expect((await judging({ pass: true, score: 1 }, state, { judgeLast: true })).confidence).toBe(1);
    expect((await judging({ pass: true, score: 1 }, state, { judgeLast: false })).confidence).toBe(1); // a plain function
  });

  it("rethrows what is no outage of a judge, whatever an outage means", async () => {
    const bug = () => {
      throw new TypeError("a bug");
    };
    await expect(judging(bug, undefined, { onUnverified: "accept" })).rejects.toThrow("a bug");
    const down = () => {
      throw httpError(500);
    };
    await expect(judging(down, undefined, { onUnverified: "throw" })).rejects.toThrow("HTTP 500");
  });
});

describe("isStep", () => {
  const calling = (...names: string[]) => ({
    message: new AIMessage({ content: "", tool_calls: names.map((name) => ({ id: name, name, args: {} })) }),
  });

  it("is true of an answer that calls a tool other than the form it was asked for", () => {
    const form = { options: { form: { name: "answer" } }, calls: [] } as never;
    expect([
      isStep(calling(), { caller: undefined }, undefined),
      isStep(calling("price"), { caller: undefined }, undefined),
    ]).toEqual([false, true]);
    expect(
      [calling("answer"), calling("answer", "price")].map((each) => isStep(each, { caller: form }, undefined)),
    ).toEqual([false, true]);
  });
});
