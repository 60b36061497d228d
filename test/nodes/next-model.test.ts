import { HumanMessage } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../../src/context/context.js";
import type { Failure } from "../../src/errors/index.js";
import { estimateMessages } from "../../src/ledger/usage.js";
import { nextModel, type Tier } from "../../src/nodes/next-model.js";
import { coolDown } from "../../src/resilience/cooldown.js";
import { saying } from "../support/fakes.js";
import { candidate, failed, stateOf, tierOf } from "./run-state.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What comes after the failures of a walk, by name. */
function walked(tiers: readonly Tier[], failures: readonly Failure[] = []) {
  const { tier, skipped, waitMs } = nextModel(tiers, tiers, stateOf({ failures: [...failures] }));
  return { next: tier?.name, skipped: skipped.map(({ name, reason }) => `${name}: ${reason}`), waitMs };
}

describe("nextModel", () => {
  it("takes the first model that nothing speaks against, without a wait", () => {
    expect(walked([tierOf("a"), tierOf("b")])).toEqual({ next: "a", skipped: [], waitMs: 0 });
  });

  it("knows no next one where every model was asked as often as it may be", () => {
    const tiers = [tierOf("a"), tierOf("b", {}, 2)];
    const state = stateOf({ candidates: [candidate("a"), candidate("b")], failures: [failed("b")] });
    expect(nextModel(tiers, tiers, state)).toEqual({ tier: undefined, waitMs: Infinity, skipped: [] });
    expect(nextModel(tiers, tiers, { ...state, failures: [] }).tier?.name).toBe("b");
  });

  it("never asks what failed again under another name", () => {
    const model = saying("once");
    const [a, same, other] = [
      tierOf("a", { model }),
      tierOf("same", { model }),
      tierOf("other", { model, systemPrompt: "Be brief." }),
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
      walked([tierOf("a", { contextWindow: small }), tierOf("b", { contextWindow: next })], overflow);

    it("takes a larger window only: one of the same size overflows, too", () => {
      expect(windows(8_000, 8_001)).toEqual({ next: "b", skipped: [], waitMs: 0 });
      const reason = "its context window is no larger than that of a, which overflowed";
      expect(windows(8_000, 8_000)).toEqual({ next: undefined, skipped: [`b: ${reason}`], waitMs: Infinity });
      expect(windows(8_000, 7_999).next).toBeUndefined();
    });

    it("prefers a window that is known, and takes an unknown one where there is no other", () => {
      expect(windows(undefined, 1)).toMatchObject({ next: "b", skipped: [] });
      expect(windows(8_000, undefined)).toMatchObject({ next: "b", skipped: [] });
      const tiers = [tierOf("a", { contextWindow: 8_000 }), tierOf("b"), tierOf("c", { contextWindow: 9_000 })];
      expect(walked(tiers, overflow)).toMatchObject({ next: "c", skipped: ["b: its context window is unknown"] });
    });
  });

  it("asks a model whose window a conversation fills exactly, and passes over one a token smaller", () => {
    const messages = [new HumanMessage("word ".repeat(100))];
    const tokens = estimateMessages(messages);
    const of = (contextWindow: number) => {
      const tiers = [tierOf("a", { contextWindow }), tierOf("b")];
      return nextModel(tiers, tiers, stateOf({ messages })).tier?.name;
    };
    expect([of(tokens), of(tokens - 1)]).toEqual(["a", "b"]);
  });

  it("does not measure a conversation a context strategy will cut", () => {
    const messages = [new HumanMessage("word ".repeat(100))];
    const tier: Tier = { ...tierOf("a", { contextWindow: 10 }), context: (({ messages }) => [...messages]) as Context };
    expect(nextModel([tier, tierOf("b")], [], stateOf({ messages })).tier?.name).toBe("a");
  });

  it.each(["quota", "refusal", "authentication"] as const)(
    "leaves the provider after %s, while there is another",
    (kind) => {
      const tiers = [
        tierOf("a", { provider: "one" }),
        tierOf("b", { provider: "one" }),
        tierOf("c", { provider: "two" }),
      ];
      const why = kind === "authentication" ? "which refused the key" : `which ended in ${kind}`;
      expect(walked(tiers, [failed("a", kind)])).toEqual({
        next: "c",
        skipped: [`b: same provider as a, ${why}`],
        waitMs: 0,
      });
      expect(walked(tiers.slice(0, 2), [failed("a", kind)]).next).toBe("b");
    },
  );

  it.each(["server", "timeout", "network", "empty", "unknown", "invalid_request"] as const)(
    "stays with the provider after %s",
    (kind) => {
      const tiers = [tierOf("a", { provider: "one" }), tierOf("b", { provider: "one" })];
      expect(walked(tiers, [failed("a", kind)])).toMatchObject({ next: "b", skipped: [] });
    },
  );

  describe("among models that cool down", () => {
    const cooling = (name: string, retryAfterMs: number) => {
      const tier = tierOf(name);
      coolDown(tier.model.client, { class: "rate_limit", retryAfterMs });
      return tier;
    };

    it("passes them over for a healthy one", () => {
      expect(walked([cooling("a", 6_001), tierOf("b")])).toEqual({
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
      const small = tierOf("a", { contextWindow: 1 });
      const messages = [new HumanMessage("word ".repeat(100))];
      const tiers = [small, cooling("b", 4_000)];
      const { tier, waitMs } = nextModel(tiers, tiers, stateOf({ messages }));
      expect([tier?.name, waitMs]).toEqual(["a", Infinity]);
    });
  });
});
