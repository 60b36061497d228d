import { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { check, createCascade, createEnsemble, createQualityGate, majorityVote } from "../../src/index.js";
import { saying } from "../support/fakes.js";

type Update = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

async function updatesOf(
  graph: { compile(): unknown },
  messages = "Hi",
): Promise<readonly (readonly [string, Update[string]])[]> {
  const app = graph.compile() as ReturnType<ReturnType<typeof createCascade>["compile"]>;
  const updates: (readonly [string, Update[string]])[] = [];
  for await (const chunk of await app.stream({ messages }, { streamMode: "updates" })) {
    updates.push(...Object.entries(chunk as Update));
  }
  return updates;
}
const written = (updates: Awaited<ReturnType<typeof updatesOf>>, node: string) =>
  updates.filter(([name]) => name === node).map(([, { candidates }]) => candidates);

describe("the updates of a run", () => {
  it("have a verdict alone, not the candidates again", async () => {
    const cascade = createCascade({
      models: { small: saying("draft"), large: saying("better") },
      verify: check(({ answer }) => answer.text === "better"),
    });
    expect(written(await updatesOf(cascade), "verifier")).toEqual([
      [{ name: "small", verdict: { pass: false, reason: "the check failed" } }],
      [{ name: "large", verdict: { pass: true, reason: "the check passed" } }],
    ]);
  });

  it("have the lanes of an ensemble once", async () => {
    const lanes = { a: saying("yes"), b: saying("yes"), c: saying("no") };
    const updates = await updatesOf(createEnsemble({ models: lanes, aggregate: majorityVote(), stopEarly: false }));
    expect(written(updates, "aggregator")).toEqual([undefined]);
  });

  it("have whole milliseconds and a short id of the run", async () => {
    const updates = await updatesOf(
      createQualityGate({ model: saying("one", "two"), verify: check(({ answer }) => answer.text === "two") }),
    );
    const calls = updates.flatMap(
      ([, { calls = [] }]) => calls as { latencyMs: number; startedAt: number; turnId: string }[],
    );
    expect(calls).toHaveLength(2);
    for (const { latencyMs, startedAt, turnId } of calls) {
      expect([latencyMs, startedAt].every(Number.isInteger)).toBe(true);
      expect(turnId).toMatch(/#[0-9a-f]{8}$/);
    }
  });
});

describe("a verdict in the state", () => {
  it("stands in the last candidate of its name, beside those before it", async () => {
    const app = createQualityGate({
      model: saying("one", "two", "three"),
      verify: ({ answer }) => ({ pass: answer.text === "three", reason: `saw ${answer.text}` }),
      maxRevisions: 2,
    }).compile();
    const { candidates } = await app.invoke({ messages: "Hi" });
    expect(candidates.map(({ name, message, verdict }) => [name, message.text, verdict?.reason])).toEqual([
      ["draft", "one", "saw one"],
      ["revise", "two", "saw two"],
      ["revise", "three", "saw three"],
    ]);
  });

  it("replaces the answer that it rewrites, and does not keep it twice", async () => {
    const graph = createQualityGate({
      model: saying("Paris (90%)"),
      verify: () => ({ pass: true, answer: new AIMessage("Paris") }),
    });
    const { candidates, messages, verdict } = await graph.compile().invoke({ messages: "Hi" });
    expect([messages.at(-1)!.text, candidates[0]!.message.text]).toEqual(["Paris", "Paris"]);
    expect([candidates[0]!.verdict, verdict]).toEqual([{ pass: true }, { pass: true }]);
  });

  it("can be written by hand as a verdict alone, and is refused where no candidate has the name", async () => {
    const thread = { configurable: { thread_id: "1" } };
    const app = createCascade({
      models: { small: saying("draft"), large: saying("better") },
      verify: check(() => true),
    }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["verifier"],
    });
    await app.invoke({ messages: "Hi" }, thread);
    await app.updateState(
      thread,
      { candidates: [{ name: "small", verdict: { pass: false, reason: "no" } }] } as never,
      "small",
    );
    const { values } = await app.getState(thread);
    expect(values.candidates).toMatchObject([{ name: "small", verdict: { pass: false, reason: "no" } }]);
    expect(values.candidates[0]!.message.text).toBe("draft");
    await app.updateState(thread, { candidates: [{ name: "smal", verdict: { pass: true } }] } as never, "small");
    await expect(app.invoke(null, thread)).rejects.toThrow("candidates[1].message is no answer");
  });
});
