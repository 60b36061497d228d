import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it, vi } from "vitest";
import { InvalidOptionError, ModelCallError } from "../../src/errors/index.js";
import { allOf } from "../../src/verification/all-of.js";
import { anyOf } from "../../src/verification/any-of.js";
import { check } from "../../src/verification/check.js";
import { consistency } from "../../src/verification/consistency.js";
import { judgeWith } from "../../src/verification/judge-with.js";
import {
  checkThreshold,
  checkVerdict,
  composed,
  runVerifier,
  Unjudged,
  type Verify,
  verdictOrFailure,
  withAnswer,
} from "../../src/verification/verify.js";
import { saying } from "../support/fakes.js";
import { verifyTurn } from "./turn.js";

const down = new ModelCallError({ path: "verifier", class: "server", cause: 0, reason: "down", movesOn: true });
const passing: Verify = () => ({ pass: true });
const failing: Verify = () => ({ pass: false, score: 0.4, reason: "too long" });
const broken: Verify = () => Promise.reject(down);
/** Asks a model only as it runs, and passes what the model says. */
const asking: Verify = async ({ messages, ask }) => ({ pass: true, reason: (await ask(messages)).text });
const judging = judgeWith(saying());
const replacing: Verify = () => ({ pass: true, answer: new AIMessage("replaced") });

const turnOf = (last?: true, replies: readonly string[] = []) => {
  const { turn, asked } = verifyTurn(["41", "42"], replies);
  return { turn: last === undefined ? turn : { ...turn, last }, asked };
};

describe("runVerifier", () => {
  it("asks a model for an answer that others may follow", async () => {
    const { turn, asked } = turnOf(undefined, ["fine"]);
    expect(await runVerifier(asking, turn, "verify")).toEqual({ pass: true, reason: "fine" });
    expect(asked).toHaveLength(1);
  });

  it("asks no model for the last answer, and has it judged by what asks none", async () => {
    const { turn, asked } = turnOf(true, ["fine"]);
    expect(await runVerifier(failing, turn, "verify")).toMatchObject({ pass: false });
    const caught: Verify = async ({ messages, ask }) => {
      await ask(messages).catch(() => {});
      return { pass: true };
    };
    const hasty: Verify = ({ messages, ask }) => {
      void ask(messages);
      return { pass: true };
    };
    const wrapping: Verify = ({ messages, ask }) =>
      ask(messages).then(undefined, () => Promise.reject(new Error("own")));
    for (const verify of [asking, caught, hasty, wrapping, judging]) {
      const error = await runVerifier(verify, turn, "verify").catch((thrown) => thrown);
      expect(error).toBeInstanceOf(Unjudged);
      expect(error.answer).toBe(turn.answer);
    }
    expect(asked).toEqual([]);
  });

  it("does not call what says that it asks a model", async () => {
    const verify = vi.fn(passing);
    await expect(runVerifier(Object.assign(verify, { asks: true }), turnOf(true).turn, "verify")).rejects.toThrow(
      Unjudged,
    );
    expect(verify).not.toHaveBeenCalled();
  });

  it("passes on what a verifier throws that asks no model, and refuses what is no verdict, of the last answer too", async () => {
    const bug = new Error("bug");
    const throwing: Verify = () => Promise.reject(bug);
    for (const { turn } of [turnOf(), turnOf(true)]) {
      await expect(runVerifier(throwing, turn, "verify")).rejects.toBe(bug);
      await expect(runVerifier((() => "yes") as never, turn, "verify")).rejects.toThrow(/^verify/);
    }
  });
});

