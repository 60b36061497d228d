import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createCascade } from "../../src/patterns/create-cascade.js";
import { createQualityGate } from "../../src/patterns/create-quality-gate.js";
import { type GroundedOptions, groundedIn } from "../../src/verification/grounded-in.js";
import { saying } from "../support/fakes.js";
import { verifyTurn } from "./turn.js";

const passage = "Descale every 3 months with 1,500 ml of water, or after twelve cups. The pump works at 9.0 bar.";

const verdictOf = async (answer: string, source = passage, options: GroundedOptions = {}) => {
  const { turn } = verifyTurn([answer]);
  return groundedIn(options)({ ...turn, messages: [new SystemMessage(source), new HumanMessage("How?")] });
};

describe("groundedIn", () => {
  it("passes an answer whose numbers are all in the sources, and says which", async () => {
    expect(await verdictOf("Every 3 months, at 9 bar.")).toEqual({
      pass: true,
      score: 1,
      reason: "the sources hold all of it: 3, 9",
    });
  });

  it("does not pass one that holds another number, says which, and what to do", async () => {
    expect(await verdictOf("Every 3 months with 45 g of salt.")).toEqual({
      pass: false,
      score: 0.5,
      reason: "not in the sources: 45",
      feedback: "These are not in the sources: 45. State only what the sources say.",
    });
  });

  it.each(["1500 ml", "1,500.0 ml", "12 cups", "9 bar, or 9.00"])("reads %s by its value", async (answer) => {
    expect((await verdictOf(answer)).pass).toBe(true);
  });

  it.each(["150 ml", "15 ml", "500 ml", "0.9 bar", "30 months", "19 bar"])(
    "does not find a part of a number: %s",
    async (answer) => {
      expect((await verdictOf(answer)).pass).toBe(false);
    },
  );

  it("does not take list marks and references for claims", async () => {
    expect(await verdictOf("1. Fill the tank [7].\n2) Press the button.\n## Then\n- wait")).toEqual({
      pass: true,
      reason: "the answer holds no number and no quotation to check",
    });
    expect((await verdictOf("4.5 bar")).pass).toBe(false);
    const indented = "  12. Fill the tank [12].\n\t13) Press the button [123].";
    expect(await verdictOf(indented)).not.toHaveProperty("score");
    for (const answer of ["It takes 45. Then wait.", "(45) is enough.", "It takes [4512] days."])
      expect((await verdictOf(answer)).pass).toBe(false);
  });

  it.each([
    "«the pump never works»",
    "„the pump never works“",
    "„the pump never works”",
    '"the pump never works"',
    "“the pump never works”",
  ])("looks up what stands in %s", async (quote) => {
    expect(await verdictOf(`It says ${quote}.`)).toMatchObject({ pass: false, reason: `not in the sources: ${quote}` });
  });

  it("reads a quotation over its ellipses, and leaves out fewer than three words", async () => {
    for (const quote of [
      "the pump works at 9.0 bar",
      "the pump works...or after twelve cups",
      "every 3…after twelve cups",
    ])
      expect(await verdictOf(`It says "${quote}".`)).toMatchObject({ pass: true, score: 1 });
    for (const quote of [" the valve ", "the   valve", "the valve"])
      expect(await verdictOf(`It says "${quote}".`)).not.toHaveProperty("score");
  });

  it("lists ten of ten", async () => {
    const numbers = Array.from({ length: 10 }, (_, index) => 100 + index);
    expect((await verdictOf(numbers.join("; "))).reason).toBe(`not in the sources: ${numbers.join(", ")}`);
  });

  it("looks quotations up word by word, whatever their marks, case and punctuation", async () => {
    expect((await verdictOf('It says "the pump works at…" and “Descale, every”.')).score).toBe(1);
    expect(await verdictOf("It says “the pump never works”.")).toMatchObject({
      pass: false,
      reason: "not in the sources: “the pump never works”",
    });
    expect((await verdictOf("„the pump works“ and «the pump works»")).score).toBe(1);
    expect((await verdictOf('It says "at the end of a"', "See at the end of a page.")).pass).toBe(true);
    expect((await verdictOf('"works at 9.0 b" is half a word')).pass).toBe(false);
    expect((await verdictOf('The word "decalcify" is not used.')).pass).toBe(true);
  });

  it("takes what no model wrote for its sources: passages, the question and tool results", async () => {
    const { turn } = verifyTurn(["Not 5 but 6, as 7 says."]);
    const asked = new HumanMessage("Is it 5?");
    const tool = new ToolMessage({ content: "7", tool_call_id: "1" });
    const verdict = (wrote: AIMessage) =>
      groundedIn()({ ...turn, messages: [new SystemMessage("6"), wrote, tool, asked] });
    expect((await verdict(new AIMessage("Hm."))).pass).toBe(true);
    const own = verifyTurn(["It is 8."]).turn;
    expect(await groundedIn()({ ...own, messages: [new AIMessage("It is 8."), asked] })).toMatchObject({ pass: false });
  });

  it("reads what an agent fetched with its tools, not what it said on its way", async () => {
    const { turn } = verifyTurn(["It is 9."]);
    const groundedBy = (step: AIMessage | ToolMessage) =>
      groundedIn()({ ...turn, candidates: [{ ...turn.candidates[0]!, steps: [step] }] });
    expect((await groundedBy(new ToolMessage({ content: "9 bar", tool_call_id: "1" }))).pass).toBe(true);
    expect((await groundedBy(new AIMessage("I think it is 9."))).pass).toBe(false);
  });

  it("reads the sources it is told to", async () => {
    const sources = () => ["It is 42."];
    expect((await verdictOf("42", passage, { sources })).pass).toBe(true);
    expect((await verdictOf("3", passage, { sources })).pass).toBe(false);
    expect(() => groundedIn({ sources: ["42"] as never })).toThrow(InvalidOptionError);
  });

  it("passes whatever is copied from the sources", async () => {
    const number = fc.oneof(
      fc.nat(),
      fc.double({ min: 0.01, max: 1e6, noNaN: true }).map((value) => value.toFixed(2)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 5 }), async (numbers) => {
        expect((await verdictOf(`It is ${numbers.join(" and ")}.`, numbers.join("; "))).pass).toBe(true);
      }),
    );
  });

  it("finds an invented number in any text", async () => {
    const digits = fc.integer({ min: 100, max: 999 });
    await fc.assert(
      fc.asyncProperty(digits, digits, async (known, said) => {
        expect((await verdictOf(`It is ${said} ml.`, `It is ${known} ml.`)).pass).toBe(known === said);
      }),
    );
  });

  it("lists a few of many, also of a long text of quotes that do not close", async () => {
    const numbers = Array.from({ length: 5_000 }, (_, index) => `" “ « ${100 + index}`);
    const { reason } = await verdictOf(numbers.join("\n"));
    expect(reason).toBe("not in the sources: 100, 101, 102, 103, 104, 105, 106, 107, 108, 109 and 4989 more");
  });
});

