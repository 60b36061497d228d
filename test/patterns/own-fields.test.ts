import {
  DeltaValue,
  MemorySaver,
  Overwrite,
  START,
  StateGraph,
  StateSchema,
  UntrackedValue,
} from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createEnsemble, createFallback, createPipeline, firstAnswer, OrchestrationState } from "../../src/index.js";
import { saying } from "../support/fakes.js";

const list = z.array(z.string());
const State = new StateSchema({
  ...OrchestrationState.fields,
  customer: z.string().optional(),
  notes: new DeltaValue(
    list.default(() => []),
    {
      inputSchema: list,
      reducer: (one: string[], more: string[][]) => [...one, ...more.flat()],
    },
  ),
  scratch: new UntrackedValue(z.object({ token: z.string() })),
  last: new UntrackedValue(z.string(), { guard: false }),
});

const said = (text: string) => ({ messages: [{ role: "assistant", content: text }] });

/** A graph of one's own that answers, and changes own keys. */
const changing = (update: object) =>
  new StateGraph(State)
    .addNode("work", () => ({ ...said("done"), ...update }) as never)
    .addEdge(START, "work")
    .compile();

const lanes = (one: object, other: object) =>
  createEnsemble({
    state: State,
    models: { one: changing(one), other: changing(other) },
    aggregate: firstAnswer(),
    stopEarly: false,
  }).compile();

describe("two lanes of an ensemble", () => {
  it("that change one plain own key end in LangGraph's error, which names the key", async () => {
    const run = lanes({ customer: "ada" }, { customer: "bob" }).invoke({ messages: "Hi" });
    await expect(run).rejects.toMatchObject({
      name: "InvalidUpdateError",
      message: expect.stringMatching(/"customer".*one value per step|one value per step.*"customer"/s),
    });
  });

  it("may change one each, or the same one to what it was", async () => {
    const state = await lanes({ customer: "ada" }, { notes: ["seen"] }).invoke({ messages: "Hi" });
    expect(state).toMatchObject({ customer: "ada", notes: ["seen"] });
    const kept = await lanes({ customer: "ada" }, {}).invoke({ messages: "Hi", customer: "bob" });
    expect(kept.customer).toBe("ada");
    const same = await lanes({ customer: "bob" }, { customer: "ada" }).invoke({ messages: "Hi", customer: "bob" });
    expect(same.customer).toBe("ada"); // one of them changed nothing
  });

  it("may both append to a key with a reducer", async () => {
    const { notes } = await lanes({ notes: ["a"] }, { notes: ["b"] }).invoke({ messages: "Hi", notes: ["first"] });
    expect(notes).toEqual(["first", "a", "b"]);
  });

  it("may both change an untracked key without a guard, of which one stays", async () => {
    const { last } = await lanes({ last: "a" }, { last: "b" }).invoke({ messages: "Hi" });
    expect(["a", "b"]).toContain(last);
    await expect(
      lanes({ scratch: { token: "a" } }, { scratch: { token: "b" } }).invoke({ messages: "Hi" }),
    ).rejects.toThrow(/UntrackedValue/);
  });
});

describe("an own key that is a DeltaValue", () => {
  it("is kept over the turns of a thread, and enters and leaves patterns within once", async () => {
    const inner = createFallback({ state: State, models: { work: changing({ notes: ["inner"] }) } });
    const graph = createPipeline({ state: State, stages: { first: inner, second: saying("two", "two") } }).compile({
      checkpointer: new MemorySaver(),
    });
    const thread = { configurable: { thread_id: "t" } };
    const one = await graph.invoke({ messages: "Hi", notes: ["given"] }, thread);
    expect(one.notes).toEqual(["given", "inner"]);
    const two = await graph.invoke({ messages: "Again" }, thread);
    expect(two.notes).toEqual(["given", "inner", "inner"]);
  });

  it("is replaced as a whole where a graph within replaces it", async () => {
    const inner = changing({ notes: new Overwrite(["only"]) });
    const graph = createFallback({ state: State, models: { inner } }).compile();
    expect((await graph.invoke({ messages: "Hi", notes: ["given"] })).notes).toEqual(["only"]);
  });
});

describe("an own key that is an UntrackedValue", () => {
  it("reaches strategies and graphs within in its run, and is in no checkpoint", async () => {
    const seen: unknown[] = [];
    const saver = new MemorySaver();
    const graph = createPipeline({
      state: State,
      stages: {
        first: changing({ last: "from first" }),
        second: {
          model: saying("two", "two"),
          context: ({ messages, state }) => {
            seen.push(state.scratch, state.last);
            return messages;
          },
        },
      },
    }).compile({ checkpointer: saver });
    const thread = { configurable: { thread_id: "t" } };
    await graph.invoke({ messages: "Hi", scratch: { token: "secret" } }, thread);
    expect(seen).toEqual([{ token: "secret" }, "from first"]);
    for await (const { checkpoint } of saver.list(thread)) {
      const { __start__: _input, ...values } = checkpoint.channel_values; // LangGraph keeps what a run was given there
      expect(JSON.stringify(values)).toContain('"calls"');
      expect(JSON.stringify(values)).not.toMatch(/secret|from first/);
    }
    await graph.invoke({ messages: "Again" }, thread);
    expect(seen.slice(2)).toEqual([undefined, "from first"]);
  });
});
