import { tool } from "@langchain/core/tools";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import {
  Command,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  RunControl,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  AllModelsFailedError,
  type BudgetEvent,
  BudgetExceededError,
  budget,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  DeadlineExceededError,
  judgeWith,
  longest,
  type ModelEntry,
  type Models,
  majorityVote,
  memoryStore,
  semanticCache,
  subscribe,
  totalCost,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { saying } from "../support/fakes.js";
import { startRawServer } from "../support/raw-server.js";
import { useLoopback } from "../support/use-loopback.js";
import { writers } from "./writers.js";

const { server, openai, gemini } = useLoopback();

/** One output token costs one dollar, and the input nothing, so that `maxOutputTokens` is the worst case in dollars. */
const dollarTokens = { input: 0, output: 1_000_000 };
const entry = (model: ModelEntry["model"], most: number): ModelEntry => ({
  model,
  price: dollarTokens,
  maxOutputTokens: most,
  retry: false,
});
const named = (name: string, most: number) => entry(openai(name), most);
const used = (outputTokens: number, text = "yes") => ({ text, usage: { inputTokens: 5, outputTokens } });
const stops = (run: { decisions: readonly { kind: string; chosen: string; reason: string }[] }) =>
  run.decisions.filter(({ kind }) => kind === "stop").map(({ chosen, reason }) => `${chosen}: ${reason}`);
const within = (maxCostUsd: number) => ({ context: { maxCostUsd } });
const asked = () => server.requests.map(({ model }) => model);

describe("maxCostUsd of a run", () => {
  it("calls what fits, sends the output limit, and counts what was really spent", async () => {
    server.reply("a", used(3));
    const run = await createFallback({ models: { a: named("a", 10) } })
      .compile()
      .invoke({ messages: "Hi" }, within(10));
    expect(totalCost(run.calls)).toBe(3);
    expect(server.requests[0]!.body).toMatchObject({ max_tokens: 10 });
  });

  it.each(Object.entries(writers))("is sent by the client of %s as its own limit", async (_name, { client, calls }) => {
    const raw = await startRawServer((body) => calls(body.stream === true));
    await createFallback({ models: { a: entry(client(raw.url), 170) } })
      .compile()
      .invoke({ messages: "Hi" }, within(200));
    await raw.close();
    const sent = /"(max_tokens|max_completion_tokens|max_output_tokens|maxOutputTokens|num_predict)":170\b/;
    expect(JSON.stringify(raw.requests[0])).toMatch(sent);
  });

  it("reserves for all answers that one request asks for", async () => {
    server.reply("a", used(15));
    const model = new ChatOpenAI({ model: "a", n: 3, apiKey: "sk-1", configuration: { baseURL: server.openaiUrl } });
    for (const asked of [model, model.withConfig({ tags: ["x"] })]) {
      const graph = createFallback({ models: { a: entry(asked, 5) } }).compile();
      await expect(graph.invoke({ messages: "Hi" }, within(14))).rejects.toThrow(/it may cost \$15/);
    }
    const run = await createFallback({ models: { a: entry(model, 5) } })
      .compile()
      .invoke({ messages: "Hi" }, within(15));
    expect(totalCost(run.calls)).toBe(15);
    expect(server.requests[0]!.body).toMatchObject({ n: 3, max_tokens: 5 });
  });

  it.each([
    ["maxCostUSD", 1, "no limit has this name; did you mean maxCostUsd?"],
    ["max_cost_usd", 1, "no limit has this name; did you mean maxCostUsd?"],
    ["deadline", 5_000, "no limit has this name; did you mean deadlineMs?"],
  ])("is refused under a misspelt name (%s), where it would not hold", async (name, value, message) => {
    const model = saying("A");
    const graph = createFallback({ models: { model } }).compile();
    await expect(graph.invoke({ messages: "Hi" }, { context: { [name]: value } })).rejects.toThrow(message);
    expect(model.callCount).toBe(0);
    const { modelUsed } = await graph.invoke({ messages: "Hi" }, { context: { deadline: "Friday", visits: 3 } });
    expect(modelUsed).toBe("model"); // fields of the caller's own
  });

  it("keeps a lower limit of the run, and lowers a higher one", async () => {
    server.reply("a", used(3), used(3));
    const graph = createFallback({ models: { a: named("a", 10) } }).compile();
    for (const maxTokens of [4, 400]) {
      await graph.invoke({ messages: "Hi" }, { context: { maxCostUsd: 10, parameters: { maxTokens } } });
    }
    expect(server.requests.map(({ body }) => (body as { max_tokens: number }).max_tokens)).toEqual([4, 10]);
  });

  it("skips a model that does not fit for one that does", async () => {
    server.reply("small", used(1));
    const run = await createFallback({ models: { large: named("large", 50), small: named("small", 5) } })
      .compile()
      .invoke({ messages: "Hi" }, within(10));
    expect([run.modelUsed, asked()]).toEqual(["small", ["small"]]);
    expect(run.decisions).toContainEqual(
      expect.objectContaining({
        kind: "skip",
        chosen: "large",
        reason: expect.stringContaining("maxCostUsd has $10 left"),
      }),
    );
  });

  it("ends a cascade with its best answer, unjudged where nothing could follow", async () => {
    server.reply("small", used(4, "draft"));
    const run = await createCascade({
      models: { small: named("small", 5), large: named("large", 50) },
      verify: judgeWith(named("judge", 1)),
    })
      .compile()
      .invoke({ messages: "Hi" }, within(20));
    expect([run.messages.at(-1)!.text, run.modelUsed, asked()]).toEqual(["draft", "small", ["small"]]);
  });

  it("returns the best of several drafts when the next tier does not fit any more", async () => {
    server.reply("a", used(4, "better"));
    server.reply("b", used(4, "worse"));
    const score = { better: 0.5, worse: 0.2 };
    const run = await createCascade({
      models: { a: named("a", 5), b: named("b", 5), c: named("c", 12) },
      verify: ({ answer }) => ({ pass: false, score: score[answer.text as "better"] }),
    })
      .compile()
      .invoke({ messages: "Hi" }, within(19.5));
    expect([run.messages.at(-1)!.text, run.modelUsed, asked()]).toEqual(["better", "a", ["a", "b"]]);
    expect(stops(run)).toEqual([
      expect.stringMatching(/^a: .*c: it may cost \$12, and maxCostUsd has \$11.5 left of \$19.5/),
    ]);
  });

  it("returns a draft whose judge does not fit, with a stop", async () => {
    server.reply("small", used(4, "draft"));
    const run = await createCascade({
      models: { small: named("small", 5), large: named("large", 5) },
      verify: judgeWith(named("judge", 9)),
    })
      .compile()
      .invoke({ messages: "Hi" }, within(12));
    expect([run.messages.at(-1)!.text, run.confidence, asked()]).toEqual(["draft", null, ["small"]]);
    expect(stops(run)).toEqual([expect.stringMatching(/^small: not verified: it may cost \$9/)]);
  });

  it("ends a gate with the draft that was not revised", async () => {
    server.reply("a", used(4, "draft"));
    const run = await createQualityGate({
      model: named("a", 5),
      verify: () => ({ pass: false, score: 0.3 }),
      maxRevisions: 2,
    })
      .compile()
      .invoke({ messages: "Hi" }, within(8));
    expect([run.messages.at(-1)!.text, asked(), run.verdict?.pass]).toEqual(["draft", ["a"], false]);
    expect(stops(run)).toHaveLength(1);
  });

  it("ends a gate whose judge does not fit with a stop, or goes on to a fallback that does", async () => {
    for (const fallback of [undefined, named("b", 1)]) {
      server.reply("a", used(4, "draft"));
      server.reply("b", used(1, "final"));
      const gate = createQualityGate({
        model: named("a", 5),
        verify: judgeWith(named("judge", 3)),
        onUnverified: "escalate",
        ...(fallback && { fallback }),
      });
      const run = await gate.compile().invoke({ messages: "Hi" }, within(6));
      const text = run.messages.at(-1)!.text;
      if (fallback) expect([text, stops(run)]).toEqual(["final", []]);
      else expect([text, stops(run)]).toEqual(["draft", [expect.stringMatching(/maxCostUsd has \$2 left/)]]);
      expect(run.decisions.filter(({ kind }) => kind === "accept")).toEqual([]);
    }
  });

  it("ends a pipeline with its last output", async () => {
    server.reply("one", used(4, "plan"));
    const run = await createPipeline({
      stages: { one: named("one", 5), two: named("two", 50), three: named("three", 1) },
    })
      .compile()
      .invoke({ messages: "Hi" }, within(20));
    expect([run.messages.at(-1)!.text, run.modelUsed, asked()]).toEqual(["plan", "one", ["one"]]);
    expect(stops(run)).toEqual([expect.stringMatching(/^__end__: two: it may cost \$50/)]);
  });

  it("returns the parts of a map-reduce whose last call does not fit, and leaves out workers that do not", async () => {
    server.reply("work", used(2, "part"), used(2, "part"), used(2, "part"));
    const run = await createMapReduce({
      plan: () => ["x", "y", "z"],
      worker: named("work", 4),
      reduce: named("sum", 9),
    })
      .compile()
      .invoke({ messages: "Hi" }, within(9));
    expect(asked()).toEqual(["work", "work"]);
    expect(run.messages.at(-1)!.text).toBe("x\n\npart\n\ny\n\npart");
    expect(stops(run)).toHaveLength(1);
  });

  it("lets exactly those lanes of a fan-out of 64 run that fit", async () => {
    const lanes = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`m${index}`, named("lane", 3)]));
    for (let index = 0; index < 64; index++) server.reply("lane", used(3));
    const run = await createEnsemble({ models: lanes as Models, aggregate: majorityVote(), stopEarly: false })
      .compile()
      .invoke({ messages: "Hi" }, within(30));
    expect([server.requests.length, totalCost(run.calls)]).toEqual([10, 30]);
    expect(stops(run)).toEqual([expect.stringMatching(/54 of 64 lanes left out: it may cost \$3/)]);
  });

  it("counts nested patterns, judges and routers with everything else", async () => {
    server.reply("router", used(1, "b"));
    server.reply("b", used(2));
    const inner = createFallback({ models: { b: named("b", 4) } });
    const graph = createRouter({
      models: { a: named("a", 4), b: inner },
      route: classifyWith(named("router", 3)),
    }).compile();
    const run = await graph.invoke({ messages: "Hi" }, within(5));
    expect([run.modelUsed, totalCost(run.calls)]).toEqual(["b/b", 3]);
    server.reply("router", used(2, "b"));
    await expect(graph.invoke({ messages: "Hi" }, within(5))).rejects.toThrow(BudgetExceededError);
  });

  it("counts the embedder of a semantic cache, which is not called when it does not fit", async () => {
    server.reply("a", used(3), used(3));
    const embeddings = new FakeEmbeddings();
    const embed = vi.spyOn(embeddings, "embedQuery");
    const price = { input: 10_000, output: 0 }; // a cent a token: "Hi there" may be 40 of them
    const cache = semanticCache({ embeddings, threshold: 1, namespace: "all", price });
    const graph = createFallback({ models: { a: { ...named("a", 5), cache } } }).compile();
    await expect(graph.invoke({ messages: "Hi there" }, within(5.1))).rejects.toThrow(
      /may cost \$5, .* has \$4.7 left/,
    );
    expect([embed.mock.calls.length, server.requests.length]).toEqual([1, 0]);
    const dear = await graph.invoke({ messages: "Hi again" }, within(0.1)).catch((error: unknown) => error);
    expect(BudgetExceededError.isInstance(dear)).toBe(true);
    expect(embed.mock.calls.length).toBe(1);
  });

  it("ends in a BudgetExceededError without an answer, with the failures before as its cause", async () => {
    server.reply("a", failWith.server());
    const graph = createFallback({ models: { a: named("a", 5), b: named("b", 50) } }).compile();
    const error = await graph.invoke({ messages: "Hi" }, within(20)).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error).toMatchObject({ limitUsd: 20, class: "budget", retryable: false });
    expect((error as BudgetExceededError).cause).toBeInstanceOf(AllModelsFailedError);
    expect((error as Error).message).toContain("it may cost $50");
    expect(asked()).toEqual(["a"]);
  });

  it("refuses a classifier that does not fit as what it is", async () => {
    const graph = createRouter({ models: { a: named("a", 1) }, route: classifyWith(named("router", 9)) }).compile();
    await expect(graph.invoke({ messages: "Hi" }, within(5))).rejects.toThrow(BudgetExceededError);
    expect(asked()).toEqual([]);
  });

  it("names a tiny limit in decimals", async () => {
    const graph = createFallback({
      models: { model: new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "none" }) },
    }).compile();
    const run = graph.invoke({ messages: "Hi" }, { context: { maxCostUsd: 2.5e-7 } });
    await expect(run).rejects.toThrow("maxCostUsd has $0.00000025 left of $0.00000025");
  });

  it("never counts an unknown price as 0", async () => {
    const graph = createFallback({ models: { a: { model: openai("nobody-knows"), price: null } } }).compile();
    await expect(graph.invoke({ messages: "Hi" }, within(100))).rejects.toThrow(/its price is unknown/);
    expect(asked()).toEqual([]);
  });

  it("settles a call without usage, and one that timed out, at its whole worst case", async () => {
    server.reply("a", { text: "yes", usage: null });
    server.reply("slow", failWith.hang());
    const cascade = createCascade({ models: { a: named("a", 6), b: named("b", 5) }, verify: () => ({ pass: false }) });
    const { modelUsed } = await cascade.compile().invoke({ messages: "Hi" }, within(10));
    expect([modelUsed, asked()]).toEqual(["a", ["a"]]);
    const slow = { ...named("slow", 6), timeout: 100 };
    const chain = createFallback({ models: { slow, b: named("b", 5) } }).compile();
    await expect(chain.invoke({ messages: "Hi" }, within(10))).rejects.toThrow(BudgetExceededError);
  });

  describe.each(["openai", "gemini"] as const)("after a failure of %s", (kind) => {
    const client = (name: string) => (kind === "openai" ? openai(name) : gemini(name));
    const other = (name: string) => (kind === "openai" ? gemini(name) : openai(name));
    const read = async (graph: ReturnType<typeof chain>) => {
      for await (const _token of await graph.stream({ messages: "Hi" }, { ...within(5), streamMode: "messages" }));
    };
    const chain = (a: ModelEntry["model"]) =>
      createFallback({ models: { a: entry(a, 5), b: entry(client("b"), 5) } }).compile();

    it.each([
      ["reset", failWith.reset()],
      ["cut", failWith.cut({ afterChunks: 0 })],
      ["invalid JSON", failWith.invalidJson()],
      ["an error in a 200", failWith.errorEvent()],
    ])("counts the whole worst case where the provider may bill: %s", async (_name, failure) => {
      server.reply("a", failure);
      await expect(chain(client("a")).invoke({ messages: "Hi" }, within(5))).rejects.toThrow(BudgetExceededError);
      server.reply("a", failure);
      await expect(read(chain(client("a")))).rejects.toThrow(BudgetExceededError);
    });

    it.each([
      "server",
      "badRequest",
      "unknownModel",
      "rateLimit",
      "quota",
      "authentication",
      "contextOverflow",
    ] as const)("counts nothing where the request was rejected: %s", async (name) => {
      server.reply("a", failWith[name]());
      server.reply("b", used(5));
      const graph = createFallback({ models: { a: entry(client("a"), 5), b: entry(other("b"), 5) } }).compile();
      const run = await graph.invoke({ messages: "Hi" }, within(5)).catch((error: Error) => error);
      if (name === "badRequest") expect(run).toMatchObject({ class: "invalid_request" });
      else expect(run).toMatchObject({ modelUsed: "b" });
    });
  });

  it("counts nothing where nothing listens", async () => {
    const gone = await startRawServer(() => ({ body: "" }));
    await gone.close();
    server.reply("b", used(5));
    const model = new ChatOpenAI({ model: "a", apiKey: "sk-1", configuration: { baseURL: gone.url } });
    const run = await createFallback({ models: { a: entry(model, 5), b: named("b", 5) } })
      .compile()
      .invoke({ messages: "Hi" }, within(5));
    expect(run.modelUsed).toBe("b");
  });

  it("counts the whole worst case of an answer that its client could not read", async () => {
    server.reply("a", { ...used(5, "no JSON") });
    const schema = z.object({ even: z.boolean() });
    const model = openai("a").withConfig({
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
    } as object);
    const graph = createFallback({ models: { a: entry(model, 5), b: named("b", 5) } }).compile();
    await expect(graph.invoke({ messages: "Hi" }, within(5))).rejects.toThrow();
    expect(asked()).toEqual(["a"]);
  });

  it("holds inside an agent, whose next step is not called when it does not fit", async () => {
    const step = { toolCalls: [{ name: "look", args: {} }], usage: { inputTokens: 5, outputTokens: 3 } };
    server.reply("agent", step, step, step, used(1, "done"));
    const look = tool(() => "nothing yet", { name: "look", description: "Looks", schema: z.object({}) });
    const model = new ChatOpenAI({
      ...{ model: "agent", apiKey: "none", maxTokens: 5, maxRetries: 0 },
      configuration: { baseURL: server.openaiUrl },
    });
    const agent = createAgent({ model, tools: [look] });
    server.reply("backup", used(1, "backup"));
    const models = { agent: { model: agent, price: dollarTokens }, backup: named("backup", 1) };
    const run = await createFallback({ models }).compile().invoke({ messages: "Hi" }, within(10));
    expect(asked()).toEqual(["agent", "agent", "backup"]);
    expect([run.modelUsed, totalCost(run.calls)]).toEqual(["backup", 7]);
  });

  it("counts what a nested pattern had spent before a pause, and nothing twice", async () => {
    server.reply("one", used(6));
    server.reply("two", used(4));
    for (const [most, answered] of [
      [4, true],
      [6, false],
    ] as const) {
      const stages = { one: named("one", 6), two: named("two", most) };
      const inner = createPipeline({ stages }).compile({ interruptBefore: ["two"] });
      const graph = createRouter({ models: { inner }, route: () => "inner" }).compile({
        checkpointer: new MemorySaver(),
      });
      const config = { configurable: { thread_id: String(most) }, ...within(10) };
      await graph.invoke({ messages: "Hi" }, config);
      const { calls } = await graph.invoke(new Command({ resume: true }), config);
      expect(calls.map(({ node }) => node)).toEqual(answered ? ["one", "two"] : ["one"]);
      server.reply("one", used(6));
    }
  });

  it("counts what finished lanes had spent before a pause of another one", async () => {
    for (const [most, answered] of [
      [4, true],
      [5, false],
    ] as const) {
      const b = createRouter({ models: { b: named("b", most) }, route: () => interrupt("May b answer?") });
      const lanes = createEnsemble({ models: { a: named("a", 6), b }, aggregate: longest(), minimum: 1 });
      const graphs = { lanes, nested: createRouter({ models: { lanes }, route: () => "lanes" }) };
      for (const [name, graph] of Object.entries(graphs)) {
        server.reply("a", used(6));
        server.reply("b", used(4));
        const compiled = graph.compile({ checkpointer: new MemorySaver() });
        const config = { configurable: { thread_id: name }, ...within(10) };
        await compiled.invoke({ messages: "Hi" }, config);
        const { calls } = await compiled.invoke(new Command({ resume: "b" }) as never, config);
        expect([name, calls.map(({ node }) => node).sort()]).toEqual([name, answered ? ["a", "b"] : ["a"]]);
      }
    }
  });

  it("counts the plan of a map-reduce once when it goes on after a pause", async () => {
    server.reply("worker", used(2), used(2));
    server.reply("reduce", used(3));
    server.reply("plan", used(3, '["a", "b"]'));
    const graph = createMapReduce({
      plan: async ({ ask, messages }) => JSON.parse((await ask(messages, { model: named("plan", 3) })).text),
      worker: named("worker", 2),
      reduce: named("reduce", 3),
    }).compile({ checkpointer: new MemorySaver(), interruptAfter: ["plan"] });
    const config = { configurable: { thread_id: "1" }, ...within(10) };
    await graph.invoke({ messages: "Hi" }, config);
    const run = await graph.invoke(null, config);
    expect([totalCost(run.calls), stops(run)]).toEqual([10, []]);
  });

  it("is heard by onBudget, once for each run that meets it", async () => {
    server.reply("small", used(4), used(4), used(4));
    const events: BudgetEvent[] = [];
    const end = subscribe({ onBudget: (event) => events.push(event) });
    const models = { small: named("small", 5), large: named("large", 50), larger: named("larger", 60) };
    const graph = createCascade({ models, verify: () => ({ pass: false }) }).compile();
    const runs = [
      await graph.invoke({ messages: "Hi" }, within(20)),
      await graph.invoke({ messages: "Hi" }, within(20)),
    ];
    const alone = createFallback({ models: { large: named("large", 50) } }).compile();
    await alone.invoke({ messages: "Hi" }, within(20)).catch(() => {});
    await createFallback({ models: { small: named("small", 5) } })
      .compile()
      .invoke({ messages: "Hi" }, within(5));
    end();
    const refused = { kind: "refused", budget: "maxCostUsd", limitUsd: 20 };
    const turns = runs.map(({ calls }) => calls[0]!.turnId);
    expect(events).toEqual([
      { ...refused, usedUsd: 4, turnId: turns[0] },
      { ...refused, usedUsd: 4, turnId: turns[1] },
      { ...refused, usedUsd: 0, turnId: expect.any(String) },
    ]);
  });

  it("is one for all patterns within a graph of the user's own, also where runs share their control", async () => {
    server.reply("a", ...Array.from({ length: 6 }, () => used(5)));
    const pattern = () => createFallback({ models: { a: named("a", 5) } }).compile();
    const second = pattern();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("one", pattern())
      .addNode("two", async ({ messages }, config) => ({
        messages: (await second.invoke({ messages }, config as object)).messages.slice(-1),
      }))
      .addEdge(START, "one")
      .addEdge("one", "two")
      .compile();
    const ask = (maxCostUsd: number, control = new RunControl()) =>
      graph.invoke({ messages: "Hi" }, { context: { maxCostUsd }, control });
    await expect(ask(9)).rejects.toThrow(/maxCostUsd has \$4 left of \$9/);
    expect(asked()).toEqual(["a"]);
    const control = new RunControl();
    await ask(10, control);
    await ask(10, control);
    expect(asked()).toHaveLength(5);
  });

  it("shares no money between two runs of one graph", async () => {
    for (let index = 0; index < 20; index++) server.reply("a", used(5));
    const graph = createFallback({ models: { a: named("a", 5) } }).compile();
    await Promise.all(Array.from({ length: 20 }, () => graph.invoke({ messages: "Hi" }, within(5))));
    expect(server.requests).toHaveLength(20);
  });

  it.each([-1, Number.NaN, "1", null])("refuses %s", async (maxCostUsd) => {
    const graph = createFallback({ models: { a: saying("x") } }).compile();
    await expect(graph.invoke({ messages: "Hi" }, { context: { maxCostUsd: maxCostUsd as number } })).rejects.toThrow(
      /maxCostUsd/,
    );
  });
});

