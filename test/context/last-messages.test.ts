import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exchanges, splitOpening, workIn } from "../../src/context/exchanges.js";
import { InvalidOptionError, lastMessages } from "../../src/index.js";
import { calling, contextTurn, conversations, idsOf, lines, result, torn } from "./turn.js";

const chat = [
  new SystemMessage("Be brief."),
  new HumanMessage("first"),
  new AIMessage("one"),
  new HumanMessage("second"),
  new AIMessage("two"),
  new HumanMessage("third"),
];

describe("lastMessages", () => {
  it("shows the newest n messages after the system messages", async () => {
    expect(lines(await lastMessages(3)(contextTurn(chat).turn))).toEqual([
      "system: Be brief.",
      "human: second",
      "ai: two",
      "human: third",
    ]);
  });

  it("counts what stages gave as messages", async () => {
    const { turn } = contextTurn(chat, { plan: "Plan", write: "Text" });
    expect(lines(await lastMessages(2)(turn))).toEqual([
      "system: Be brief.",
      'human: <output stage="plan">\nPlan\n</output>',
      'human: <output stage="write">\nText\n</output>',
    ]);
  });

  it("shows everything where there is no more", async () => {
    expect(await lastMessages(5)(contextTurn(chat).turn)).toEqual(chat);
    expect(await lastMessages(100)(contextTurn(chat).turn)).toEqual(chat);
  });

  it("shows more than n where a tool result would lose its call", async () => {
    const messages = [new HumanMessage("Find it"), calling("a", "b"), result("a"), result("b"), new AIMessage("Found")];
    const seen = await lastMessages(2)(contextTurn(messages).turn);
    expect(seen.map(({ type }) => type)).toEqual(["human", "ai", "tool", "tool", "ai"]);
    const thanked = await lastMessages(3)(contextTurn([...messages, new HumanMessage("Thanks")]).turn);
    expect(thanked.map(({ type }) => type)).toEqual(["ai", "tool", "tool", "ai", "human"]);
  });

  it("never tears a tool exchange apart, and shows at least n", async () => {
    await fc.assert(
      fc.asyncProperty(conversations(), fc.integer({ min: 1, max: 16 }), async (messages, n) => {
        const seen = await lastMessages(n)(contextTurn(messages).turn);
        const { system, rest } = splitOpening(messages);
        expect(idsOf(torn(messages))).toEqual(expect.arrayContaining(idsOf(torn(seen))));
        expect(seen.length).toBeGreaterThanOrEqual(system.length + Math.min(n, rest.length));
        const { question, calls } = workIn(exchanges(rest));
        const work = calls.length === 0 ? [] : [question ?? [], ...calls].flat();
        const others = seen.slice(system.length).filter((message) => !work.includes(message));
        const all = rest.filter((message) => !work.includes(message));
        expect(others).toEqual(all.slice(all.length - others.length));
        for (const message of work) expect(seen).toContain(message);
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, "3" as unknown as number])("refuses %o messages", (n) => {
    expect(() => lastMessages(n)).toThrow(InvalidOptionError);
  });
});
