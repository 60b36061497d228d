import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { type Aggregate, createEnsemble, InvalidOptionError, majorityVote } from "../../src/index.js";
import { saying } from "../support/fakes.js";

const models = () => ({ a: saying("one"), b: saying("two") });

describe("aggregatorNode", () => {
  it.each([{}, { message: "text" }, undefined])(
    "refuses %j, which is no answer, and names the aggregate",
    async (made) => {
      const mine = (() => made) as unknown as Aggregate;
      const spare = saying("never");
      const graph = createEnsemble({ models: models(), aggregate: mine, fallback: spare }).compile();
      const error = await graph.invoke({ messages: "Q" }).catch((thrown: unknown) => thrown);
      expect(InvalidOptionError.isInstance(error)).toBe(true);
      expect(String(error)).toContain("mine");
      expect(spare.callCount).toBe(0);
    },
  );

  it("takes an answer without a confidence for one that nothing measured", async () => {
    const graph = createEnsemble({
      models: models(),
      aggregate: (() => ({ message: new AIMessage("three") })) as never,
    });
    expect((await graph.compile().invoke({ messages: "Q" })).confidence).toBeNull();
  });

  it("tells the aggregate which lanes were asked", async () => {
    const seen: unknown[] = [];
    const aggregate: Aggregate = (turn) => {
      seen.push(turn.lanes);
      return majorityVote()(turn);
    };
    await createEnsemble({ models: models(), aggregate }).compile().invoke({ messages: "Q" });
    expect(seen).toEqual([["a", "b"]]);
  });
});
