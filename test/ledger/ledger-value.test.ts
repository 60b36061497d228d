import { describe, expect, it } from "vitest";
import { Ledger } from "../../src/ledger/ledger.js";
import { callOf } from "./calls.js";

const calls = ["a", "b", "c"].map((id) => callOf({ id }));
const [a, b, c] = calls as [(typeof calls)[0], (typeof calls)[0], (typeof calls)[0]];
const decisionOf = (chosen: string) => ({ node: "router", kind: "route" as const, chosen, reason: "" });

describe("Ledger", () => {
  it("counts a call once by its id, and a decision once as an object", () => {
    const [decision, equal] = [decisionOf("small"), decisionOf("small")];
    const ledger = new Ledger();
    for (const call of [a, b, { ...a }]) ledger.note(call);
    for (const each of [decision, equal, decision]) ledger.decide(each);
    expect(ledger.calls).toEqual([a, b]);
    expect(ledger.calls[0]).toBe(a);
    expect(ledger.decisions).toHaveLength(2);
  });

  it("joins ledgers, the latest version of a call in the place of the first", () => {
    const decision = decisionOf("small");
    const later = { ...b, latencyMs: 7 };
    const joined = Ledger.of(
      { calls: [a, b, c], decisions: [decision] },
      { calls: [later], decisions: [decision, decisionOf("large")] },
    );
    expect(joined.calls).toEqual([a, later, c]);
    expect(joined.decisions.map(({ chosen }) => chosen)).toEqual(["small", "large"]);
  });

  it("merges what it lacks, and keeps its own version of a call", () => {
    const ledger = Ledger.of({ calls: [a], decisions: [] });
    ledger.merge({ calls: [{ ...a, latencyMs: 7 }, b], decisions: [decisionOf("small")] });
    expect(ledger.calls).toEqual([a, b]);
    expect(ledger.decisions).toHaveLength(1);
  });

  it("takes back a call, which may be noted again", () => {
    const ledger = Ledger.of({ calls, decisions: [] });
    ledger.takeBack(b);
    ledger.takeBack(b);
    ledger.takeBack(callOf({ id: "foreign" }));
    expect(ledger.calls).toEqual([a, c]);
    ledger.note(b);
    expect(ledger.calls).toEqual([a, c, b]);
  });

  it("tells what came since an earlier ledger", () => {
    const [before, after] = [decisionOf("small"), decisionOf("large")];
    const ledger = Ledger.of({ calls, decisions: [before, after] });
    expect(ledger.since({ calls: [{ ...a }, c], decisions: [before] })).toEqual({ calls: [b], decisions: [after] });
  });
});
