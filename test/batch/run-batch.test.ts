import { HumanMessage } from "@langchain/core/messages";
import { MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  type BatchInput,
  type BatchOptions,
  type BatchRow,
  budget,
  createFallback,
  createPipeline,
  type ModelEntry,
  runBatch,
} from "../../src/index.js";
import { EchoModel, never } from "./echo-model.js";

const dollarAToken = { input: 0, output: 1_000_000 };
const chain = (model: EchoModel, entry: Partial<ModelEntry> = {}) =>
  createFallback({ models: { echo: { model, retry: false, price: { input: 1, output: 1 }, ...entry } } });

async function all(rows: AsyncIterable<BatchRow>): Promise<BatchRow[]> {
  const list: BatchRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

/** Counts what happens in one turn of the event loop. */
function countTurns() {
  const counts = { most: 0, now: 0 };
  return Object.assign(counts, {
    note: () => {
      if (counts.now++ === 0)
        setImmediate(() => Object.assign(counts, { now: 0, most: Math.max(counts.most, counts.now) }));
    },
  });
}

describe("runBatch", () => {
  it("answers 10,000 items, each exactly once, with failures as rows, and holds only a few of them", async () => {
    const model = new EchoModel((text) => {
      if (Number(text) % 97 === 0) throw new Error("no");
      return `You said: ${text}`;
    });
    const turns = countTurns();
    let pulled = 0;
    let read = 0;
    let most = 0;
    function* numbers() {
      for (; pulled < 10_000; pulled++) {
        turns.note();
        most = Math.max(most, pulled - read);
        yield String(pulled);
      }
    }
    const ids = new Set<string | number>();
    const wrong: unknown[] = [];
    let progress = 0;
    let failed = 0;
    for await (const { id, prompt, text, error, calls, target, costUsd } of runBatch({
      ...{ graph: chain(model), inputs: numbers(), concurrency: 32, name: "numbers" },
      onProgress: ({ rows }) => {
        progress = rows;
      },
    })) {
      read++;
      ids.add(id);
      if (error !== undefined) failed++;
      const isRight = error !== undefined || text === `You said: ${prompt}`;
      const isWhole = Number(prompt) + 1 === id && calls.length === 1 && target === "numbers" && costUsd !== null;
      if (!isRight || !isWhole || progress !== read) wrong.push(id);
    }
    expect(wrong).toEqual([]);
    expect([ids.size, read, model.asked.length, new Set(model.asked).size]).toEqual(Array(4).fill(10_000));
    expect(failed).toBe(Math.ceil(10_000 / 97));
    expect(model.most).toBeGreaterThan(9);
    expect(model.most).toBeLessThanOrEqual(32);
    expect(most).toBeLessThanOrEqual(33); // a row in the reader's hands, and those under way or unread
    expect(turns.most).toBeLessThanOrEqual(10);
  });

  it("keeps the order where one item is answered at a time", async () => {
    const inputs = Array.from({ length: 30 }, (_, index) => `${index}`);
    const rows = await all(runBatch({ graph: chain(new EchoModel()), inputs, concurrency: 1 }));
    expect(rows.map(({ prompt }) => prompt)).toEqual(inputs);
  });

  it("pulls nothing while nobody reads, and no more than the reader has room for", async () => {
    const model = new EchoModel();
    let pulled = 0;
    const inputs = (function* () {
      for (;;) yield String(pulled++);
    })();
    const rows = runBatch({ graph: chain(model), inputs, concurrency: 4 });
    await new Promise(setImmediate);
    expect(pulled).toBe(0);
    await rows.next();
    await expect.poll(() => model.open).toBe(0);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(pulled).toBeLessThanOrEqual(5);
    await rows.return();
  });

  it("takes conversations and ids, and gives what cannot be read as rows with an error", async () => {
    const model = new EchoModel();
    const inputs = [
      { id: "a", prompt: "x" },
      [new HumanMessage("y")],
      { id: "a", prompt: "z" },
      { id: "b", messages: [{ role: "wizard", content: "x" }] },
      7 as unknown as BatchInput,
      { prompt: "x", messages: [] },
    ];
    const rows = await all(runBatch({ graph: chain(model).compile(), inputs, concurrency: 1 }));
    const error = (text: string) => ({ error: { name: "InvalidInputError", message: expect.stringContaining(text) } });
    expect(rows).toMatchObject([
      { id: "a", prompt: "x", text: "You said: x" },
      { id: 2, messages: [{ role: "user", content: "y" }], text: "You said: y" },
      { id: 3, ...error('The id "a" is used twice') },
      { id: 4, ...error('the role "wizard"') },
      { id: 5, ...error("The input is 7; give a text") },
      { id: 6, ...error("not exactly one of prompt and messages") },
    ]);
    expect(model.asked).toEqual(["x", "y"]);
  });

  it("aborts what is under way, gives the rows that were paid for, and ends in the reason", async () => {
    const controller = new AbortController();
    const model = new EchoModel((text) => (Number(text) < 3 ? "ok" : never()));
    const rows: BatchRow[] = [];
    const reason = new Error("enough");
    const inputs = Array.from({ length: 100 }, (_, index) => `${index}`);
    const run = (async () => {
      for await (const row of runBatch({ graph: chain(model), inputs, concurrency: 4, signal: controller.signal })) {
        rows.push(row);
        if (rows.length === 3) setImmediate(() => setImmediate(() => controller.abort(reason)));
      }
    })();
    await expect(run).rejects.toBe(reason);
    expect(rows.slice(0, 3).map(({ text }) => text)).toEqual(["ok", "ok", "ok"]);
    for (const { error, calls } of rows.slice(3))
      expect([error?.name, calls[0]!.status]).toEqual(["Error", "cancelled"]);
    expect(model.asked.length).toBeLessThanOrEqual(7);
    await expect.poll(() => model.open).toBe(0);
    expect(model.aborted).toBe(model.asked.length - 3);
  });

  it("aborts what is under way when the reader leaves, and closes the source", async () => {
    const model = new EchoModel((text) => (text === "0" ? "ok" : never()));
    let closed = false;
    async function* numbers() {
      try {
        for (let number = 0; ; number++) yield String(number);
      } finally {
        closed = true;
      }
    }
    for await (const { text } of runBatch({ graph: chain(model), inputs: numbers(), concurrency: 4 })) {
      expect(text).toBe("ok");
      await expect.poll(() => model.open).toBe(3);
      break;
    }
    await expect.poll(() => model.open).toBe(0);
    expect([model.aborted, model.asked.length, closed]).toEqual([3, 4, true]);
  });

  it("waits for no slow source to give a row, and gives the rows before the error of a source", async () => {
    let go = () => {};
    const pause = new Promise<void>((resolve) => {
      go = resolve;
    });
    async function* slow() {
      yield "one";
      await pause;
      throw new Error("the source broke");
    }
    const rows = runBatch({ graph: chain(new EchoModel()), inputs: slow(), concurrency: 4 });
    expect((await rows.next()).value).toMatchObject({ prompt: "one" });
    go();
    await expect(rows.next()).rejects.toThrow("the source broke");
  });

  it.each<[string, object, string]>([
    ["no graph", { graph: undefined }, "runBatch.graph is undefined; give a pattern"],
    ["a model", { graph: new EchoModel() }, "runBatch.graph is not a graph over messages"],
    ["no inputs", { inputs: undefined }, "runBatch.inputs is undefined"],
    ["one text", { inputs: "Hi" }, 'runBatch.inputs is "Hi"'],
    ["half an item at once", { concurrency: 0.5 }, "runBatch.concurrency is 0.5"],
    ["less than nothing", { budget: -1 }, "runBatch.budget is -1"],
    ["no budget", { budget: {} }, "runBatch.budget is"],
    ["no saver", { checkpointer: {} }, "runBatch.checkpointer is"],
    ["no signal", { signal: {} }, "runBatch.signal is"],
    ["a typo", { concurency: 4 }, "did you mean"],
    ["no context", { context: { maxCostUsd: -1 } }, "runBatch.context.maxCostUsd is -1"],
    ["a graph and a queue", { queue: { run: () => {} } }, "runBatch.graph is"],
  ])("refuses %s at once", (_, options, message) => {
    const given = { graph: chain(new EchoModel()), inputs: ["Hi"], ...options } as BatchOptions;
    expect(() => runBatch(given)).toThrow(message);
  });
});

describe("the budget of a batch", () => {
  const inputs = Array.from({ length: 40 }, (_, index) => `${index}`);
  const entry = { price: dollarAToken, maxOutputTokens: 8 };

  it("is never exceeded, lets every item in that fits, and gives the rest as rows that were not run", async () => {
    const model = new EchoModel(() => "ok", 2); // at most $8, in fact $2
    const rows = await all(runBatch({ graph: chain(model, entry), inputs, concurrency: 8, budget: 21 }));
    const answered = rows.filter(({ error }) => error === undefined);
    expect(rows.length).toBe(40);
    expect(answered.length).toBe(7); // the eighth would need $8 of the $7 left
    expect(answered.reduce((sum, { costUsd }) => sum + costUsd!, 0)).toBe(14);
    expect(model.asked.length).toBe(7);
    for (const { error, calls } of rows.filter((row) => row.error !== undefined))
      expect([error!.name, calls]).toEqual(["BudgetExceededError", []]);
    expect(
      rows.filter(({ error }) => error?.message.startsWith("budget: not run: the budget of the batch")).length,
    ).toBeGreaterThan(20);
  });

  it("may be one that is shared with others", async () => {
    const shared = budget({ usd: 21, per: "month" });
    const model = new EchoModel(() => "ok", 2);
    const graph = chain(model, entry);
    const first = await all(runBatch({ graph, inputs: inputs.slice(0, 4), budget: shared, concurrency: 1 }));
    const second = await all(runBatch({ graph, inputs, budget: shared, concurrency: 1 }));
    expect(first.filter(({ error }) => error === undefined).length).toBe(4);
    expect(second.filter(({ error }) => error === undefined).length).toBe(3);
  });

  it("counts the calls of a graph that is no pattern", async () => {
    const model = new EchoModel(() => "ok", 2);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("inner", createFallback({ models: { echo: { model, retry: false, ...entry } } }).compile())
      .addEdge(START, "inner");
    const rows = await all(runBatch({ graph, inputs, budget: 11, concurrency: 1 }));
    const answered = rows.filter(({ error }) => error === undefined);
    expect(answered.map(({ calls, costUsd }) => [calls.length, costUsd])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it("of an item leaves the others alone", async () => {
    const context = { maxCostUsd: 1 };
    const rows = await all(
      runBatch({
        graph: chain(new EchoModel(() => "ok", 2), entry),
        inputs: [{ prompt: "a", context }, "b", "c"],
        concurrency: 1,
        budget: 100,
      }),
    );
    expect(rows.map(({ error, text }) => error?.name ?? text)).toEqual(["BudgetExceededError", "ok", "ok"]);
  });
});

describe("a batch that is run again", () => {
  it("skips what the rows of an earlier try answer, and counts what its failures cost", async () => {
    let broken = true;
    const model = new EchoModel((text) => (broken && text === "two" ? Promise.reject(new Error("no")) : `ok ${text}`));
    const options = { graph: chain(model), inputs: ["one", "two", "three"], concurrency: 1 };
    const first = await all(runBatch(options));
    broken = false;
    const second = await all(runBatch({ ...options, done: first }));
    expect(second).toMatchObject([{ id: 2, text: "ok two", earlierCalls: first[1]!.calls }]);
    const third = await all(runBatch({ ...options, done: [...first, ...second] }));
    expect([third, model.asked]).toEqual([[], ["one", "two", "three", "two"]]);
  });

  it("goes on inside of its items with a checkpointer, and pays nothing twice", async () => {
    let broken = true;
    const draft = new EchoModel((text) => `draft of ${text}`);
    const edit = new EchoModel((text) => (broken && text.includes("two") ? Promise.reject(new Error("no")) : text));
    const stages = { draft: { model: draft, retry: false }, edit: { model: edit, retry: false } } as const;
    const options = {
      ...{ graph: createPipeline({ stages }), inputs: ["one", "two"], concurrency: 2 },
      ...{ checkpointer: new MemorySaver(), name: "night" },
    };
    const first = await all(runBatch(options));
    expect(first.find(({ id }) => id === 2)).toMatchObject({
      error: {},
      calls: [{ status: "ok" }, { status: "error" }],
    });
    broken = false;
    const second = await all(runBatch({ ...options, done: first.filter(({ id }) => id === 2) }));
    expect(second.map(({ id, error }) => [id, error]).sort()).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    const again = second.find(({ id }) => id === 2)!;
    expect(again.threadId).toBe(first.find(({ id }) => id === 2)!.threadId);
    expect(again.calls.map(({ status }) => status)).toEqual(["ok", "error", "ok"]);
    expect(again.earlierCalls).toBeUndefined(); // the thread has them
    expect([draft.asked.length, edit.asked.length]).toEqual([2, 3]);
    const changed = await all(runBatch({ ...options, inputs: ["another question"] }));
    expect([changed[0]!.prompt, draft.asked.length]).toEqual(["another question", 3]);
  });

  it("refuses a checkpointer for a graph that is compiled without it, and uses the one a graph has", async () => {
    const model = new EchoModel();
    const saver = new MemorySaver();
    const bare = { graph: chain(model).compile(), inputs: ["Hi"], checkpointer: saver };
    expect(() => runBatch(bare)).toThrow("runBatch.checkpointer is a MemorySaver; the graph is compiled already");
    const graph = chain(model).compile({ checkpointer: saver });
    const rows = [
      ...(await all(runBatch({ graph, inputs: ["Hi"] }))),
      ...(await all(runBatch({ graph, inputs: ["Hi"] }))),
    ];
    expect([rows.map(({ text }) => text), model.asked]).toEqual([["You said: Hi", "You said: Hi"], ["Hi"]]);
  });
});
