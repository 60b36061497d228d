import { describe, expect, it } from "vitest";
import { createCascade, InvalidOptionError, UnknownRouteError, type Verify } from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";

const starting = (first: string, verify: Verify): Verify => Object.assign(verify, { first });

describe("createCascade", () => {
  it("starts with the `first` of its verifier", async () => {
    const models = { small: saying("s"), middle: saying("m"), large: saying("l") };
    const graph = createCascade({ models, verify: starting("middle", () => ({ pass: true })) });
    expect(shapeOf(graph)).toContain("__start__ → middle");
    expect(shapeOf(graph)).toContain("verifier ⇢ small");
    const { modelUsed } = await graph.compile().invoke({ messages: "Q" });
    expect([modelUsed, models.small.callCount, models.large.callCount]).toEqual(["middle", 0, 0]);
  });

  it("refuses a `first` that names no model", () => {
    const verify = starting("midle", () => ({ pass: true }));
    const build = () => createCascade({ models: { small: saying(), middle: saying() }, verify });
    expect(build).toThrow(InvalidOptionError);
    expect(build).toThrow(/createCascade\.verify\.first.*middle/s);
  });

  it("asks the model that a verdict names next, out of turn", async () => {
    const models = { small: saying("s"), middle: saying("m"), large: saying("l") };
    const result = await createCascade({
      models,
      verify: ({ candidates }) => (candidates.length < 2 ? { pass: false, next: "large" } : { pass: true }),
    })
      .compile()
      .invoke({ messages: "Q" });
    expect([result.modelUsed, models.middle.callCount]).toEqual(["large", 0]);
    expect(result.decisions[0]).toMatchObject({ kind: "escalate", chosen: "large" });
  });

  it("asks the models left in key order when the named one cannot answer", async () => {
    const models = {
      small: saying("s"),
      middle: saying("m"),
      large: { model: saying(httpError(500)), retry: false as const },
    };
    const result = await createCascade({
      models,
      verify: ({ candidates }) => (candidates.length < 2 ? { pass: false, next: "large" } : { pass: true }),
    })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.modelUsed).toBe("middle");
  });

  it("ends with an error that names the models when `next` names none of them", async () => {
    const run = createCascade({
      models: { small: saying("s"), large: saying("l") },
      verify: () => ({ pass: false, next: "larg" }),
    })
      .compile()
      .invoke({ messages: "Q" });
    await expect(run).rejects.toThrow(UnknownRouteError);
    await expect(run).rejects.toThrow(/`next` of a verdict chose "larg".*"large"/s);
  });

  it("returns an earlier candidate whose message a passing verdict gives as its answer", async () => {
    const result = await createCascade({
      models: { small: saying("s"), large: saying("l") },
      verify: ({ candidates }) =>
        candidates.length < 2 ? { pass: false } : { pass: true, score: 0.8, answer: candidates[0]!.message },
    })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "small", confidence: 0.8 });
    expect(result.messages.at(-1)!.text).toBe("s");
    expect(result.decisions.at(-1)).toMatchObject({ kind: "accept", chosen: "small" });
  });
});
