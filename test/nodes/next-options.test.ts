import { describe, expect, it } from "vitest";
import { scopeOf } from "../../src/calls/scope.js";
import { AllModelsFailedError, ModelCallError } from "../../src/errors/index.js";
import { check, createCascade, type OrchestrationState } from "../../src/index.js";
import { configuredLimit, noteStep } from "../../src/langgraph/step-limit.js";
import {
  bestCandidate,
  failureOf,
  goToNext,
  isLast,
  type NextOptions,
  noAnswerError,
  withinSteps,
} from "../../src/nodes/next-options.js";
import { httpError, saying } from "../support/fakes.js";
import { candidate, failed, stateOf, tierOf } from "./run-state.js";

const scope = (config: object = {}) => scopeOf("here", { turnId: "turn" }, config);

const onwardOf = (tiers: NextOptions["tiers"], more: Partial<NextOptions> = {}): NextOptions => ({
  ...{ all: tiers, tiers, kind: "escalate" },
  ...more,
});
const why = { reason: "not good enough" };

describe("goToNext", () => {
  it("goes to the next model and records why", () => {
    const here = scope();
    const scored = { ...why, scores: { a: 0.2 }, threshold: 0.5 };
    expect(
      goToNext(here, onwardOf([tierOf("a"), tierOf("b")]), stateOf({ candidates: [candidate("a")] }), scored),
    ).toBe("b");
    expect(here.ledger.decisions).toEqual([{ node: "here", kind: "escalate", chosen: "b", ...scored }]);
  });

  it("reports each model it skips once in a run, and again when the reason is another", () => {
    const tiers = [tierOf("b", { contextWindow: 1 }), tierOf("c"), tierOf("d")];
    const messages = stateOf().messages.concat(stateOf().messages);
    const first = scope();
    expect(goToNext(first, onwardOf(tiers), stateOf({ messages }), why)).toBe("c");
    const skip = {
      node: "here",
      kind: "skip",
      chosen: "b",
      reason: expect.stringMatching(/^about \d+ tokens do not fit/),
    };
    expect(first.ledger.decisions).toEqual([skip, { node: "here", kind: "escalate", chosen: "c", ...why }]);
    const again = scope();
    const state = stateOf({ messages, candidates: [candidate("c")], decisions: [...first.ledger.decisions] });
    expect(goToNext(again, onwardOf(tiers), state, why)).toBe("d");
    expect(again.ledger.decisions).toEqual([{ node: "here", kind: "escalate", chosen: "d", ...why }]);
    const longer = scope();
    goToNext(longer, onwardOf(tiers), { ...state, messages: [...messages, ...messages] }, why);
    expect(longer.ledger.decisions.map(({ kind, chosen }) => [kind, chosen])).toEqual([
      ["skip", "b"],
      ["escalate", "d"],
    ]);
  });

  it("ends at the other end, as a fallback, when no model is left; without one it goes nowhere", () => {
    const tiers = [tierOf("a")];
    const state = stateOf({ failures: [failed("a")] });
    const [ended, stuck] = [scope(), scope()];
    expect(goToNext(ended, onwardOf(tiers, { otherwise: "give_up" }), state, why)).toBe("give_up");
    expect(ended.ledger.decisions).toEqual([{ node: "here", kind: "fallback", chosen: "give_up", ...why }]);
    expect(goToNext(stuck, onwardOf(tiers), state, why)).toBeUndefined();
    expect(stuck.ledger.decisions).toEqual([]);
  });

  it("calls the node of the last resort a fallback in every pattern", () => {
    const here = scope();
    goToNext(here, onwardOf([tierOf("fallback")], { kind: "revise" }), stateOf(), why);
    expect(here.ledger.decisions.map(({ kind }) => kind)).toEqual(["fallback"]);
  });

  it("asks no model that the steps of the run leave no room for, and says which", () => {
    const tiers = [{ ...tierOf("judged"), verified: true }, tierOf("plain")];
    const config = { configurable: configuredLimit(3, false), metadata: { langgraph_step: 1 } };
    noteStep(config);
    const here = scope(config);
    expect(withinSteps(here, onwardOf(tiers)).map(({ name }) => name)).toEqual(["plain"]);
    expect(goToNext(here, onwardOf(tiers), stateOf(), why)).toBe("plain");
    expect(here.ledger.decisions).toEqual([
      {
        ...{ node: "here", kind: "stop", chosen: "plain" },
        reason: "not good enough; a recursionLimit of 3 leaves no room to ask judged",
      },
      { node: "here", kind: "escalate", chosen: "plain", ...why },
    ]);
  });
});

