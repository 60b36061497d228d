import { describe, expect, it, vi } from "vitest";
import { RunSlots } from "../../src/nodes/map-reduce/run-slots.js";

/** Ends after the timers that are set already: those of one length fire in their order. */

/** The ids of the runs it keeps. */
const keptBy = (slots: RunSlots) => [...(slots as unknown as { runs: Map<string, unknown> }).runs.keys()];

describe("RunSlots", () => {
  it("lets one run wait without holding another one up", async () => {
    const slots = new RunSlots(1);
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const first = slots.within("one", undefined, () => held);
    const order: string[] = [];
    const second = slots.within("one", undefined, async () => order.push("second of one"));
    await slots.within("two", undefined, async () => order.push("two"));
    finish();
    await Promise.all([first, second]);
    expect(order).toEqual(["two", "second of one"]);
  });

  it("forgets a run with its last task, whether it ended well, failed or was aborted", async () => {
    const slots = new RunSlots(1);
    const stop = new AbortController();
    const hanging = slots.within("one", stop.signal, () => new Promise(() => {}));
    const waiting = slots.within("one", stop.signal, async () => "never");
    await slots.within("two", undefined, async () => "well");
    await expect(slots.within("three", undefined, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await vi.waitFor(() => expect(keptBy(slots)).toEqual(["one"]), { timeout: 300_000 });
    stop.abort(new Error("enough"));
    await expect(hanging).rejects.toThrow("enough");
    await expect(waiting).rejects.toThrow("enough");
    await vi.waitFor(() => expect(keptBy(slots)).toEqual([]), { timeout: 300_000 });
  });
});
