import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byContextWindow, type ContextWindowOptions } from "../../src/routing/by-context-window.js";
import { type RoutableModel, toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { routeTurn } from "./turn.js";

/** A text of so many tokens. */
const tokens = (count: number) => "x".repeat(4 * count);

describe("byContextWindow", () => {
  const windows = [
    { name: "small", contextWindow: 2_000 },
    { name: "middle", contextWindow: 1_500 },
    { name: "unknown" },
    { name: "large", contextWindow: 100_000 },
  ];
  async function choose(
    count: number,
    options: ContextWindowOptions = {},
    models: readonly Partial<RoutableModel<string>>[] = windows,
  ) {
    return toChoice(await byContextWindow<string>(options)(routeTurn<string>(tokens(count), models).turn));
  }

  it("chooses the first model that holds the conversation and its answer, exactly full included", async () => {
    expect((await choose(976)).name).toBe("small");
    expect((await choose(977)).name).toBe("large");
    expect((await choose(1_999, { answerTokens: 1 })).name).toBe("small");
    expect((await choose(0, { answerTokens: 0 })).name).toBe("small");
  });

  it("says what is needed, what there is, and why it passed models over", async () => {
    expect(await choose(3_976)).toEqual({
      name: "large",
      scores: { small: 2_000, middle: 1_500, large: 100_000 },
      threshold: 5_000,
      skipped: [
        { name: "small", reason: "its context window holds 2000 tokens; about 5000 are needed" },
        { name: "middle", reason: "its context window holds 1500 tokens; about 5000 are needed" },
        { name: "unknown", reason: "its context window is unknown; about 5000 are needed" },
      ],
      reason: "the conversation and its answer need about 5000 tokens; large holds 100000",
    });
  });

  it("assumes that an unknown window is large enough where it is told so", async () => {
    expect(await choose(3_976, { assumeUnknown: true })).toMatchObject({
      name: "unknown",
      reason: expect.stringContaining("unknown holds an unknown number"),
    });
    expect((await choose(100, { assumeUnknown: true })).name).toBe("small");
  });

  it("makes no decision when none is large enough, or none is known", async () => {
    expect(await choose(200_000)).toMatchObject({ name: undefined, threshold: 201_024 });
    expect((await choose(1, {}, [{ name: "a" }])).reason).toContain("no model is known to hold them");
  });

  it("lets another route choose among the models that are large enough", async () => {
    const roomy = [...windows, { name: "huge", contextWindow: 1_000_000 }];
    const choose = (name: string) =>
      byContextWindow<string>({ choose: () => name })(routeTurn(tokens(3_976), roomy).turn);
    expect(await choose("huge")).toMatchObject({
      name: "huge",
      scores: { large: 100_000, huge: 1_000_000 },
      threshold: 5_000,
      skipped: [{ name: "small" }, { name: "middle" }, { name: "unknown" }],
      reason: "the conversation and its answer need about 5000 tokens; huge is chosen",
    });
    expect(await choose("small")).toMatchObject({ name: undefined });
  });

  it("counts tool calls and scripts of more than one byte", async () => {
    const args = { text: "x".repeat(100_000) };
    const calling = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "save", args }] });
    const hard = [[new HumanMessage("Save"), calling], [new HumanMessage("中".repeat(25_000))]];
    for (const messages of hard) {
      const { turn } = routeTurn<string>(messages, [
        { name: "small", contextWindow: 16_000 },
        { name: "large", contextWindow: 100_000 },
      ]);
      expect(toChoice(await byContextWindow<string>()(turn)).name).toBe("large");
    }
  });

  it.each([-1, Number.NaN, Infinity, "5" as never])("refuses room for %o tokens", (answerTokens) => {
    expect(() => byContextWindow({ answerTokens })).toThrow(InvalidOptionError);
  });

  it("routes runs of a graph by the windows of its entries", async () => {
    const models = {
      small: { model: saying("s"), contextWindow: 2_000 },
      large: { model: saying("l"), contextWindow: 100_000 },
    };
    const graph = createRouter({ models, route: byContextWindow() }).compile();
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("small");
    const { modelUsed, decisions } = await graph.invoke({ messages: tokens(2_000) });
    expect(modelUsed).toBe("large");
    expect(decisions.map(({ kind, chosen }) => [kind, chosen])).toEqual([
      ["skip", "small"],
      ["route", "large"],
    ]);
  });
});
