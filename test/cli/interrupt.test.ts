import { afterEach, describe, expect, it, vi } from "vitest";
import { interruptible } from "../../src/cli/interrupt.js";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("interruptible", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("aborts at the first %s, ends the process at the second", (name) => {
    const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
    const { signal, done } = interruptible();
    process.emit(name);
    expect([signal.aborted, exit.mock.calls]).toEqual([true, []]);
    process.emit(name);
    expect(exit.mock.calls).toEqual([[130]]);
    done();
  });

  it("leaves nothing behind", () => {
    const before = process.listenerCount("SIGINT");
    interruptible().done();
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
