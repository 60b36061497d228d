import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byTokens } from "../../src/routing/by-tokens.js";
import { firstOf } from "../../src/routing/first-of.js";
import { toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

/** A text of so many tokens. */
const tokens = (count: number) => "x".repeat(4 * count);

describe("byTokens", () => {
  const route = byTokens<string>({ 2000: "default", 500: "fast" }, "powerful");
  const choose = async (count: number) => toChoice(await route(routeTurn(tokens(count)).turn));

  it.each([
    [0, "fast"],
    [499, "fast"],
    [500, "default"],
    [1_999, "default"],
    [2_000, "powerful"],
    [250_000, "powerful"],
  ])("gives %d tokens to %s: a budget is exclusive, and their order does not matter", async (count, name) => {
    expect((await choose(count)).name).toBe(name);
  });

  it("says how many there are, and which budget decided", async () => {
    expect(await choose(499)).toEqual({ name: "fast", threshold: 500, reason: "about 499 tokens, under 500" });
    expect(await choose(500)).toEqual({ name: "default", threshold: 2_000, reason: "about 500 tokens, under 2000" });
    expect(await choose(3_000)).toEqual({
      name: "powerful",
      threshold: 2_000,
      reason: "about 3000 tokens, not under 2000",
    });
  });

  it("counts the whole conversation", async () => {
    const messages = [new HumanMessage(tokens(300)), new AIMessage(tokens(300)), new HumanMessage("Why?")];
    expect(toChoice(await route(routeTurn<string>(messages).turn)).name).toBe("default");
  });

  it("makes no decision above the budgets where there is no other model", async () => {
    const { turn } = routeTurn<string>(tokens(500));
    expect(toChoice(await byTokens<string>({ 500: "fast" })(turn)).name).toBeUndefined();
    expect(toChoice(await firstOf<string>(byTokens<string>({ 500: "fast" }), () => "large")(turn)).name).toBe("large");
  });

  it.each([
    [{}],
    [{ 0: "a" }],
    [{ "-5": "a" }],
    [{ many: "a" }],
    [{ 500: "" }],
    [{ 500: 3 }],
    [[]],
    [null],
    [{ Infinity: "a" }],
  ])("refuses %o when it is made", (budgets) => {
    expect(() => byTokens(budgets as never)).toThrow(InvalidOptionError);
  });

  it("refuses a last model that is no name", () => {
    expect(() => byTokens({ 5: "a" }, "" as never)).toThrow(/byTokens\.otherwise/);
  });

  it("routes runs of a graph", async () => {
    const models = { fast: saying("f"), powerful: saying("p") };
    const graph = createRouter({ models, route: byTokens({ 500: "fast" }, "powerful") }).compile();
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("fast");
    expect((await graph.invoke({ messages: tokens(500) })).modelUsed).toBe("powerful");
  });
});