describe("groundedIn › numbers", () => {
  it.each([
    ["-5", "5", false],
    ["5", "-5", false],
    ["-5 °C", "It was \u22125 °C.", true],
    ["2020-2021", "from 2020 to 2021", true],
    ["5,000,000 people", "5 million people", true],
    ["5 million people", "5,000,000 people", true],
    ["5 million people", "5 people", false],
    ["5 people", "5 million people", true],
    ["5 thousand", "5,000", true],
    ["5 billion", "5,000,000,000", true],
    ["5-trillion", "5000000000000", true],
    ["5 millionaires", "5 million", true],
    ["1.25", "1.29", false],
    ["1.25", "1.2", false],
    ["1.2", "1.25", false],
  ])("%j is in %j: %j", async (answer, source, pass) => {
    expect((await groundedIn({ sources: () => [source] })(verifyTurn([answer]).turn)).pass).toBe(pass);
  });

  it("refuses sources that are no list of texts", () => {
    for (const sources of ["text", ["5", 5], [null], undefined])
      expect(() => groundedIn({ sources: (() => sources) as never })(verifyTurn(["5"]).turn)).toThrow(
        InvalidOptionError,
      );
  });
});

describe("groundedIn › in a graph", () => {
  const messages = [new SystemMessage(passage), new HumanMessage("How often?")];

  it("keeps a grounded answer cheap", async () => {
    const models = { small: saying("Every 3 months."), large: saying() };
    const graph = createCascade({ models, verify: groundedIn() }).compile();
    const { modelUsed, confidence } = await graph.invoke({ messages });
    expect([modelUsed, confidence, models.large.callCount]).toEqual(["small", 1, 0]);
  });

  it("asks the large model after an invented number", async () => {
    const models = { small: saying("Every 45 days."), large: saying("Every 3 months.") };
    const graph = createCascade({ models, verify: groundedIn() }).compile();
    const { modelUsed, decisions } = await graph.invoke({ messages });
    expect(modelUsed).toBe("large");
    expect(decisions[0]).toMatchObject({ kind: "escalate", reason: "not in the sources: 45" });
  });

  it("tells a model what it invented", async () => {
    const model = saying("Every 45 days.", "Every 3 months.");
    const graph = createQualityGate({ model, verify: groundedIn() }).compile();
    const answered = await graph.invoke({ messages });
    expect(answered.messages.at(-1)?.text).toBe("Every 3 months.");
    expect(model.calls[1]?.messages.at(-1)?.text).toContain("These are not in the sources: 45.");
  });
});