describe("deadlineMs of a run", () => {
  it("ends with the best answer so far, and aborts the call in flight", async () => {
    server.reply("small", used(1, "draft"));
    server.reply("large", failWith.hang());
    const run = await createCascade({
      models: { small: named("small", 5), large: named("large", 5) },
      verify: () => ({ pass: false, score: 0.4 }),
    })
      .compile()
      .invoke({ messages: "Hi" }, { context: { deadlineMs: 1_500 } });
    expect([run.messages.at(-1)!.text, run.modelUsed]).toEqual(["draft", "small"]);
    expect(run.calls.map(({ path, status }) => `${path} ${status}`)).toEqual(["small ok", "large timeout"]);
    expect(stops(run)).toEqual([expect.stringContaining("the deadline of 1500 ms has passed")]);
    await server.settled();
    expect(server.requests.at(-1)!.aborted).toBe(true);
  });

  it("ends in a DeadlineExceededError without an answer", async () => {
    server.reply("a", failWith.hang());
    const graph = createFallback({ models: { a: named("a", 5), b: named("b", 5) } }).compile();
    await expect(graph.invoke({ messages: "Hi" }, { context: { deadlineMs: 200 } })).rejects.toThrow(
      DeadlineExceededError,
    );
    expect(asked()).toEqual(["a"]);
  });

  it("does not wait for a retry that would come too late", async () => {
    server.reply("a", failWith.rateLimit({ retryAfter: "50" }));
    const graph = createFallback({ models: { a: openai("a") } }).compile();
    await expect(graph.invoke({ messages: "Hi" }, { context: { deadlineMs: 30_000 } })).rejects.toThrow(/rate_limit/);
  });

  it("holds in nested patterns, and a caller's abort stays an abort", async () => {
    server.reply("a", failWith.hang(), failWith.hang());
    const inner = createFallback({ models: { a: named("a", 5) } });
    const graph = createFallback({ models: { inner } }).compile();
    await expect(graph.invoke({ messages: "Hi" }, { context: { deadlineMs: 200 } })).rejects.toThrow(
      DeadlineExceededError,
    );
    const controller = new AbortController();
    const run = graph.invoke({ messages: "Hi" }, { context: { deadlineMs: 60_000 }, signal: controller.signal });
    await server.received(2);
    controller.abort();
    await expect(run).rejects.toThrow(/abort/i);
  });
});

