import { HumanMessage } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../../src/context/context.js";
import type { Failure } from "../../src/errors/index.js";
import { estimateMessages } from "../../src/ledger/usage.js";
import { nextModel, type Rung } from "../../src/nodes/next-model.js";
import { coolDown } from "../../src/resilience/cooldown.js";
import { saying } from "../support/fakes.js";
import { candidate, failed, rungOf, stateOf } from "./run-state.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What comes after the failures of a walk, by name. */
function walked(rungs: readonly Rung[], failures: readonly Failure[] = []) {
  const { rung, skipped, waitMs } = nextModel(rungs, rungs, stateOf({ failures: [...failures] }));
  return { next: rung?.name, skipped: skipped.map(({ name, reason }) => `${name}: ${reason}`), waitMs };
}

describe("nextModel", () => {
  it("takes the first model that nothing speaks against, without a wait", () => {
    expect(walked([rungOf("a"), rungOf("b")])).toEqual({ next: "a", skipped: [], waitMs: 0 });
  });

  it("knows no next one where every model was asked as often as it may be", () => {
    const rungs = [rungOf("a"), rungOf("b", {}, 2)];
    const state = stateOf({ candidates: [candidate("a"), candidate("b")], failures: [failed("b")] });
    expect(nextModel(rungs, rungs, state)).toEqual({ rung: undefined, waitMs: Infinity, skipped: [] });
    expect(nextModel(rungs, rungs, { ...state, failures: [] }).rung?.name).toBe("b");
  });

  it("never asks what failed again under another name", () => {
    const model = saying("once");
    const [a, same, other] = [
      rungOf("a", { model }),
      rungOf("same", { model }),
      rungOf("other", { model, systemPrompt: "Be brief." }),
    ];
    expect(walked([a, same], [failed("a")])).toEqual({
      next: undefined,
      skipped: ["same: it is a again, which failed (server)"],
      waitMs: Infinity,
    });
    expect(walked([a, same, other], [failed("a")]).next).toBe("other");
  });

  describe("after an overflow", () => {
    const overflow = [failed("a", "context_overflow")];
    const windows = (small: number | undefined, next: number | undefined) =>
      walked([rungOf("a", { contextWindow: small }), rungOf("b", { contextWindow: next })], overflow);

    it("takes a larger window only: one of the same size overflows, too", () => {
      expect(windows(8_000, 8_001)).toEqual({ next: "b", skipped: [], waitMs: 0 });
      const reason = "its context window is no larger than that of a, which overflowed";
      expect(windows(8_000, 8_000)).toEqual({ next: undefined, skipped: [`b: ${reason}`], waitMs: Infinity });
      expect(windows(8_000, 7_999).next).toBeUndefined();
    });

    it("prefers a window that is known, and takes an unknown one where there is no other", () => {
      expect(windows(undefined, 1)).toMatchObject({ next: "b", skipped: [] });
      expect(windows(8_000, undefined)).toMatchObject({ next: "b", skipped: [] });
      const rungs = [rungOf("a", { contextWindow: 8_000 }), rungOf("b"), rungOf("c", { contextWindow: 9_000 })];
      expect(walked(rungs, overflow)).toMatchObject({ next: "c", skipped: ["b: its context window is unknown"] });
    });
  });

  it("asks a model whose window a conversation fills exactly, and passes over one a token smaller", () => {
    const messages = [new HumanMessage("word ".repeat(100))];
    const tokens = estimateMessages(messages);
    const of = (contextWindow: number) => {
      const rungs = [rungOf("a", { contextWindow }), rungOf("b")];
      return nextModel(rungs, rungs, stateOf({ messages })).rung?.name;
    };
    expect([of(tokens), of(tokens - 1)]).toEqual(["a", "b"]);
  });

  it("does not measure a conversation a context strategy will cut", () => {
    const messages = [new HumanMessage("word ".repeat(100))];
    const rung: Rung = { ...rungOf("a", { contextWindow: 10 }), context: (({ messages }) => [...messages]) as Context };
    expect(nextModel([rung, rungOf("b")], [], stateOf({ messages })).rung?.name).toBe("a");
  });

  it.each(["quota", "refusal", "authentication"] as const)(
    "leaves the provider after %s, while there is another",
    (kind) => {
      const rungs = [
        rungOf("a", { provider: "one" }),
        rungOf("b", { provider: "one" }),
        rungOf("c", { provider: "two" }),
      ];
      const why = kind === "authentication" ? "which refused the key" : `which ended in ${kind}`;
      expect(walked(rungs, [failed("a", kind)])).toEqual({
        next: "c",
        skipped: [`b: same provider as a, ${why}`],
        waitMs: 0,
      });
      expect(walked(rungs.slice(0, 2), [failed("a", kind)]).next).toBe("b");
    },
  );

  it.each(["server", "timeout", "network", "empty", "unknown", "invalid_request"] as const)(
    "stays with the provider after %s",
    (kind) => {
      const rungs = [rungOf("a", { provider: "one" }), rungOf("b", { provider: "one" })];
      expect(walked(rungs, [failed("a", kind)])).toMatchObject({ next: "b", skipped: [] });
    },
  );

  describe("among models that cool down", () => {
    const cooling = (name: string, retryAfterMs: number) => {
      const rung = rungOf(name);
      coolDown(rung.model.client, { class: "rate_limit", retryAfterMs });
      return rung;
    };

    it("passes them over for a healthy one", () => {
      expect(walked([cooling("a", 6_001), rungOf("b")])).toEqual({
        next: "b",
        skipped: ["a: cooling down for 7 s more (rate_limit)"],
        waitMs: 0,
      });
    });

    it("takes the one that is ready first, and says how long that is", () => {
      expect(walked([cooling("a", 9_000), cooling("b", 4_000), cooling("c", 5_000)])).toEqual({
        next: "b",
        skipped: ["a: cooling down for 9 s more (rate_limit)", "c: cooling down for 5 s more (rate_limit)"],
        waitMs: 4_000,
      });
    });

    it("takes the first in order where that one is only unlikely to serve", () => {
      const small = rungOf("a", { contextWindow: 1 });
      const messages = [new HumanMessage("word ".repeat(100))];
      const rungs = [small, cooling("b", 4_000)];
      const { rung, waitMs } = nextModel(rungs, rungs, stateOf({ messages }));
      expect([rung?.name, waitMs]).toEqual(["a", Infinity]);
    });
  });
});
