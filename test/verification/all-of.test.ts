import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createCascade } from "../../src/patterns/create-cascade.js";
import type { Verdict } from "../../src/state/verdict.js";
import { allOf } from "../../src/verification/all-of.js";
import { check } from "../../src/verification/check.js";
import { selfReported } from "../../src/verification/self-reported.js";
import type { Verify } from "../../src/verification/verify.js";
import { saying as model } from "../support/fakes.js";
import { verdictOf, verifyTurn } from "./turn.js";

const saying = (verdict: Verdict) => vi.fn<Verify>(() => verdict);

describe("allOf", () => {
  it("passes what every verifier passes, in their order", async () => {
    const order: number[] = [];
    const noting = (place: number) => check(async () => order.push(place) > 0);
    expect(await verdictOf(allOf(noting(1), noting(2), noting(3)), "42")).toMatchObject({ pass: true });
    expect(order).toEqual([1, 2, 3]);
  });

  it("stops at the first one that fails, so that later ones are not paid", async () => {
    const judge = saying({ pass: true, score: 1 });
    const verdict = await verdictOf(
      allOf(saying({ pass: false, reason: "too long", feedback: "Cut it." }), judge),
      "42",
    );
    expect(verdict).toEqual({ pass: false, reason: "too long", feedback: "Cut it." });
    expect(judge).not.toHaveBeenCalled();
  });

  it("keeps the lowest score with the threshold it was held against", async () => {
    const high = saying({ pass: true, score: 0.9, threshold: 0.8 });
    const low = saying({ pass: true, score: 0.6, threshold: 0.5 });
    const none = saying({ pass: true });
    for (const verify of [allOf(high, low), allOf(low, high), allOf(none, low, none, high, none)]) {
      expect(await verdictOf(verify, "42")).toMatchObject({ pass: true, score: 0.6, threshold: 0.5 });
    }
    expect(await verdictOf(allOf(none, none), "42")).toEqual({ pass: true });
  });

  it("keeps a score of 0", async () => {
    const zero = saying({ pass: true, score: 0 });
    expect(await verdictOf(allOf(zero, saying({ pass: true, score: 1 })), "42")).toMatchObject({ score: 0 });
  });

  it("says why the last one asked decided so, not what an earlier one praised", async () => {
    const praise = saying({ pass: true, score: 0.9, reason: "well said", feedback: "Great." });
    expect(await verdictOf(allOf(praise, saying({ pass: false, reason: "not JSON" })), "42")).toEqual({
      pass: false,
      score: 0.9,
      threshold: undefined,
      reason: "not JSON",
    });
  });

  it("shows the next verifier the answer one replaced, among the candidates too, and returns it", async () => {
    const seen = vi.fn<Verify>(() => ({ pass: true }));
    const { turn } = verifyTurn(["41", "42\nConfidence: 90%"]);
    const verdict = await allOf(selfReported(), seen)(turn);
    expect(seen.mock.calls[0]![0].answer.text).toBe("42");
    expect(seen.mock.calls[0]![0].candidates.map(({ name, message }) => [name, message.text])).toEqual([
      ["model0", "41"],
      ["model1", "42"],
    ]);
    expect(verdict).toMatchObject({ pass: true, score: 0.9, answer: { content: "42" } });
    expect(turn.candidates[1]?.message.text).toBe("42\nConfidence: 90%");
  });

  it("returns the replaced answer when a later one fails, and the last replacement of several", async () => {
    const replacing = (text: string) => saying({ pass: true, answer: new AIMessage(text) });
    expect((await verdictOf(allOf(replacing("a"), saying({ pass: false })), "42")).answer?.text).toBe("a");
    expect((await verdictOf(allOf(replacing("a"), replacing("b"), saying({ pass: true })), "42")).answer?.text).toBe(
      "b",
    );
  });

  it("joins what its verifiers want said, and wants nothing when they do not", () => {
    const instructed: Verify = Object.assign(saying({ pass: true }), { instruction: "Reply with JSON." });
    expect(
      allOf(
        instructed,
        check(() => true),
        selfReported(),
      ).instruction,
    ).toBe(`Reply with JSON.\n${selfReported().instruction}`);
    expect(allOf(check(() => true))).not.toHaveProperty("instruction");
  });

  it("can be put into itself", async () => {
    const inner = allOf(saying({ pass: true, score: 0.4 }), selfReported());
    const outer = allOf(inner, saying({ pass: true, score: 0.5 }));
    expect(outer.instruction).toBe(selfReported().instruction);
    expect(await verdictOf(outer, "42\nConfidence: 90%")).toMatchObject({
      pass: true,
      score: 0.4,
      answer: { content: "42" },
    });
  });

  it("passes on what a verifier throws", async () => {
    const bug = new Error("bug");
    await expect(
      verdictOf(
        allOf(() => {
          throw bug;
        }),
        "42",
      ),
    ).rejects.toBe(bug);
  });

  it("refuses to be made of nothing, or of what is no function", () => {
    expect(() => allOf()).toThrow(InvalidOptionError);
    expect(() =>
      allOf(
        check(() => true),
        undefined as never,
      ),
    ).toThrow(InvalidOptionError);
  });

  it("does not take a fault of the program for a verdict", async () => {
    const { turn } = verifyTurn(["42"]);
    const silent = allOf((() => undefined) as never);
    await expect(silent(turn)).rejects.toThrow(InvalidOptionError);
    const graph = createCascade({ models: { small: model("42"), large: model("43") }, verify: silent }).compile();
    await expect(graph.invoke({ messages: "Q" })).rejects.toThrow("it must return { pass: boolean");
  });
});
