import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { createFallback, createPipeline, InvalidOptionError, untilApproved } from "../../src/index.js";
import { saying, shapeOf } from "../support/fakes.js";

const review = (args: Record<string, unknown>, content = "") =>
  new AIMessage({ content, tool_calls: [{ id: "1", name: "review", args }] });

/** A pipeline that writes and reviews; the reviews come one after the other. */
async function reviewed(...reviews: readonly (string | AIMessage)[]) {
  const code = saying("draft 1", "draft 2", "draft 3");
  const graph = createPipeline({
    stages: { code, review: { model: saying(...reviews), next: untilApproved("code") } },
    answer: "code",
  });
  const result = await graph.compile().invoke({ messages: "A function" });
  return { ...result, code, reviews: result.outputs.filter(({ stage }) => stage === "review") };
}

describe("untilApproved", () => {
  it("sends the work back until the review approves, and then on", async () => {
    const { messages, verdict, decisions, code } = await reviewed("Not approved: it leaks.", "Approved.");
    expect(messages.at(-1)!.text).toBe("draft 2");
    expect(verdict).toEqual({ pass: true, feedback: "Approved." });
    expect(decisions.map(({ kind, chosen, reason }) => `${kind} ${chosen}: ${reason}`)).toEqual([
      "revise code: not approved",
      "accept __end__: approved",
    ]);
    expect(code.callCount).toBe(2);
    expect(code.calls[1]!.messages.map(({ text }) => text).join()).toContain("Not approved: it leaks.");
  });

  it("keeps the last verdict where the visits run out", async () => {
    const { messages, verdict, decisions } = await reviewed("No.", "Not approved", "Not approved: still wrong");
    expect(messages.at(-1)!.text).toBe("draft 3");
    expect(verdict).toEqual({ pass: false, feedback: "Not approved: still wrong" });
    expect(decisions.map(({ kind }) => kind)).toEqual(["revise", "revise", "stop"]);
    expect(decisions[0]!.reason).toBe("the review says neither yes nor no");
  });

  it("reads structured reviews, and keeps them as text", async () => {
    const { verdict, reviews, code } = await reviewed(
      review({ approved: false, feedback: "It leaks." }),
      review({ approved: true, feedback: "" }),
    );
    expect(verdict).toEqual({ pass: true });
    expect(reviews.map(({ message }) => message.text)).toEqual(["Not approved. It leaks.", "Approved."]);
    expect(reviews.every(({ message }) => !message.tool_calls?.length)).toBe(true);
    expect(code.calls[1]!.messages.at(-1)!.text).toContain("Not approved. It leaks.");
  });

  it.each([
    [review({ approved: true }, "All fine."), true, "Approved. All fine."],
    [review({ approved: "true", feedback: "Nice" }), true, "Approved. Nice"],
    [review({ approved: "false" }), false, "Not approved."],
    [review({ verdict: "yes" }), false, "Not approved."],
    [review({}, "Approved."), true, "Approved. Approved."],
    [new AIMessage('{"approved": true}'), true, "Approved."],
    [new AIMessage('```json\n{"approved": false, "feedback": "x"}\n```'), false, "Not approved. x"],
    [new AIMessage('It prints {"approved": true} for every input, wrong.'), false, undefined],
  ])("takes %# for what it says", async (message, pass, text) => {
    const { reviews, decisions } = await reviewed(message, "Approved.");
    expect(decisions[0]!.kind).toBe(pass ? "accept" : "revise");
    expect(reviews[0]!.message.text).toBe(text ?? message.text);
  });

  it("asks for a form where the client takes one, and for words", async () => {
    const reviewer = saying("Approved.");
    const stages = {
      code: saying("x"),
      review: { model: reviewer, systemPrompt: "Review.", next: untilApproved("code") },
    };
    await createPipeline({ stages }).compile().invoke({ messages: "Q" });
    expect(reviewer.calls[0]!.messages[0]!.text).toMatch(/^Review\.\n\nSay whether you approve/);
  });

  it("at the end of a pipeline returns the work, approved or not, with the reviews in outputs", async () => {
    const stages = () => ({
      plan: saying("plan"),
      code: saying("draft 1", "draft 2"),
      review: { model: saying("Not approved. Longer.", "APPROVED"), next: untilApproved("code") },
    });
    const approved = await createPipeline({ stages: stages() }).compile().invoke({ messages: "Q" });
    expect(approved).toMatchObject({ modelUsed: "code", verdict: { pass: true } });
    expect(approved.messages.at(-1)!.text).toBe("draft 2");
    expect(approved.outputs.map(({ stage, message }) => `${stage}: ${message.text}`).slice(1)).toEqual([
      "code: draft 1",
      "review: Not approved. Longer.",
      "code: draft 2",
      "review: APPROVED",
    ]);
    const { code, review } = stages();
    const once = { code: { model: code, maxVisits: 1 }, review };
    const refused = await createPipeline({ stages: once }).compile().invoke({ messages: "Q" });
    expect([refused.messages.at(-1)!.text, refused.verdict?.pass]).toEqual(["draft 1", false]);
  });

  it("returns the work behind two reviewers, the review where that is named, and the last stage where work follows", async () => {
    const facts = { model: saying("Approved."), next: untilApproved("write") };
    const style = () => ({ model: saying("Approved."), next: untilApproved("facts") });
    const last = async (graph: ReturnType<typeof createPipeline>) =>
      (await graph.compile().invoke({ messages: "Q" })).messages.at(-1)!.text;
    const fresh = () => ({ write: saying("work"), facts: { ...facts, model: saying("Approved.") }, style: style() });
    expect(await last(createPipeline({ stages: fresh() }))).toBe("work");
    expect(await last(createPipeline({ stages: fresh(), answer: "style" }))).toBe("Approved.");
    expect(await last(createPipeline({ stages: { ...fresh(), polish: saying("shiny") } }))).toBe("shiny");
  });

  it("reads a pattern that reviews by its text", async () => {
    const model = createFallback({ models: { one: saying("LGTM") } });
    const stages = { code: saying("x"), review: { model, next: untilApproved("code") } };
    const result = await createPipeline({ stages, answer: "code" }).compile().invoke({ messages: "Q" });
    expect(result).toMatchObject({ verdict: { pass: true }, modelUsed: "code" });
  });

  it.each(["review", "polish"] as const)(
    "refuses %s, which is not before the reviewer, as the graph is built",
    (name) => {
      const review = { model: saying(), next: untilApproved<"code" | "review" | "polish">(name) };
      const build = () => createPipeline({ stages: { code: saying(), review, polish: saying() } });
      expect(build).toThrow(`createPipeline.stages.review.next is "${name}"; name a stage before this one: code`);
      const first = { model: saying(), next: untilApproved<"code" | "first">("code") };
      expect(() => createPipeline({ stages: { first, code: saying() } })).toThrow(InvalidOptionError);
    },
  );

  it("is drawn as what it does: back to the stage, or on", () => {
    const review = { model: saying(), next: untilApproved("code") };
    const stages = { plan: saying(), code: saying(), review, polish: saying() };
    expect(shapeOf(createPipeline({ stages })).filter((edge) => edge.startsWith("review"))).toEqual([
      "review ⇢ code",
      "review ⇢ polish",
    ]);
    const last = createPipeline({ stages: { code: saying(), review }, answer: "code" });
    expect(shapeOf(last)).toEqual([
      "__start__ → code",
      "code ⇢ __end__",
      "code ⇢ review",
      "review ⇢ __end__",
      "review ⇢ code",
    ]);
  });

  it("refuses what is no name", () => {
    for (const name of ["", undefined, 3]) expect(() => untilApproved(name as string)).toThrow(InvalidOptionError);
  });
});
