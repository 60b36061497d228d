import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createCascade } from "../../src/index.js";

/** A model that answers when it is let, and tells who waits. */
class Gated extends BaseChatModel {
  readonly waiting: { readonly seen: readonly string[]; readonly release: () => void }[] = [];
  private arrived = () => {};

  constructor(private readonly says: string) {
    super({});
  }

  override _llmType(): string {
    return "gated";
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const seen = messages.map(({ text }) => text);
    await new Promise<void>((release) => {
      this.waiting.push({ seen, release });
      this.arrived();
    });
    const message = new AIMessage(`${this.says} for ${seen.at(-1)}`);
    return { generations: [{ text: message.text, message }] };
  }

  /** Waits until so many calls wait. */
  async held(count: number): Promise<void> {
    while (this.waiting.length < count) await new Promise<void>((resolve) => (this.arrived = resolve));
  }

  letGo(question: string): void {
    const at = this.waiting.findIndex(({ seen }) => seen.at(-1) === question);
    this.waiting.splice(at, 1)[0]!.release();
  }
}

const config = { configurable: { thread_id: "1" } };

async function twoAtOnce(first: "one" | "two", last: "one" | "two") {
  const small = new Gated("draft");
  const large = new Gated("answer");
  const verify = () => ({ pass: false });
  const graph = createCascade({ models: { small, large }, verify }).compile({ checkpointer: new MemorySaver() });
  const before = graph.invoke({ messages: "before" }, config);
  for (const model of [small, large]) {
    await model.held(1);
    model.letGo("before");
  }
  await before;
  const runs = { one: graph.invoke({ messages: "one" }, config), two: graph.invoke({ messages: "two" }, config) };
  await small.held(2);
  const seen = small.waiting.map((call) => call.seen);
  small.letGo(last); // the run that ends last is ahead in the middle
  await large.held(1);
  small.letGo(first);
  await large.held(2);
  for (const question of [first, last]) {
    large.letGo(question);
    await runs[question];
  }
  const [one, two] = await Promise.all([runs.one, runs.two]);
  return { graph, seen, one, two };
}

const texts = ({ messages }: { readonly messages: readonly BaseMessage[] }) => messages.map(({ text }) => text);
const turn = (question: string) => [question, `answer for ${question}`];

describe("two runs on one thread at once", () => {
  it.each([["one", "two"] as const, ["two", "one"] as const])(
    "both answer, from the same beginning, when %s ends before %s; the thread keeps the one that ends last",
    async (first, last) => {
      const { graph, seen, one, two } = await twoAtOnce(first, last);
      expect(seen).toEqual([
        [...turn("before"), "one"],
        [...turn("before"), "two"],
      ]);
      expect(texts(one)).toEqual([...turn("before"), ...turn("one")]);
      expect(texts(two)).toEqual([...turn("before"), ...turn("two")]);
      const { values, next } = await graph.getState(config);
      expect([texts(values), next]).toEqual([[...turn("before"), ...turn(last)], []]);
    },
  );

  it("have a ledger of their own each: calls and decisions of one are in no state of the other", async () => {
    const { graph, one, two } = await twoAtOnce("one", "two");
    expect(one.turnId).not.toBe(two.turnId);
    for (const { calls, candidates, decisions, turnId } of [one, two]) {
      expect(calls.map((call) => [call.node, call.turnId])).toEqual([
        ["small", turnId],
        ["large", turnId],
      ]);
      expect(candidates).toHaveLength(2);
      expect(decisions.length).toBeGreaterThan(0);
    }
    const states = [];
    for await (const state of graph.getStateHistory(config)) states.push(state.values);
    for (const { calls = [] } of states) {
      expect(new Set((calls as typeof one.calls).map(({ turnId }) => turnId)).size).toBeLessThanOrEqual(1);
    }
    const ends = states.map((state) => texts({ messages: [], ...state }).at(-1));
    for (const question of ["one", "two"]) expect(ends).toContain(`answer for ${question}`); // both are in its history
  });
});
