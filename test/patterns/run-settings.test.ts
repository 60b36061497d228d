import { AIMessage } from "@langchain/core/messages";
import { getConfigTypeSchema } from "@langchain/langgraph/zod/schema";
import { describe, expect, it } from "vitest";
import { check, createCascade, createFallback, createQualityGate, judgeWith } from "../../src/index.js";
import { saying } from "../support/fakes.js";

type Fields = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const formOf = (graph: { compile(): unknown }) =>
  (getConfigTypeSchema(graph.compile() as never) as { readonly properties: Fields }).properties;

const cascade = (judge = saying("Too short.\nScore: 7", "Too short.\nScore: 7"), options = {}) =>
  createCascade({
    models: { small: saying("draft", "draft"), large: saying("better") },
    verify: judgeWith(judge, options),
  });

describe("prompts and thresholds as settings of a run", () => {
  it("stand in the form of a graph that has a judge, in Studio's convention, with what they replace", () => {
    const { systemPrompt, judgeRubric, judgeThreshold } = formOf(
      cascade(undefined, { threshold: 6, rubric: "It is short." }),
    );
    expect([systemPrompt, judgeRubric, judgeThreshold]).toMatchObject([
      { type: "string", langgraph_type: "prompt" },
      { type: "string", langgraph_type: "prompt", langgraph_nodes: ["verifier"], default: "It is short." },
      { type: "number", langgraph_nodes: ["verifier"], minimum: 1, maximum: 10, default: 6 },
    ]);
  });

  it("are not in the form of a graph without a judge", () => {
    const gate = createQualityGate({ model: saying(), verify: check(() => true), system: "Be brief." });
    expect(Object.keys(formOf(gate))).not.toContain("judgeRubric");
    expect(formOf(gate).systemPrompt).toMatchObject({ default: "Be brief." });
  });

  it("change what the judge is told, and what passes", async () => {
    const judge = saying("Too short.\nScore: 7", "Too short.\nScore: 7");
    const app = cascade(judge).compile();
    const context = { judgeRubric: "It names a source.", judgeThreshold: 8 };
    expect((await app.invoke({ messages: "Hi" }, { context })).modelUsed).toBe("large");
    expect(judge.calls[0]!.messages[0]!.text).toContain("A good answer: It names a source.");
    expect((await app.invoke({ messages: "Hi" })).modelUsed).toBe("small");
    expect(judge.calls[1]!.messages[0]!.text).toContain("A good answer: It is correct, complete and clear.");
  });

  it("take an empty field as one that is not given", async () => {
    const judge = saying("Fine.\nScore: 9");
    const model = saying("draft");
    const graph = createCascade({
      models: { model, large: saying("better") },
      verify: judgeWith(judge),
      system: "Be brief.",
    });
    await graph.compile().invoke({ messages: "Hi" }, { context: { systemPrompt: "", judgeRubric: "" } });
    expect(model.calls[0]!.messages[0]!.text).toBe("Be brief.");
    expect(judge.calls[0]!.messages[0]!.text).toContain("correct, complete and clear");
  });

  it("name a threshold that is not on the judge's scale", async () => {
    const run = cascade()
      .compile()
      .invoke({ messages: "Hi" }, { context: { judgeThreshold: 11 } });
    await expect(run).rejects.toThrow(/context\.judgeThreshold.*from 1 to 10/s);
  });

  it("replace the system prompt of the graph once, in patterns within too, and not those of its models", async () => {
    const model = saying(new AIMessage("A"));
    const inner = createFallback({ models: { a: { model, systemPrompt: "You are a." } }, system: "Inner." });
    const app = createFallback({ models: { inner }, system: "Outer." }).compile();
    await app.invoke({ messages: "Hi" }, { context: { systemPrompt: "Of this run." } });
    expect(model.calls[0]!.messages[0]!.text).toBe("Of this run.\n\nInner.\n\nYou are a.");
  });
});