describe("budget", () => {
  it("holds to the cent over 1,000 runs at once, and nearly all of it is usable", async () => {
    for (let index = 0; index < 1_200; index++) server.reply("a", used(1 + (index % 4)));
    const daily = budget({ usd: 500, per: "day" });
    const graph = createFallback({ models: { a: { ...named("a", 5), budget: daily } } }).compile();
    const runs = await Promise.allSettled(Array.from({ length: 1_000 }, () => graph.invoke({ messages: "Hi" })));
    const paid = runs.flatMap((run) => (run.status === "fulfilled" ? [totalCost(run.value.calls)!] : []));
    const spent = paid.reduce((sum, cost) => sum + cost, 0);
    expect(spent).toBeLessThanOrEqual(500);
    for (const run of runs) if (run.status === "rejected") expect(run.reason).toBeInstanceOf(BudgetExceededError);
    let more = 0;
    for (;;) {
      const run = await graph.invoke({ messages: "Hi" }).catch(() => undefined);
      if (run === undefined) break;
      more += totalCost(run.calls)!;
    }
    expect(spent + more).toBeLessThanOrEqual(500);
    expect(spent + more).toBeGreaterThanOrEqual(475);
  });

  it("skips a model over its budget like one that is down", async () => {
    server.reply("dear", used(5));
    server.reply("cheap", used(1));
    const daily = budget({ usd: 5, per: "day", name: "large models" });
    const graph = createFallback({
      models: { dear: { ...named("dear", 5), budget: daily }, cheap: named("cheap", 1) },
    });
    const first = await graph.compile().invoke({ messages: "Hi" });
    const second = await graph.compile().invoke({ messages: "Hi" });
    expect([first.modelUsed, second.modelUsed]).toEqual(["dear", "cheap"]);
    expect(second.decisions).toContainEqual(
      expect.objectContaining({
        kind: "skip",
        chosen: "dear",
        reason: expect.stringContaining("large models has $0 left"),
      }),
    );
  });

  it("splits by key, counts by tag, and alerts at shares", async () => {
    for (let index = 0; index < 8; index++) server.reply("a", used(4));
    const events: BudgetEvent[] = [];
    const end = subscribe({ onBudget: (event) => events.push(event) });
    const perUser = budget({
      usd: 8,
      per: "hour",
      name: "user",
      key: ({ context }) => context.sessionId,
      tags: ["paid"],
      onShare: [0.5, 1],
    });
    const graph = createFallback({ models: { a: named("a", 4) }, budget: perUser }).compile();
    const ask = (sessionId: string, tags: string[]) =>
      graph.invoke({ messages: "Hi" }, { context: { sessionId, tags } });
    await ask("ann", ["paid"]);
    await ask("ann", ["paid"]);
    await expect(ask("ann", ["paid"])).rejects.toThrow(BudgetExceededError);
    await ask("ann", ["free"]);
    await ask("bob", ["paid"]);
    end();
    expect(events.map(({ kind, key, share, usedUsd }) => [kind, key, share, usedUsd])).toEqual([
      ["share", "ann", 0.5, 4],
      ["share", "ann", 1, 8],
      ["refused", "ann", undefined, 8],
      ["share", "bob", 0.5, 4],
    ]);
  });

  it("is heard when a run looks ahead and goes another way, once a run", async () => {
    const events: BudgetEvent[] = [];
    const end = subscribe({ onBudget: (event) => events.push(event) });
    server.reply("small", used(4), used(4));
    const daily = budget({ usd: 20, per: "day", name: "daily" });
    const dear = (model: string) => ({ ...named(model, 50), budget: daily });
    const models = { large: dear("large"), larger: dear("larger"), small: named("small", 5) };
    const graph = createFallback({ models }).compile();
    for (const _run of [1, 2]) {
      const { decisions } = await graph.invoke({ messages: "Hi" });
      expect(decisions.filter(({ kind }) => kind === "skip").map(({ chosen }) => chosen)).toEqual(["large", "larger"]);
    }
    end();
    const refused = { kind: "refused", budget: "daily", limitUsd: 20, usedUsd: 0 };
    expect(events).toEqual([refused, refused]);
  });

  it("is the limit of the error, and not that of the run, when it is the one without room", async () => {
    const daily = budget({ usd: 2, per: "day", name: "daily" });
    const lane = { ...named("a", 10), budget: daily };
    const graph = createEnsemble({ models: { x: lane, y: { ...lane } }, aggregate: majorityVote() }).compile();
    await expect(graph.invoke({ messages: "Hi" }, within(100))).rejects.toMatchObject({
      message: expect.stringContaining("daily has $2 left"),
      limitUsd: 2,
      spentUsd: 0,
    });
  });

  it("is the limit of the error where only the workers of a map-reduce have it, whatever its name", async () => {
    const tricky = budget({ usd: 2, per: "day", name: "maxCostUsd has $9 left of $9" });
    const graph = createMapReduce({
      plan: () => ["x", "y"],
      worker: { ...named("a", 10), budget: tricky },
      reduce: named("b", 1),
    }).compile();
    for (const context of [{}, { maxCostUsd: 100 }])
      await expect(graph.invoke({ messages: "Hi" }, { context })).rejects.toMatchObject({
        name: "BudgetExceededError",
        limitUsd: 2,
        spentUsd: 0,
      });
  });

  it("counts an unknown price as assumePrice", async () => {
    server.reply("x", used(2));
    const daily = budget({ usd: 10, per: "day", assumePrice: dollarTokens });
    const graph = createFallback({
      models: { a: { model: openai("x"), price: null, maxOutputTokens: 10, budget: daily } },
    }).compile();
    await graph.invoke({ messages: "Hi" });
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow(/it may cost \$10, and budget has \$8 left/);
  });

  it.each([
    { usd: -1, per: "day" },
    { usd: 1, per: "week" },
    { usd: 1, per: "day", onShare: [80] },
    { usd: 1, per: "day", kee: () => "x" },
    { usd: Number.NaN, per: "day" },
  ])("refuses %j", (options) => {
    expect(() => budget(options as never)).toThrow(/budget\./);
  });

  it("needs a name in a store, where budgets of one name are one", () => {
    const given = { usd: 1, per: "day", store: memoryStore() } as const;
    expect(() => budget(given)).toThrow(/budget\.name.*name it: in a store, budgets of one name are one/s);
    expect(budget({ ...given, name: "daily" }).name).toBe("daily");
  });

  it("is refused where something else stands in its place", () => {
    expect(() => createFallback({ models: { a: { model: saying("x"), budget: { usd: 3 } as never } } })).toThrow(
      /give what budget/,
    );
    expect(() => createFallback({ models: { a: saying("x") }, budget: 5 as never })).toThrow(/give what budget/);
  });
});
