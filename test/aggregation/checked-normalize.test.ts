import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import {
  agreement,
  consistency,
  createCascade,
  createEnsemble,
  InvalidOptionError,
  majorityVote,
  type Normalize,
  weightedVote,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

type Built = { compile(): unknown };
const models = () => ({ a: saying("18", "18"), b: saying("18", "18"), c: saying("19", "19") });

/** Whatever compares answers, under the name of its option. */
const users: Readonly<Record<string, (normalize: Normalize) => Built>> = {
  "majorityVote.normalize": (normalize) => createEnsemble({ models: models(), aggregate: majorityVote({ normalize }) }),
  "weightedVote.normalize": (normalize) =>
    createEnsemble({
      models: models(),
      aggregate: weightedVote({ weights: { a: 2 }, normalize }),
      fallback: saying("never"),
    }),
  "agreement.normalize": (normalize) => createCascade({ models: models(), verify: agreement({ normalize }) }),
  "consistency.normalize": (normalize) =>
    createCascade({ models: models(), verify: consistency({ samples: 3, normalize }) }),
};

/** What a normalizer may return by mistake. */
const wrong: readonly (readonly [string, unknown])[] = [
  ["a number", 18],
  ["nothing", undefined],
  ["null", null],
  ["a promise", Promise.resolve("18")],
  ["a list", ["18"]],
  ["a message", new AIMessage("18")],
  ["a function", () => "18"],
  ["true", true],
];

describe.each(Object.entries(users))("%s", (option, build) => {
  const run = (normalize: unknown) =>
    (build(normalize as Normalize).compile() as { invoke(input: object): Promise<unknown> })
      .invoke({ messages: [new HumanMessage("6 * 3?")] })
      .catch((error: unknown) => error);

  it("compares by a function that returns texts", async () => {
    expect(await run((answer: AIMessage) => answer.text.slice(0, 1))).toMatchObject({ messages: [{}, {}] });
  });

  it.each(wrong)("refuses a function that returns %s, by name", async (_what, value) => {
    const error = await run(() => value);
    expect(InvalidOptionError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ option, message: expect.stringContaining("it must return a text at once") });
  });

  it.each(["text", 18, null, {}, /\d+/])("refuses %o, which is no function, when it is made", (normalize) => {
    expect(() => build(normalize as never)).toThrow(InvalidOptionError);
    expect(() => build(normalize as never)).toThrow(`${option} is `);
  });
});