describe("checkVerdict", () => {
  it("refuses misspelt keys, which would have no effect, and leaves own ones", () => {
    const given = { pass: true, scor: 0.2 };
    expect(() => checkVerdict(given as never, "verify")).toThrow(/^verify\.scor is 0\.2; .*; did you mean score\?/);
    expect(() => checkVerdict({ pass: true, treshold: 1 } as never, "verify")).toThrow(
      /^verify\.treshold .*the keys of a verdict are pass, score, threshold, feedback, reason, answer/,
    );
    const own = { pass: true, rank: 1, text: "own", found: [] };
    expect(checkVerdict(own, "verify")).toBe(own);
    expect(() => checkVerdict({ passed: true } as never, "verify")).toThrow(/^verify .*pass: boolean/);
    const whole = { pass: true, score: 1, threshold: 0.5, feedback: "", reason: "", answer: new AIMessage("42") };
    expect(checkVerdict(whole, "verify")).toBe(whole);
  });

  it("refuses an answer that is no message", () => {
    const verdict = { pass: true, answer: "42" as never };
    expect(() => checkVerdict(verdict, "verify")).toThrow(/verify\.answer .*replaces the answer with an AIMessage/);
    const replaced = { pass: true, answer: new AIMessage("42") };
    expect(checkVerdict(replaced, "verify")).toBe(replaced);
  });

  it.each([
    ["reason", { code: 1 }],
    ["feedback", 5],
    ["feedback", ["shorter"]],
    ["threshold", "0.7"],
    ["threshold", Number.NaN],
    ["score", 85],
    ["score", 1.01],
  ])("refuses a %s that is %j by name", (field, value) => {
    expect(() => checkVerdict({ pass: true, [field]: value } as never, "verify")).toThrow(
      new RegExp(`^verify\\.${field} is .*; give a`),
    );
  });

  it.each([Number.NaN, Infinity, -Infinity, -0.5, null, "0.9", true])(
    "passes no answer with the score %j, in whatever stands around",
    async (score) => {
      const scored: Verify = () => ({ pass: true, score: score as never, threshold: 0.5, feedback: "kept" });
      const sure: Verify = () => ({ pass: true, score: 0.9 });
      const unusable = { pass: false, reason: "the verifier gave no usable score", feedback: "kept" };
      for (const verify of [scored, allOf(scored, sure), allOf(sure, scored), anyOf(scored), check(scored)]) {
        expect(await runVerifier(verify, turnOf().turn, "verify")).toMatchObject({ ...unusable });
      }
      expect(await runVerifier(anyOf(scored, sure), turnOf().turn, "verify")).toMatchObject({ pass: true, score: 0.9 });
    },
  );

  it("takes the rounding error of a computed share for the share", () => {
    expect(checkVerdict({ pass: true, score: 1 + 1e-9 }, "verify").score).toBe(1);
    expect(checkVerdict({ pass: false, score: -1e-9 }, "verify").score).toBe(0);
  });
});

describe("composed", () => {
  it("asks a model where each of its verifiers does", () => {
    expect(composed<Verify>(() => ({ pass: true }), [judging, consistency({ samples: 3 })]).asks).toBe(true);
    expect(composed<Verify>(() => ({ pass: true }), [judging, failing])).not.toHaveProperty("asks");
    expect(composed<Verify>(() => ({ pass: true }), [passing])).not.toHaveProperty("asks");
  });
});

describe("verdictOrFailure", () => {
  it("returns the error of a call that failed, and of an answer nothing judges", async () => {
    expect(await verdictOrFailure(broken, turnOf().turn, "allOf")).toBe(down);
    expect(await verdictOrFailure(judging, turnOf(true).turn, "allOf")).toBeInstanceOf(Unjudged);
  });

  it("throws any other error, and all of them once the run is stopped", async () => {
    const bug = new Error("bug");
    await expect(verdictOrFailure(() => Promise.reject(bug), turnOf().turn, "allOf")).rejects.toBe(bug);
    const stopped = { ...turnOf().turn, config: { signal: AbortSignal.abort() } };
    await expect(verdictOrFailure(broken, stopped, "allOf")).rejects.toBe(down);
  });

  it("names the function that returned no verdict, or the one it was given to", async () => {
    function nameless() {}
    await expect(verdictOrFailure(nameless as never, turnOf().turn, "allOf")).rejects.toThrow(/^nameless /);
    await expect(verdictOrFailure((() => () => {})() as never, turnOf().turn, "allOf")).rejects.toThrow(/^allOf /);
  });
});

