import { AIMessage, type AIMessageChunk } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AllModelsFailedError,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createRouter,
  InvalidOptionError,
  longest,
  type ModelEntry,
  type ProgressEvent,
  totalCost,
} from "../../src/index.js";
import { failWith, type LoopbackRequest } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

/** A worker that says what it was given; it fails on items that hold "broken". */
function echo() {
  const model = saying();
  const seen: string[][] = [];
  const answer = async (messages: readonly { type: string; text: string }[]) => {
    seen.push(messages.map(({ type, text }) => `${type}: ${text}`));
    const item = messages.at(-1)!.text;
    if (item.includes("broken")) throw httpError(500);
    return { generations: [{ text: "", message: new AIMessage(`about ${item}`) }] };
  };
  return { model: Object.assign(model, { _generate: answer }), seen };
}
const retry = false;
const joined: Parameters<typeof createMapReduce>[0]["reduce"] = ({ outputs }) =>
  outputs.map(({ item, message }) => `## ${item}\n${message.text}`).join("\n\n");

describe("createMapReduce", () => {
  it("has the shape of its topology line", () => {
    const graph = createMapReduce({ plan: saying(), worker: saying(), reduce: saying() });
    expect(shapeOf(graph)).toMatchInlineSnapshot(`
      [
        "__start__ → plan",
        "plan ⇢ reduce",
        "plan ⇢ worker",
        "reduce → __end__",
        "worker → reduce",
      ]
    `);
  });

  it("plans, works on each line by itself and has the parts put together", async () => {
    const plan = saying("Here is the outline:\n1. **Causes**\n2. Effects\n\n- Outlook");
    const worker = echo();
    const reduce = saying("The report.");
    const graph = createMapReduce({
      plan,
      worker: { model: worker.model, systemPrompt: "Be brief." },
      reduce,
    }).compile();
    const result = await graph.invoke({ messages: [{ role: "user", content: "A report on floods" }] });
    expect(result.messages.map(({ text }) => text)).toEqual(["A report on floods", "The report."]);
    expect(result).toMatchObject({ modelUsed: "reduce", confidence: null, items: ["Causes", "Effects", "Outlook"] });
    expect(worker.seen.sort()).toEqual(
      ["Causes", "Effects", "Outlook"].map((item) => ["system: Be brief.", `human: ${item}`]),
    );
    expect(result.outputs.map(({ stage, item, message }) => [stage, item, message.text])).toEqual(
      ["Causes", "Effects", "Outlook"].map((item) => ["worker", item, `about ${item}`]),
    );
    expect(plan.calls[0]!.messages.map(({ type }) => type)).toEqual(["system", "human"]);
    const [system, question] = reduce.calls[0]!.messages;
    expect(question!.text).toBe("A report on floods");
    expect([...system!.text.matchAll(/<section .*>\n.*/g)].map(([part]) => part)).toEqual([
      '<section number="1" item="Causes">\nabout Causes',
      '<section number="2" item="Effects">\nabout Effects',
      '<section number="3" item="Outlook">\nabout Outlook',
    ]);
    expect(result.decisions).toEqual([
      { node: "plan", kind: "route", chosen: "worker", reason: "items to work on: 3" },
    ]);
    expect(result.calls.map(({ path, role }) => `${path} ${role}`)).toEqual([
      "plan router",
      "worker answer",
      "worker answer",
      "worker answer",
      "reduce aggregator",
    ]);
  });

  it("takes plain functions as plan and reduce, and pays for the workers only", async () => {
    const worker = echo();
    const graph = createMapReduce({
      plan: ({ messages }) => messages.at(-1)!.text.split(", "),
      worker: worker.model,
      reduce: joined,
    }).compile();
    const result = await graph.invoke({ messages: "one, two" });
    expect(result.messages.at(-1)!.text).toBe("## one\nabout one\n\n## two\nabout two");
    expect(result.calls.map(({ path }) => path)).toEqual(["worker", "worker"]);
    expect(result.modelUsed).toBe("reduce");
  });

  it("lets a reduce function return a message, and both functions ask models that are billed", async () => {
    const [planner, editor] = [saying("x"), saying(new AIMessage({ content: "edited", id: "kept" }))];
    const result = await createMapReduce({
      plan: async ({ ask, messages }) => [(await ask(messages, { model: planner })).text],
      worker: echo().model,
      reduce: ({ ask, messages }) => ask(messages, { model: editor, returned: true }),
    })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.messages.at(-1)).toMatchObject({ id: "kept", text: "edited" });
    expect(result.calls.map(({ path, role }) => `${path} ${role}`)).toEqual([
      "plan router",
      "worker answer",
      "reduce aggregator",
    ]);
  });

  it("keeps the order of the plan, more than ten items, equal ones too", async () => {
    const items = [...Array.from({ length: 12 }, (_, index) => `item ${index}`), "item 3"];
    const result = await createMapReduce({ plan: () => items, worker: echo().model, reduce: joined })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.outputs.map(({ item }) => item)).toEqual(items);
    expect(result.messages.at(-1)!.text.match(/item \d+$/gm)).toEqual(items.flatMap((item) => [item, item]));
  });

  it("leaves out what is beyond maxItems and says how many", async () => {
    const worker = echo();
    const graph = createMapReduce({ plan: () => ["a", "b", "c"], worker: worker.model, reduce: joined, maxItems: 2 });
    const { items, decisions } = await graph.compile().invoke({ messages: "Q" });
    expect([items, worker.seen.length]).toEqual([["a", "b"], 2]);
    expect(decisions[0]).toEqual({
      node: "plan",
      kind: "skip",
      chosen: "worker",
      reason: "left out: the last 1 of 3 items (maxItems 2)",
    });
    const fifty = createMapReduce({
      plan: () => Array.from({ length: 60 }, (_, index) => String(index)),
      worker: worker.model,
      reduce: () => "done",
    });
    expect((await fifty.compile().invoke({ messages: "Q" })).outputs).toHaveLength(50);
  });

  it("has the question answered by reduce alone when there is no item", async () => {
    const [worker, reduce] = [saying(), saying("A direct answer.")];
    const graph = createMapReduce({ plan: saying("Here is the outline:"), worker, reduce }).compile();
    const result = await graph.invoke({ messages: "Hi" });
    expect(result.messages.at(-1)!.text).toBe("A direct answer.");
    expect(worker.callCount).toBe(0);
    expect(reduce.calls[0]!.messages.map(({ type, text }) => [type, text])).toEqual([["human", "Hi"]]);
    expect(result.decisions).toMatchObject([{ node: "plan", kind: "route", chosen: "reduce" }]);
  });

  it("goes on without a worker that failed, and tells reduce what is missing", async () => {
    const reduce = saying("Without two.");
    const graph = createMapReduce({
      plan: () => ["one", "broken two", "three"],
      worker: { model: echo().model, retry },
      reduce,
    }).compile();
    const result = await graph.invoke({ messages: "Q" });
    expect(result.outputs.map(({ item }) => item)).toEqual(["one", "three"]);
    expect(result.failures).toMatchObject([{ name: "worker", class: "server", item: "broken two" }]);
    expect(reduce.calls[0]!.messages[0]!.text).toContain('<section number="2" item="broken two" missing="true">');
    expect(result.decisions.at(-1)).toEqual({
      node: "reduce",
      kind: "accept",
      chosen: "reduce",
      reason: "missing: 1 of 3 items (broken two)",
    });
  });

  it("tells a reduce function what failed", async () => {
    const graph = createMapReduce({
      plan: () => ["one", "broken two"],
      worker: { model: echo().model, retry },
      reduce: ({ items, outputs, failures }) =>
        `${outputs.length} of ${items.length}, without ${failures.map(({ item }) => item)}`,
    }).compile();
    expect((await graph.invoke({ messages: "Q" })).messages.at(-1)!.text).toBe("1 of 2, without broken two");
  });

  it("ends in AllModelsFailedError when every worker failed, and asks reduce nothing", async () => {
    const reduce = saying();
    const graph = createMapReduce({
      plan: () => ["broken one", "broken two"],
      worker: { model: echo().model, retry },
      reduce,
    }).compile();
    const error = await graph.invoke({ messages: "Q" }).catch((thrown: unknown) => thrown);
    expect(AllModelsFailedError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain("worker (broken two): server");
    expect(reduce.callCount).toBe(0);
  });

  it("ends in the error of a plan or a reduce that fails, and asks nobody after it", async () => {
    const worker = saying("part");
    const down = (): ModelEntry => ({ model: saying(httpError(503)), retry });
    const noPlan = createMapReduce({ plan: down(), worker, reduce: saying() }).compile();
    await expect(noPlan.invoke({ messages: "Q" })).rejects.toMatchObject({ name: "ModelCallError", path: "plan" });
    expect(worker.callCount).toBe(0);
    const noReduce = createMapReduce({ plan: () => ["a"], worker, reduce: down() }).compile();
    await expect(noReduce.invoke({ messages: "Q" })).rejects.toMatchObject({ name: "ModelCallError", path: "reduce" });
  });

  it("starts each turn with its own items", async () => {
    const graph = createMapReduce({
      plan: ({ messages }) => messages.at(-1)!.text.split(" "),
      worker: echo().model,
      reduce: joined,
    }).compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "a b c" }, thread);
    const { items, outputs, calls, decisions } = await graph.invoke({ messages: "d" }, thread);
    expect([items, outputs.map(({ item }) => item)]).toEqual([["d"], ["d"]]);
    expect([calls.length, decisions.length]).toEqual([1, 1]);
  });

  it("nests in other patterns, and other patterns in it, with every call counted once", async () => {
    const parts = createCascade({
      models: { small: saying("bad", "bad", "bad"), large: echo().model },
      verify: check(({ answer }) => answer.text.startsWith("about")),
    });
    const research = createMapReduce({
      plan: createFallback({ models: { outline: saying("a\nb\nc") } }),
      worker: parts,
      reduce: createEnsemble({ models: { x: saying("short"), y: saying("longer") }, aggregate: longest() }),
    });
    const result = await createRouter({ models: { research }, route: () => "research" })
      .compile({ checkpointer: new MemorySaver() })
      .invoke({ messages: "Q" }, { configurable: { thread_id: "1" } });
    expect(result.calls.map(({ path }) => path).sort()).toEqual(
      [
        "plan/outline",
        "reduce/x",
        "reduce/y",
        "worker/large",
        "worker/large",
        "worker/large",
        "worker/small",
        "worker/small",
        "worker/small",
      ].map((path) => `research/${path}`),
    );
    expect(new Set(result.calls.map(({ id }) => id)).size).toBe(9);
    expect(new Set(result.calls.map(({ turnId }) => turnId)).size).toBe(1);
    expect(result.modelUsed).toBe("research/reduce/y");
    expect(result.messages).toHaveLength(2);
  });

  it("draws what is inside plan, worker and reduce", async () => {
    const pair = () => createFallback({ models: { x: saying(), y: saying() } });
    const graph = createMapReduce({ plan: pair(), worker: pair(), reduce: pair() }).compile();
    const { nodes } = await graph.getGraphAsync({ xray: true });
    for (const name of ["plan:x", "worker:y", "reduce:x"]) expect(Object.keys(nodes)).toContain(name);
  });

  it("goes on with items and outputs a person edited", async () => {
    const worker = echo();
    const graph = createMapReduce({ plan: () => ["a", "b"], worker: worker.model, reduce: joined }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["worker", "reduce"],
    });
    const thread = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "Q" }, thread);
    expect((await graph.getState(thread)).next).toEqual(["worker", "worker"]);
    await graph.updateState(thread, { items: ["b", "c", "d"] }, "plan");
    await graph.invoke(null, thread);
    expect(worker.seen.flat().sort()).toEqual(["human: b", "human: c", "human: d"]);
    const message = { role: "assistant", content: "mended" };
    await graph.updateState(thread, { outputs: [{ stage: "worker", item: "c", message }] } as never, "worker");
    const result = await graph.invoke(null, thread);
    expect(result.messages.at(-1)!.text).toBe("## b\nabout b\n\n## c\nmended\n\n## d\nabout d");
  });

  it("answers without items where a person took them away", async () => {
    const graph = createMapReduce({
      plan: () => ["a"],
      worker: echo().model,
      reduce: ({ items }) => `${items.length}`,
    });
    const app = graph.compile({ checkpointer: new MemorySaver(), interruptBefore: ["worker"] });
    const thread = { configurable: { thread_id: "1" } };
    await app.invoke({ messages: "Q" }, thread);
    await app.updateState(thread, { items: null } as never, "plan");
    expect((await app.invoke(null, thread)).messages.at(-1)!.text).toBe("0");
  });

  it("sends a worker its item and nothing of the conversation", async () => {
    const saver = new MemorySaver();
    const graph = createMapReduce({
      plan: () => Array.from({ length: 20 }, (_, index) => `item ${index}`),
      worker: echo().model,
      reduce: () => "done",
    }).compile({ checkpointer: saver });
    const question = "a long conversation ".repeat(1_000);
    await graph.invoke({ messages: question }, { configurable: { thread_id: "1" } });
    for await (const { checkpoint } of saver.list({ configurable: { thread_id: "1" } })) {
      const sends = JSON.stringify(checkpoint.channel_values.__pregel_tasks ?? []);
      expect(sends.length).toBeLessThan(20 * 400);
    }
  });

  it.each([undefined, 2, 3])(
    "counts the workers of each plan by itself, with maxConcurrency %s",
    async (maxConcurrency) => {
      const inner = createMapReduce({ plan: () => [..."abcde"], worker: echo().model, reduce: joined });
      const outer = createMapReduce({ plan: () => ["x", "y"], worker: inner, reduce: joined }).compile();
      const counts: Record<string, number[]> = { worker: [], "worker/worker": [] };
      const settings = { streamMode: "custom", ...(maxConcurrency && { maxConcurrency }) } as const;
      for await (const chunk of await outer.stream({ messages: "Q" }, settings)) {
        const { path, done, of } = chunk as ProgressEvent;
        counts[path]!.push(done);
        expect(of).toBe(path === "worker" ? 2 : 5);
      }
      expect(counts.worker).toEqual([1, 2]);
      expect(counts["worker/worker"]!.sort()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    },
  );

  it("refuses maxConcurrency 1 before anything is paid", async () => {
    const plan = saying("a");
    const graph = createMapReduce({ plan, worker: saying("part"), reduce: joined }).compile();
    await expect(graph.invoke({ messages: "Q" }, { maxConcurrency: 1 })).rejects.toMatchObject({
      name: "InvalidOptionError",
      option: "maxConcurrency",
    });
    expect(plan.callCount).toBe(0);
    const two = await graph.invoke({ messages: "Q" }, { maxConcurrency: 2 });
    expect(two.outputs).toHaveLength(1);
  });

  it("refuses wrong options when it is built, and what functions must not return when they do", async () => {
    const model = saying("part");
    const parts = { plan: model, worker: model, reduce: model };
    for (const count of [0, -1, 1.5, Number.NaN, Infinity, "3" as never]) {
      expect(() => createMapReduce({ ...parts, maxItems: count })).toThrow(InvalidOptionError);
      expect(() => createMapReduce({ ...parts, concurrency: count })).toThrow(InvalidOptionError);
    }
    for (const part of ["plan", "worker", "reduce"]) {
      expect(() => createMapReduce({ ...parts, [part]: undefined })).toThrow(`createMapReduce.${part} is undefined`);
    }
    expect(() => createMapReduce({ ...parts, worker: (() => "x") as never })).toThrow(
      "createMapReduce.worker is a function, as only `plan` and `reduce` may be",
    );
    for (const items of ["a", [1], undefined, null]) {
      const run = createMapReduce({ ...parts, plan: () => items as never })
        .compile()
        .invoke({ messages: "Q" });
      await expect(run).rejects.toMatchObject({ name: "InvalidOptionError", option: "createMapReduce.plan" });
    }
    for (const text of [undefined, 3, { text: "x" }, "", " \n", new AIMessage("")]) {
      const graph = createMapReduce({ ...parts, plan: () => [], reduce: () => text as never }).compile();
      await expect(graph.invoke({ messages: "Q" })).rejects.toMatchObject({ option: "createMapReduce.reduce" });
    }
  });
});

