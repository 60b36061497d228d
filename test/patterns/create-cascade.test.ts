import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  AllModelsFailedError,
  check,
  createCascade,
  InvalidOptionError,
  judgeWith,
  type Model,
  selfReported,
} from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";

const is = (text: string) => check(({ answer }) => answer.text === text);
const failing = (status: number) => ({ model: saying(httpError(status)), retry: false }) as const;

describe("createCascade", () => {
  it("has the shape of its topology line", () => {
    const graph = createCascade({ models: { small: saying(), large: saying() }, verify: is("x"), fallback: saying() });
    expect(shapeOf(graph)).toMatchInlineSnapshot(`
      [
        "__start__ → small",
        "fallback → __end__",
        "large → verifier",
        "small → verifier",
        "verifier ⇢ __end__",
        "verifier ⇢ fallback",
        "verifier ⇢ large",
      ]
    `);
  });

  it("stops at the first answer the verifier passes", async () => {
    const [small, large] = [saying("good"), saying("good")];
    const result = await createCascade({ models: { small, large }, verify: is("good") })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "small", verdict: { pass: true } });
    expect(large.callCount).toBe(0);
  });

  it("counts a failed call as a failed verdict, without paying a judge", async () => {
    const judge = saying("Score: 9");
    const models = { small: failing(500), large: saying("good") };
    const result = await createCascade({ models, verify: judgeWith(judge), judgeLast: true })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "large", confidence: 0.9 });
    expect(judge.callCount).toBe(1);
    expect(result.decisions.map(({ kind, chosen }) => [kind, chosen])).toEqual([
      ["escalate", "large"],
      ["accept", "large"],
    ]);
  });

  it("returns the last answer with its failed verdict when no tier passes and the last is judged", async () => {
    const models = { small: saying("one"), large: saying("two") };
    const result = await createCascade({ models, verify: judgeWith(saying("3", "4/10")), judgeLast: true })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "large", confidence: 0.4, verdict: { pass: false, score: 0.4 } });
    expect(result.messages.at(-1)!.text).toBe("two");
  });

  it("returns an earlier answer with its own verdict when the last tier fails", async () => {
    const models = { small: saying("one"), large: failing(500) };
    const result = await createCascade({ models, verify: judgeWith(saying("3")) })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "small", confidence: 0.3, verdict: { pass: false, score: 0.3 } });
  });

  it("asks the fallback, unjudged, when no tier passes", async () => {
    const verify = is("never");
    const result = await createCascade({ models: { small: saying("one") }, verify, fallback: saying("spare") })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "fallback", confidence: null });
  });

  it("throws AllModelsFailedError with every failure when no tier answers", async () => {
    const run = createCascade({ models: { small: failing(500), large: failing(503) }, verify: is("x") })
      .compile()
      .invoke({ messages: "Q" });
    await expect(run).rejects.toSatisfy(AllModelsFailedError.isInstance);
    await expect(run).rejects.toMatchObject({
      failures: [
        { name: "small", status: 500 },
        { name: "large", status: 503 },
      ],
    });
  });

  it("accepts with confidence null when the judge fails, and says so", async () => {
    const judge = { model: saying(httpError(500)), retry: false } as const;
    const large = saying("never asked");
    const result = await createCascade({ models: { small: saying("one"), large }, verify: judgeWith(judge) })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "small", confidence: null, verdict: undefined });
    expect(result.decisions.at(-1)).toMatchObject({ kind: "accept", reason: expect.stringContaining("not verified") });
    expect(large.callCount).toBe(0);
  });

  it("climbs when the judge fails and onUnverified says so", async () => {
    const judge = { model: saying(httpError(500), "Score: 8"), retry: false } as const;
    const models = { small: saying("one"), large: saying("two") };
    const result = await createCascade({ models, verify: judgeWith(judge), onUnverified: "escalate", judgeLast: true })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "large", confidence: 0.8 });
  });

  it("climbs when the judge answers without a usable score", async () => {
    const models = { small: saying("one"), large: saying("two") };
    const result = await createCascade({ models, verify: judgeWith(saying("lovely", "Score: 7")), judgeLast: true })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "large", confidence: 0.7 });
    const nan = createCascade({ models: { small: saying("one") }, verify: () => ({ pass: true, score: Number.NaN }) });
    expect(await nan.compile().invoke({ messages: "Q" })).toMatchObject({ verdict: { pass: false }, confidence: null });
  });

  it("asks for the confidence it reads, and strips it from the answer", async () => {
    const small = saying("Paris\nConfidence: 60%");
    const models = { small, large: saying("Paris.\nConfidence: 80%") };
    const result = await createCascade({ models, verify: selfReported() })
      .compile()
      .invoke({ messages: "Capital of France?" });
    expect(small.calls[0]!.messages[0]!.text).toContain("Confidence: N%");
    expect(result).toMatchObject({ modelUsed: "large", confidence: 0.8 });
    expect(result.messages.at(-1)!.text).toBe("Paris.");
    expect(result.candidates.map(({ verdict }) => verdict?.score)).toEqual([0.6, 0.8]);
  });

  it("stops at a bad request: the caller's bug is not hidden behind more bills", async () => {
    const large = saying("never asked");
    const run = createCascade({ models: { small: failing(400), large }, verify: is("x") })
      .compile()
      .invoke({ messages: "Q" });
    await expect(run).rejects.toMatchObject({ name: "ModelCallError", class: "invalid_request", path: "small" });
    expect(large.callCount).toBe(0);
  });

  it("carries tool results to the next tier, so that the tool runs once", async () => {
    let runs = 0;
    const agent = new StateGraph(MessagesAnnotation)
      .addNode("work", () => {
        runs++;
        const toolCall = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "book", args: {} }] });
        return {
          messages: [toolCall, new ToolMessage({ tool_call_id: "1", content: "booked seat 7" }), new AIMessage("weak")],
        };
      })
      .addEdge(START, "work")
      .compile() as unknown as Model;
    const large = saying("Seat 7 is yours.");
    const result = await createCascade({ models: { small: agent, large }, verify: is("Seat 7 is yours.") })
      .compile()
      .invoke({ messages: [new HumanMessage("Book!")] });
    expect(large.calls[0]!.messages.map(({ type, text }) => [type, text])).toEqual([
      ["human", "Book!"],
      ["ai", ""],
      ["tool", "booked seat 7"],
    ]);
    expect([runs, result.messages.length]).toEqual([1, 2]);
  });

  it("refuses a verifier that is none", async () => {
    expect(() => createCascade({ models: { a: saying() }, verify: undefined as never })).toThrow(InvalidOptionError);
    expect(() => createCascade({ models: { a: saying() }, verify: is("x"), onUnverified: "maybe" as never })).toThrow(
      InvalidOptionError,
    );
    const run = createCascade({ models: { a: saying("x") }, verify: (() => "yes") as never })
      .compile()
      .invoke({ messages: "Q" });
    await expect(run).rejects.toSatisfy(InvalidOptionError.isInstance);
  });
});