describe("withAnswer", () => {
  it("puts the answer in the place of the judged candidate", () => {
    const { turn } = verifyTurn(["40", "41", "42"]);
    const answer = new AIMessage("43");
    const { candidates, ...next } = withAnswer(turn, { answer });
    expect(next.answer).toBe(answer);
    expect(candidates).toEqual([...turn.candidates.slice(0, 2), { ...turn.candidates[2], message: answer }]);
    expect(withAnswer(turn, {})).toBe(turn);
  });
});

describe("checkThreshold", () => {
  it("accepts both ends of the scale, and refuses what is beyond", () => {
    for (const end of [1, 10]) expect(() => checkThreshold(end, "o", [1, 10])).not.toThrow();
    for (const off of [0.9, 10.1, Number.NaN, "5" as never])
      expect(() => checkThreshold(off, "o", [1, 10])).toThrow(/give a number from 1 to 10/);
  });
});

describe.each([
  ["allOf", allOf],
  ["anyOf", anyOf],
])("%s › where a judge says nothing", (_name, made) => {
  it("throws the failed call that is needed for a verdict", async () => {
    const needed = made === allOf ? passing : failing;
    await expect(made(broken, needed)(turnOf().turn)).rejects.toBe(down);
    await expect(made(needed, broken)(turnOf().turn)).rejects.toBe(down);
    const other = new ModelCallError({ path: "v", class: "timeout", cause: 0, reason: "slow", movesOn: true });
    await expect(made(broken, () => Promise.reject(other))(turnOf().turn)).rejects.toBe(down);
  });

  it("goes without the failed call where another verifier decides", async () => {
    const decides = made === allOf ? failing : passing;
    for (const verify of [made(broken, decides), made(decides, broken)])
      expect(await verify(turnOf().turn)).toMatchObject({ pass: made !== allOf });
    expect(await made(judging, decides)(turnOf(true).turn)).toMatchObject({ pass: made !== allOf });
  });

  it("leaves the last answer unjudged, with what verifiers made of it", async () => {
    const { turn } = turnOf(true);
    const replaced: Verify = made === allOf ? replacing : () => ({ pass: false, answer: new AIMessage("replaced") });
    for (const verify of [made(replaced, judging), made(judging, replaced), made(made(replaced, asking), judging)]) {
      const error = await Promise.resolve(verify(turn)).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(Unjudged);
      expect(error.answer.text).toBe("replaced");
    }
  });

  it("shows a verifier the answer that an unjudged one left", async () => {
    const seen: string[] = [];
    const looking: Verify = ({ answer }) => {
      seen.push(answer.text);
      return { pass: made !== allOf };
    };
    const replaced: Verify = made === allOf ? replacing : () => ({ pass: false, answer: new AIMessage("replaced") });
    await made(made(replaced, judging), looking)(turnOf(true).turn);
    expect(seen).toEqual(["replaced"]);
  });
});

describe("allOf › scores", () => {
  it("keeps the first of equal scores, and says nothing of a score or an answer that no verifier gave", async () => {
    const scored =
      (threshold: number): Verify =>
      () => ({ pass: true, score: 0.6, threshold });
    expect(await allOf(scored(0.5), scored(0.3))(turnOf().turn)).toMatchObject({ score: 0.6, threshold: 0.5 });
    const verdict = await allOf(passing, passing)(turnOf().turn);
    expect(Object.keys(verdict)).toEqual(["pass"]);
  });
});

describe("anyOf › scores", () => {
  it("ranks a verdict without a score last, and joins the words of those that have some", async () => {
    const bare: Verify = () => ({ pass: false, reason: "bare" });
    const zero: Verify = () => ({ pass: false, score: 0, feedback: "zero" });
    for (const verify of [anyOf(bare, zero), anyOf(zero, bare)])
      expect(await verify(turnOf().turn)).toEqual({ pass: false, score: 0, reason: "bare", feedback: "zero" });
    expect(await anyOf(failing, bare)(turnOf().turn)).toMatchObject({ score: 0.4, reason: "too long; bare" });
    expect((await anyOf(zero)(turnOf().turn)).reason).toBeUndefined();
  });
});

describe("checkVerifiers", () => {
  it("refuses what is no function", () => {
    expect(() => allOf("judge" as never)).toThrow(InvalidOptionError);
    expect(() => anyOf(passing, 4 as never)).toThrow(InvalidOptionError);
  });
});