describe.each(Object.keys(providers) as Provider[])("createMapReduce over %s", (provider) => {
  const { server } = useLoopback();
  const client = (model: string) => providers[provider](server, model);
  const price = { input: 1, output: 1 };
  const research = (options: Partial<Parameters<typeof createMapReduce>[0]> = {}) =>
    createMapReduce({
      plan: { model: client("planner"), price },
      worker: { model: client("writer"), price, retry },
      reduce: { model: client("editor"), price },
      ...options,
    });
  const lastOf = (messages: readonly { text: string }[]) => messages.at(-1)!.text;

  it("asks for a structured plan, and reads one that came as text all the same", async () => {
    const items = ["1. Causes", "**Effects**"];
    server.reply("planner", { toolCalls: [{ name: "plan", args: { items } }] }, "- Causes\n- Effects");
    server.reply("writer", ({ messages }) => `about ${lastOf(messages)}`);
    server.reply("editor", "The report.");
    for (let run = 0; run < 2; run++) {
      const result = await research().compile().invoke({ messages: "Q" });
      expect(result.outputs.map(({ message }) => message.text)).toEqual(["about Causes", "about Effects"]);
      const tokens = result.calls.reduce((sum, { usage }) => sum + usage!.inputTokens + usage!.outputTokens, 0);
      expect(totalCost(result.calls)).toBeCloseTo(tokens / 1e6, 12);
      expect(result.messages.at(-1)).toMatchObject({
        text: "The report.",
        usage_metadata: { total_tokens: tokens },
        response_metadata: { orchestration: { modelUsed: "reduce", costUsd: totalCost(result.calls) } },
      });
    }
    expect(server.requests).toHaveLength(8);
  });

  it("reads a structured plan in a form of its own", async () => {
    server.reply("planner", { toolCalls: [{ name: "plan", args: { items: "1. Causes\n2. Effects" } }] });
    server.reply("writer", "part");
    const result = await research().compile().invoke({ messages: "Q" });
    expect(result.items).toEqual(["Causes", "Effects"]);
  });

  it("asks a client that refuses tools for a plan in text", async () => {
    server.reply("planner", { error: { kind: "bad_request", message: "tools are not supported" } }, "Causes\nEffects");
    server.reply("writer", "part");
    const result = await research().compile().invoke({ messages: "Q" });
    expect(result.items).toEqual(["Causes", "Effects"]);
  });

  it("has all workers at the provider at once, and returns them in the order of the plan whoever is first", async () => {
    const finish = new Map<string, () => void>();
    server.reply("writer", async ({ messages }) => {
      const item = lastOf(messages);
      if (item !== "c") await new Promise<void>((resolve) => finish.set(item, resolve));
      finish.get(item === "c" ? "b" : "a")?.(); // c is first, then b, then a
      return `part ${item}`;
    });
    const { outputs } = await research({
      plan: async () => ["a", "b", "c"],
      worker: { model: client("writer"), retry },
      reduce: () => "done",
    })
      .compile()
      .invoke({ messages: "Q" });
    expect(outputs.map(({ message }) => message.text)).toEqual(["part a", "part b", "part c"]);
  });

  it("takes agents as plan and worker, and has every call of theirs in the ledger once", async () => {
    server.reply("planner", "a\nb\nc");
    server.reply("writer", ({ messages }) => `about ${lastOf(messages)}`);
    server.reply("editor", "The report.");
    const agent = (name: string) => createAgent({ model: client(name), tools: [] });
    const graph = research({ plan: agent("planner"), worker: agent("writer") });
    const result = await createRouter({ models: { research: graph }, route: () => "research" })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.outputs).toEqual([]); // those of the router; the research has its own
    expect(server.requests.map(({ model }) => model).sort()).toEqual(result.calls.map(({ model }) => model).sort());
    expect(new Set(result.calls.map(({ id }) => id)).size).toBe(5);
    expect(result.calls.filter(({ path }) => path.startsWith("research/worker")).length).toBe(3);
  });

  it("works where the tool of a worker runs it again: each run has workers of its own", {
    timeout: 120_000,
  }, async () => {
    const leaf = ({ messages }: LoopbackRequest) =>
      messages.some(({ role, text }) => role === "tool" || text === "leaf");
    server.reply("writer", (request) => (leaf(request) ? "part" : { toolCalls: [{ name: "again", args: {} }] }));
    const again = tool(async () => lastOf((await itself.invoke({ messages: "leaf" })).messages), {
      name: "again",
      description: "Splits the work again",
      schema: z.object({}),
    });
    const itself: { invoke: (input: { messages: string }) => Promise<{ messages: { text: string }[] }> } = research({
      plan: ({ messages }) => (lastOf(messages) === "leaf" ? ["leaf", "leaf", "leaf"] : ["one", "two"]),
      worker: createAgent({ model: client("writer"), tools: [again] }),
      reduce: ({ outputs }) => `${outputs.length} parts`,
      concurrency: 2,
    }).compile();
    const { messages } = await itself.invoke({ messages: "Q" });
    expect(lastOf(messages)).toBe("2 parts");
    expect(server.requests).toHaveLength(2 * (1 + 3 + 1));
  });

  it("goes on without a worker the provider refused", async () => {
    server.reply("writer", ({ messages }) => (lastOf(messages) === "b" ? failWith.badRequest() : "part"));
    server.reply("editor", "Most of it.");
    const result = await research({ plan: () => ["a", "b", "c"] })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.failures).toMatchObject([{ class: "invalid_request", item: "b" }]);
    expect(result.messages.at(-1)!.text).toBe("Most of it.");
  });

  it("streams the synthesis token by token, and progress on the custom stream, nested too", async () => {
    server.reply("writer", ({ messages }) => (lastOf(messages) === "b" ? failWith.server() : "part"));
    server.reply("editor", { text: "The whole report.", chunks: 5 });
    const graph = research({ plan: () => ["a", "b", "c"] });
    const outer = createRouter({ models: { research: graph }, route: () => "research" });
    for (const [app, path] of [
      [graph.compile(), "worker"],
      [outer.compile(), "research/worker"],
    ] as const) {
      const tokens: string[] = [];
      const progress: ProgressEvent[] = [];
      for await (const [mode, chunk] of await app.stream({ messages: "Q" }, { streamMode: ["messages", "custom"] })) {
        if (mode === "messages") tokens.push((chunk as unknown as [AIMessageChunk])[0].text);
        else progress.push(chunk as ProgressEvent);
      }
      expect(tokens.join("")).toBe("The whole report.");
      expect(tokens.filter((token) => token !== "").length).toBeGreaterThan(1);
      expect(progress.map(({ done }) => done)).toEqual([1, 2, 3]);
      expect(progress.every((event) => event.type === "progress" && event.of === 3 && event.path === path)).toBe(true);
      expect(Object.fromEntries(progress.map(({ item, status }) => [item, status]))).toEqual({
        a: "ok",
        b: "error",
        c: "ok",
      });
    }
  });
});
