import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  allOf,
  check,
  createQualityGate,
  InvalidOptionError,
  judgeWith,
  ModelCallError,
  matchesSchema,
} from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";

describe("createQualityGate", () => {
  it("has the shape of its topology line", () => {
    const graph = createQualityGate({ model: saying(), verify: check(() => true), fallback: saying() });
    expect(shapeOf(graph)).toMatchInlineSnapshot(`
      [
        "__start__ → draft",
        "draft → verifier",
        "fallback → __end__",
        "revise → verifier",
        "verifier ⇢ __end__",
        "verifier ⇢ fallback",
        "verifier ⇢ revise",
      ]
    `);
  });

  it("gives the feedback to the model and returns the revision that passes", async () => {
    const model = saying("{}", '{"title":"Rain"}');
    const verify = matchesSchema(z.object({ title: z.string() }));
    const result = await createQualityGate({ model, verify }).compile().invoke({ messages: "A title as JSON" });
    expect(result).toMatchObject({ modelUsed: "revise", verdict: { pass: true } });
    expect(model.calls[1]!.messages.map(({ type }) => type)).toEqual(["human", "ai", "human"]);
    expect(model.calls[1]!.messages[2]!.text).toMatch(/Feedback: Mend this:\s.*title/s);
    expect(result.decisions.map(({ kind, chosen }) => `${kind} ${chosen}`)).toEqual(["revise revise", "accept revise"]);
    expect(result.messages).toHaveLength(2);
  });

  it("revises as often as it may, then asks the fallback", async () => {
    const model = saying("1", "2", "3");
    const result = await createQualityGate({
      model,
      verify: check(() => false),
      maxRevisions: 2,
      fallback: saying("spare"),
    })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.calls.map(({ path }) => path)).toEqual(["draft", "revise", "revise", "fallback"]);
    expect(result.modelUsed).toBe("fallback");
  });

  it("returns the last revision with its verdict when there is no fallback", async () => {
    const result = await createQualityGate({ model: saying("1", "2"), verify: judgeWith(saying("2", "5")) })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "revise", confidence: 0.5, verdict: { pass: false } });
  });

  it("only lets through or hands over with maxRevisions 0", async () => {
    const gate = createQualityGate({
      model: saying("1"),
      verify: check(() => false),
      maxRevisions: 0,
      fallback: saying("spare"),
    });
    expect(shapeOf(gate)).not.toContain("verifier ⇢ revise");
    expect((await gate.compile().invoke({ messages: "Q" })).modelUsed).toBe("fallback");
  });

  it("goes straight to the fallback when the model fails, and throws its error without one", async () => {
    const broken = () => ({ model: saying(httpError(500), "never"), retry: false }) as const;
    const options = { verify: check(() => true) };
    const result = await createQualityGate({ ...options, model: broken(), fallback: saying("spare") })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.calls.map(({ path }) => path)).toEqual(["draft", "fallback"]);
    const run = createQualityGate({ ...options, model: broken() })
      .compile()
      .invoke({ messages: "Q" });
    await expect(run).rejects.toSatisfy(ModelCallError.isInstance);
    await expect(run).rejects.toMatchObject({ path: "draft", status: 500 });
  });

  it("keeps the draft when a revision fails", async () => {
    const model = { model: saying("draft", httpError(500)), retry: false } as const;
    const result = await createQualityGate({ model, verify: judgeWith(saying("4")) })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "draft", confidence: 0.4, verdict: { pass: false, score: 0.4 } });
  });

  it("lets the model judge itself when the verifier names no other", async () => {
    const model = saying("answer", "YES");
    const verify = check(async ({ messages, ask }) => (await ask(messages)).text === "YES");
    const result = await createQualityGate({ model, verify }).compile().invoke({ messages: "Q" });
    expect(result.calls.map(({ path, role }) => `${path} ${role}`)).toEqual(["draft answer", "verifier judge"]);
  });

  it("does not pay the judge for what a schema rejects", async () => {
    const judge = saying("9");
    const verify = allOf(matchesSchema(z.object({ n: z.number() })), judgeWith(judge));
    const result = await createQualityGate({ model: saying("no json", '```json\n{"n": 1}\n```'), verify })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "revise", confidence: 0.9 });
    expect(judge.callCount).toBe(1);
  });

  it("refuses a count of revisions that is none", () => {
    for (const maxRevisions of [-1, 0.5, Number.NaN]) {
      expect(() => createQualityGate({ model: saying(), verify: check(() => true), maxRevisions })).toThrow(
        InvalidOptionError,
      );
    }
  });
});
