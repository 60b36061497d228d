import { describe, expect, it, vi } from "vitest";
import { check } from "../../src/verification/check.js";
import { verdictOf, verifyTurn } from "./turn.js";

describe("check", () => {
  it("makes a verdict of a boolean, and says so", async () => {
    const short = check(({ answer }) => answer.text.length < 3);
    expect(await verdictOf(short, "42")).toEqual({ pass: true, reason: "the check passed" });
    expect(await verdictOf(short, "420")).toEqual({ pass: false, reason: "the check failed" });
  });

  it("returns a verdict as it is, awaited", async () => {
    const verdict = { pass: false, score: 0.5, feedback: "The test add() fails." };
    expect(
      await verdictOf(
        check(async () => verdict),
        "42",
      ),
    ).toBe(verdict);
    expect(
      await verdictOf(
        check(async () => true),
        "42",
      ),
    ).toMatchObject({ pass: true });
  });

  it("gives the function the whole turn", async () => {
    const passes = vi.fn(() => true);
    const { turn } = verifyTurn(["41", "42"]);
    await check(passes)(turn);
    expect(passes).toHaveBeenCalledExactlyOnceWith(turn);
  });

  it("refuses what is no function", () => {
    expect(() => check(true as never)).toThrow(/check is true; give a function that says whether an answer passes/);
  });

  it("passes on what the function throws: that says nothing about the answer", async () => {
    const broken = check(() => {
      throw new Error("the compiler is missing");
    });
    await expect(verdictOf(broken, "42")).rejects.toThrow("the compiler is missing");
  });
});