describe("createCascade › on its way", () => {
  it("reports a model it skips once, however often the verifier sends it on", async () => {
    const models = { a: saying("A"), b: { model: saying("B"), contextWindow: 1 }, c: saying("C"), d: saying("D") };
    const graph = createCascade({ models, verify: check(() => false) }).compile();
    const { decisions }: OrchestrationState = await graph.invoke({ messages: "A question of many words." });
    expect(decisions.filter(({ kind }) => kind === "skip").map(({ chosen }) => chosen)).toEqual(["b"]);
    expect(models.b.model.callCount).toBe(1); // in the end nothing else is left
  });
});

describe("bestCandidate", () => {
  it("is the one with the highest score, the last of equals, and the last where there are none", () => {
    const best = (...candidates: ReturnType<typeof candidate>[]) => bestCandidate({ candidates })?.name;
    expect(best()).toBeUndefined();
    expect(best(candidate("a", 0.4), candidate("b", 0.6), candidate("c", 0.5))).toBe("b");
    expect(best(candidate("a", 0.6), candidate("b", 0.6))).toBe("b");
    expect(best(candidate("a"), candidate("b"))).toBe("b");
    expect(best(candidate("a", 0), candidate("b"))).toBe("a");
  });
});

describe("isLast", () => {
  it("is true where no model and no other end is left", () => {
    const nextOptions = onwardOf([tierOf("a"), tierOf("b")]);
    const asked = stateOf({ candidates: [candidate("a"), candidate("b")] });
    expect(isLast(scope(), nextOptions, asked)).toBe(true);
    expect(isLast(scope(), nextOptions, stateOf({ candidates: [candidate("a")] }))).toBe(false);
    expect(isLast(scope(), { ...nextOptions, otherwise: "fallback" }, asked)).toBe(false);
  });
});

describe("exhausted", () => {
  const error = new ModelCallError({
    ...{ path: "here", class: "server", reason: "HTTP 500", movesOn: true, retryable: true },
    cause: httpError(500),
  });
  const nextOptions = onwardOf([tierOf("a"), tierOf("b")]);

  it("is the model's own error where it is asked alone", () => {
    const state = stateOf({ failures: [failed("a")] });
    expect(noAnswerError(scope(), { ...nextOptions, alone: true }, state, error)).toBe(error);
    expect(noAnswerError(scope(), nextOptions, state, error)).toBeInstanceOf(AllModelsFailedError);
  });

  it("has the last failure of each model", () => {
    const state = stateOf({ failures: [failed("a", "timeout"), failed("b"), failed("a", "quota")] });
    const thrown = noAnswerError(scope(), nextOptions, state) as AllModelsFailedError;
    expect(thrown.failures.map(({ name, class: kind }) => [name, kind])).toEqual([
      ["a", "quota"],
      ["b", "server"],
    ]);
  });
});

describe("failureOf", () => {
  it("leaves out what is not known", () => {
    const fields = { path: "x", reason: "no", movesOn: true, cause: new Error("no") };
    expect(failureOf("a", new ModelCallError({ ...fields, class: "unknown", thrown: { name: "Odd" } }))).toEqual({
      ...{ name: "a", class: "unknown", message: "no", thrown: { name: "Odd" } },
    });
    const full = new ModelCallError({
      ...{ ...fields, class: "rate_limit", status: 429, retryAfterMs: 7, retryable: true },
      thrown: { name: "Odd" },
    });
    expect(failureOf("a", full)).toEqual({
      ...{ name: "a", class: "rate_limit", message: "no", thrown: { name: "Odd" } },
      ...{ status: 429, retryAfterMs: 7, retryable: true },
    });
  });
});
