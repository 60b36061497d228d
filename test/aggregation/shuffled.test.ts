import { describe, expect, it } from "vitest";
import { randomFrom, shuffled } from "../../src/aggregation/shuffled.js";

describe("randomFrom", () => {
  it("gives the numbers of mulberry32, started from the FNV-1a hash of the seed", () => {
    const random = randomFrom("foobar"); // its hash is 0xbf9cf968 in the test vectors of FNV
    expect([random(), random(), random()]).toEqual([0.9410142793785781, 0.3306495966389775, 0.35216344334185123]);
  });
});

describe("shuffled", () => {
  it("keeps every item, leaves the list as it was, and gives one order a seed", () => {
    const items = ["a", "b", "c", "d", "e"];
    const orders = Array.from({ length: 20 }, (_, seed) => shuffled(items, String(seed)));
    for (const order of orders) expect([...order].sort()).toEqual(["a", "b", "c", "d", "e"]);
    expect(items).toEqual(["a", "b", "c", "d", "e"]);
    expect(shuffled(items, "7")).toEqual(orders[7]);
    expect(new Set(orders.map((order) => order[0])).size).toBe(5);
  });
});
