import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { toChoice } from "../../src/routing/route.js";
import { type WeightedOptions, weighted } from "../../src/routing/weighted.js";
import { saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

type Weights = Readonly<Record<string, number>>;
const { turn } = routeTurn<string>("Hi");
const sessionTurn = (sessionId: unknown) => ({ ...turn, config: { context: { sessionId } } });

/** Which model each of so many sessions gets. */
async function assign(weights: Weights, count: number, options: WeightedOptions = {}): Promise<string[]> {
  const route = weighted<string>(weights, { stickyBy: "sessionId", ...options });
  const names: string[] = [];
  for (let session = 0; session < count; session++) {
    names.push(toChoice(await route(sessionTurn(`s-${session}`))).name!);
  }
  return names;
}
const share = (names: readonly string[], name: string) => names.filter((each) => each === name).length / names.length;

afterEach(() => {
  vi.restoreAllMocks();
});

describe("weighted", () => {
  it("draws each model as often as its weight says", async () => {
    const route = weighted<string>({ a: 3, b: 1, never: 0 }, { seed: "test" });
    const names: string[] = [];
    for (let run = 0; run < 4_000; run++) names.push(toChoice(await route(turn)).name!);
    expect(share(names, "a")).toBeCloseTo(0.75, 1);
    expect(share(names, "b")).toBeCloseTo(0.25, 1);
    expect(names).not.toContain("never");
  });

  it("records the weights as shares of one", async () => {
    expect(toChoice(await weighted<string>({ a: 90, b: 10 }, { stickyBy: "sessionId" })(sessionTurn("x")))).toEqual({
      name: expect.stringMatching(/^[ab]$/),
      scores: { a: 0.9, b: 0.1 },
      reason: "drawn by weight, fixed by sessionId",
    });
    expect(toChoice(await weighted<string>({ a: 1 })(turn)).reason).toBe("drawn by weight");
    expect(toChoice(await weighted<string>({ a: 1 }, { stickyBy: () => "k" })(turn)).reason).toMatch(/by stickyBy$/);
  });

  it("draws every run anew unless asked to stick", async () => {
    const random = vi.spyOn(Math, "random");
    const route = weighted<string>({ a: 0.5, b: 0.5 });
    random.mockReturnValueOnce(0.1).mockReturnValueOnce(0.2);
    expect(toChoice(await route(sessionTurn("same"))).name).toBe("a");
    random.mockReturnValueOnce(0.2).mockReturnValueOnce(0.1);
    expect(toChoice(await route(sessionTurn("same"))).name).toBe("b");
  });

  it("gives the same key the same model, for ever and in every process", async () => {
    expect((await assign({ a: 0.5, b: 0.3, c: 0.2 }, 12)).join("")).toBe("aaabcabbaaca");
    expect(await assign({ c: 0.2, a: 0.5, b: 0.3 }, 12)).toEqual(await assign({ a: 5, b: 3, c: 2 }, 12));
  });

  it("splits keys by weight", async () => {
    const names = await assign({ a: 0.9, b: 0.1 }, 3_000);
    expect(share(names, "b")).toBeGreaterThan(0.08);
    expect(share(names, "b")).toBeLessThan(0.12);
  });

  it("moves only the keys it has to when a weight changes", async () => {
    const before = await assign({ a: 0.5, b: 0.4, c: 0.1 }, 500);
    const after = await assign({ a: 0.5, b: 0.4, c: 0.4 }, 500);
    const moved = after.filter((name, index) => name !== before[index]);
    expect(new Set(moved)).toEqual(new Set(["c"]));
    expect(moved.length).toBeGreaterThan(50);
  });

  it("assigns anew under another seed, and repeats draws under the same one", async () => {
    const [one, other] = [
      await assign({ a: 1, b: 1 }, 400, { seed: 1 }),
      await assign({ a: 1, b: 1 }, 400, { seed: 2 }),
    ];
    const equal = one.filter((name, index) => name === other[index]).length;
    expect(equal / 400).toBeCloseTo(0.5, 1);
    expect(await assign({ a: 1, b: 1 }, 400, { seed: 1 })).toEqual(one);
    const draws = async () => {
      const route = weighted<string>({ a: 1, b: 1 }, { seed: "s" });
      return Promise.all(Array.from({ length: 20 }, async () => toChoice(await route(turn)).name));
    };
    expect(await draws()).toEqual(await draws());
    expect(new Set(await draws()).size).toBe(2);
  });

  it("draws a run without a key like one that does not stick", async () => {
    for (const key of [undefined, "", null, {}]) {
      const choice = toChoice(await weighted<string>({ a: 1, b: 1 }, { stickyBy: "sessionId" })(sessionTurn(key)));
      expect(choice.reason).toBe("drawn by weight, not fixed: the run context has no sessionId");
    }
    const route = weighted<string>({ a: 1 }, { stickyBy: "constructor" });
    expect(toChoice(await route(turn)).reason).toContain("not fixed: the run context has no constructor");
  });

  it("asks a function of the turn for the key, and does not show it", async () => {
    const route = weighted<string>({ a: 1, b: 1 }, { stickyBy: ({ messages }) => messages[0]?.text });
    const ask = async (question: string) => toChoice(await route(routeTurn<string>(question).turn));
    expect(await ask("alice@example.com")).toEqual(await ask("alice@example.com"));
    expect(JSON.stringify(await ask("alice@example.com"))).not.toContain("alice");
  });

  it("never chooses a model of weight 0, whatever the key", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }), (key, numbers) => {
        fc.pre(numbers.some((weight) => weight > 0));
        const weights = Object.fromEntries(numbers.map((weight, index) => [`m${index}`, weight]));
        const choice = weighted<string>(weights, { stickyBy: () => key })(turn) as { name: string };
        expect(weights[choice.name]).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[Weights, WeightedOptions]>([
    [{}, {}],
    [{ a: 0 }, {}],
    [{ a: -1, b: 2 }, {}],
    [{ a: Number.NaN }, {}],
    [{ a: Infinity }, {}],
    [{ a: "1" as never }, {}],
    [null as never, {}],
    [{ a: 1 }, { stickyBy: "" }],
    [{ a: 1 }, { stickyBy: 3 as never }],
    [{ a: 1 }, { seed: Number.NaN }],
    [{ a: 1 }, { seed: {} as never }],
  ])("refuses %o with %o when it is made", (weights, options) => {
    expect(() => weighted<string>(weights, options)).toThrow(InvalidOptionError);
  });

  it("keeps sessions of a graph with their model", async () => {
    const models = { a: saying(..."aaaaa"), b: saying(..."bbbbb") };
    const route = weighted({ a: 0.5, b: 0.5 }, { stickyBy: "sessionId" });
    const graph = createRouter({ models, route }).compile();
    const run = async (sessionId: string) => (await graph.invoke({ messages: "Hi" }, { context: { sessionId } })).route;
    expect(await run("s-1")).toBe(await run("s-1"));
    expect(await run("s-2")).toBe(await run("s-2"));
    const { decisions } = await graph.invoke({ messages: "Hi" });
    expect(decisions).toMatchObject([
      { kind: "route", scores: { a: 0.5, b: 0.5 }, reason: expect.stringContaining("no sessionId") },
    ]);
  });
});
