import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SingleFlight } from "../../src/resilience/single-flight.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function held<T>() {
  let give = (_value: T) => {};
  const value = new Promise<T>((resolve) => {
    give = resolve;
  });
  return { value, give };
}

describe("SingleFlight", () => {
  it("gives those that wait the result of the first", async () => {
    const flights = new SingleFlight();
    const { value, give } = held<string>();
    const first = flights.lead(
      "a",
      () => value,
      (text) => text,
    );
    const second = flights.join("a", [], undefined);
    expect(await flights.join("b", [], undefined)).toBeUndefined();
    give("one");
    expect([await first, await second]).toEqual(["one", "one"]);
    expect(await flights.join("a", [], undefined)).toBeUndefined();
  });

  it("lets those that wait go on without a result when the first fails", async () => {
    const flights = new SingleFlight();
    const first = flights.lead(
      "a",
      () => Promise.reject(new Error("down")),
      () => "shared",
    );
    const second = flights.join("a", [], undefined);
    await expect(first).rejects.toThrow("down");
    expect(await second).toBeUndefined();
  });

  it("waits no longer than the timeout", async () => {
    const flights = new SingleFlight();
    const { value, give } = held<string>();
    const first = flights.lead(
      "a",
      () => value,
      (text) => text,
    );
    const second = flights.join("a", [], 1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await second).toBeUndefined();
    give("late");
    expect(await first).toBe("late");
  });

  it("ends a wait with an abort", async () => {
    const flights = new SingleFlight();
    const { value, give } = held<string>();
    const stop = new AbortController();
    const first = flights.lead(
      "a",
      () => value,
      (text) => text,
    );
    const second = flights.join("a", [stop.signal], undefined);
    stop.abort(new Error("stopped"));
    await expect(second).rejects.toThrow("stopped");
    give("late");
    await first;
  });
});
