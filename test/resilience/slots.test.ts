import { describe, expect, it } from "vitest";
import { slotsFor } from "../../src/resilience/slots.js";

/** Work that notes when it begins, and ends when the test ends it. */
function held(began: string[], name: string) {
  let end = () => {};
  let fail = () => {};
  const outcome = new Promise<string>((resolve, reject) => {
    end = () => resolve(name);
    fail = () => reject(new Error(name));
  });
  const work = () => {
    began.push(name);
    return outcome;
  };
  return { work, end: () => end(), fail: () => fail() };
}

/** Lets everything that is ready go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("slotsFor", () => {
  it("runs no more at once than there are slots, and those that wait in their order", async () => {
    const began: string[] = [];
    const slot = slotsFor(2);
    const all = ["a", "b", "c", "d"].map((name) => held(began, name));
    const results = all.map(({ work }) => slot(work));
    await settled();
    expect(began).toEqual(["a", "b"]);
    all[1]!.end();
    await settled();
    expect(began).toEqual(["a", "b", "c"]);
    for (const { end } of all) end();
    expect(await Promise.all(results)).toEqual(["a", "b", "c", "d"]);
    expect(began).toEqual(["a", "b", "c", "d"]);
  });

  it("frees the slot of work that fails, also before it returned a promise", async () => {
    const slot = slotsFor(1);
    const failing = held([], "broken");
    const first = slot(failing.work);
    const throwing = slot(() => {
      throw new Error("at once");
    });
    const last = slot(async () => "answer");
    failing.fail();
    await expect(first).rejects.toThrow("broken");
    await expect(throwing).rejects.toThrow("at once");
    expect(await last).toBe("answer");
  });

  it("gives a slot that is free again to those that wait, not to a newcomer", async () => {
    const began: string[] = [];
    const slot = slotsFor(1);
    const [first, second] = [held(began, "first"), held(began, "second")];
    const newcomer = async () => "newcomer";
    const one = slot(first.work).then(() => slot(newcomer).then((name) => began.push(name)));
    const two = slot(second.work);
    first.end();
    second.end();
    await Promise.all([one, two]);
    expect(began).toEqual(["first", "second", "newcomer"]);
  });
});
