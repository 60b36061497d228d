import { ChatPromptTemplate, PromptTemplate } from "@langchain/core/prompts";
import { MemorySaver, ReducedValue, StateSchema } from "@langchain/langgraph";
import { getInputTypeSchema, getOutputTypeSchema } from "@langchain/langgraph/zod/schema";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  judgeWith,
  type Model,
  type ModelEntry,
  majorityVote,
  OrchestrationState,
  type Prompt,
  type Verify,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

const list = z.array(z.string());
const MyState = new StateSchema({
  ...OrchestrationState.fields,
  customer: z.string(),
  notes: new ReducedValue(
    list.default(() => []),
    { inputSchema: list, reducer: (one, more) => [...one, ...more] },
  ),
});
type Own = { readonly customer: string; readonly notes: string[] };
type Options = { readonly state?: typeof MyState; readonly system?: string };
type Seen = (state: object) => undefined;

const entryOf = (given: Model | ModelEntry) =>
  ("systemPrompt" in Object(given) ? given : { model: given }) as ModelEntry;

/** Each factory over one kind of model, with a strategy that sees the turn where it has one. */
const factories: readonly (readonly [
  string,
  (model: () => Model | ModelEntry, options: Options, seen: Seen) => object,
])[] = [
  [
    "createRouter",
    (model, options, seen) =>
      createRouter({ ...options, models: { a: model() }, route: ({ state }) => seen(state) ?? "a" }),
  ],
  [
    "createCascade",
    (model, options, seen) =>
      createCascade({ ...options, models: { a: model() }, verify: ({ state }) => seen(state) ?? { pass: true } }),
  ],
  [
    "createQualityGate",
    (model, options, seen) =>
      createQualityGate({ ...options, model: model(), verify: ({ state }) => seen(state) ?? { pass: true } }),
  ],
  [
    "createEnsemble",
    (model, options, seen) =>
      createEnsemble({
        ...options,
        models: { a: model(), b: model() },
        aggregate: (turn) => seen(turn.state) ?? { message: turn.answers[0]!.message, confidence: null },
      }),
  ],
  [
    "createPipeline",
    (model, options, seen) =>
      createPipeline({
        ...options,
        stages: { a: { ...entryOf(model()), next: ({ state }) => seen(state) } },
      }),
  ],
  [
    "createMapReduce",
    (model, options, seen) =>
      createMapReduce({
        ...options,
        plan: ({ state }) => seen(state) ?? ["1"],
        worker: model(),
        reduce: ({ outputs }) => outputs[0]!.message,
      }),
  ],
  [
    "createFallback",
    (model, options, seen) =>
      seen({ customer: "ada", notes: ["one"] }) ?? createFallback({ ...options, models: { a: model() } }),
  ],
  [
    "createExperiment",
    (model, options, seen) =>
      seen({ customer: "ada", notes: ["one"] }) ??
      createExperiment({ ...options, models: { a: model() }, weights: { a: 1 } }),
  ],
];
type Run = { invoke(input: object, config?: object): Promise<Own & OrchestrationState> };
const compiled = (graph: object, options?: object) => (graph as { compile(options?: object): Run }).compile(options);

describe.each(factories)("state of %s", (name, build) => {
  it("enters, reaches strategies, is kept over the turns of a thread, and leaves", async () => {
    const seen: object[] = [];
    const graph = compiled(
      build(
        () => saying("one", "two"),
        { state: MyState },
        (state) => void seen.push(state),
      ),
      {
        checkpointer: new MemorySaver(),
      },
    );
    const config = { configurable: { thread_id: "t" } };
    const first = await graph.invoke({ messages: "Hi", customer: "ada", notes: ["one"] }, config);
    expect(first).toMatchObject({ customer: "ada", notes: ["one"] });
    expect(seen[0]).toEqual({ customer: "ada", notes: ["one"] });
    const second = await graph.invoke({ messages: "Again", notes: ["two"] }, config);
    expect(second).toMatchObject({ customer: "ada", notes: ["one", "two"] });
  });

  it("is in the published input and output", () => {
    const graph = compiled(
      build(
        () => saying("a"),
        { state: MyState },
        () => {},
      ),
    );
    const keys = (schema: unknown) => Object.keys((schema as { properties: object }).properties);
    expect(keys(getInputTypeSchema(graph as never))).toEqual(["messages", "customer", "notes"]);
    expect(keys(getOutputTypeSchema(graph as never))).toEqual(expect.arrayContaining(["customer", "notes", "calls"]));
  });

  it("is refused where it is no state of an orchestration, or has a node's name", () => {
    const refused = (state: unknown) => () =>
      build(
        () => saying("a"),
        { state: state as typeof MyState },
        () => {},
      );
    expect(refused({ customer: z.string() })).toThrow(`${name}.state`);
    expect(refused(new StateSchema({ customer: z.string() }))).toThrow("it lacks messages");
    expect(refused(new StateSchema({ ...OrchestrationState.fields, calls: z.string() }))).toThrow("a calls of its own");
    const node = Object.keys(
      (
        compiled(
          build(
            () => saying("a"),
            {},
            () => {},
          ),
        ) as unknown as { nodes: object }
      ).nodes,
    ).at(-1)!;
    expect(refused(new StateSchema({ ...OrchestrationState.fields, [node]: z.string() }))).toThrow(
      `${name}.state.${node}`,
    );
  });

  it("refuses an own key of the wrong form by name", async () => {
    const graph = compiled(
      build(
        () => saying("a"),
        { state: MyState },
        () => {},
      ),
    );
    await expect(graph.invoke({ messages: "Hi", customer: 5 })).rejects.toMatchObject({
      name: "InvalidInputError",
      message: expect.stringContaining("customer"),
    });
  });

  it("reaches a pattern within, and comes back as it was changed there", async () => {
    const inner = () =>
      createFallback({ state: MyState, models: { model: saying("inner") } })
        .addNode("note" as never, ((state: Own) => ({ notes: [`${state.customer} was here`] })) as never)
        .addEdge("model" as never, "note" as never) as unknown as Model;
    const graph = compiled(build(inner, { state: MyState }, () => {}));
    const { customer, notes } = await graph.invoke({ messages: "Hi", customer: "ada", notes: ["one"] });
    expect(customer).toBe("ada");
    const came = name === "createEnsemble" ? ["ada was here", "ada was here"] : ["ada was here"];
    expect(notes).toEqual(["one", ...came]);
  });

  it("fills a template, and names what is missing before a call is paid", async () => {
    const model = saying("a", "a");
    const entry = { model, systemPrompt: ChatPromptTemplate.fromMessages([["system", "Help {customer} of {team}."]]) };
    const graph = compiled(
      build(
        () => entry,
        { state: MyState },
        () => {},
      ),
    );
    await expect(graph.invoke({ messages: "Hi", customer: "ada" })).rejects.toThrow("needs {team}");
    expect(model.callCount).toBe(0);
    await graph.invoke({ messages: "Hi", customer: "ada" }, { context: { team: "red" } });
    expect(model.calls[0]!.messages[0]!.text).toBe("Help ada of red.");
  });
});

describe.each(factories)("system of %s", (_, build) => {
  it("goes before an entry's own prompt, in patterns within too", async () => {
    const model = saying("a", "a");
    const entry = { model, systemPrompt: "Be brief: {json}." };
    const inner = () => createFallback({ system: "Inner.", models: { model: entry } });
    const graph = compiled(build(inner, { system: "Outer." }, () => {}));
    await graph.invoke({ messages: "Hi" });
    expect(model.calls[0]!.messages[0]!.text).toBe("Outer.\n\nInner.\n\nBe brief: {json}.");
  });
});

describe("parameters of a run", () => {
  const loopback = useLoopback({ reply: "Fine." });

  it("reach the models that may give the answer, before those of their entries, and no judge", async () => {
    const entry = { model: loopback.openai("small"), parameters: { temperature: 0.1, maxTokens: 7 } };
    const inner = createFallback({ models: { a: entry } });
    const judge = createFallback({ models: { judge: loopback.openai("judge") } });
    const verify: Verify = async ({ ask, messages }) => ({
      pass: (await ask(messages, { model: judge })).text !== "",
    });
    const graph = createCascade({ models: { inner }, verify, judgeLast: true }).compile();
    await graph.invoke({ messages: "Hi" }, { context: { parameters: { temperature: 0.9 } } });
    const [answer, judged] = loopback.server.requests.map(({ body }) => body);
    expect(answer).toMatchObject({ model: "small", temperature: 0.9 });
    expect(judged).toMatchObject({ model: "judge" });
    expect(judged).not.toHaveProperty("temperature");
  });

  it.each([
    [{ temprature: 1 }, "context.parameters.temprature", "did you mean temperature"],
    [{ temperature: 9 }, "context.parameters.temperature", "2"],
    [{ maxTokens: "many" }, "context.parameters.maxTokens", "number"],
    ["warm", "context.parameters", "give an object"],
  ])("that are wrong are refused before a call: %j", async (parameters, option, expected) => {
    const model = saying("a");
    const run = createFallback({ models: { model } })
      .compile()
      .invoke({ messages: "Hi" }, { context: { parameters } as never });
    await expect(run).rejects.toMatchObject({ name: "InvalidOptionError", message: expect.stringContaining(option) });
    await expect(run).rejects.toThrow(expected);
    expect(model.callCount).toBe(0);
  });

  it("that a model has not become a decision, and it answers without", async () => {
    const graph = createFallback({ models: { model: saying("a") } }).compile();
    const { decisions, modelUsed } = await graph.invoke({ messages: "Hi" }, { context: { parameters: { topK: 3 } } });
    expect(modelUsed).toBe("model");
    expect(decisions).toContainEqual({
      node: "model",
      kind: "skip",
      chosen: "model",
      reason: "it has no parameter topK, and answers without",
    });
  });
});

describe("system", () => {
  it("is no prompt of judges", async () => {
    const judge = saying("yes");
    const nested = createCascade({ models: { judge }, verify: check(() => true) });
    const graph = createQualityGate({
      system: "Outer.",
      model: saying("a"),
      verify: async ({ ask, messages }) => ({ pass: (await ask(messages, { model: nested })).text === "yes" }),
    });
    await graph.compile().invoke({ messages: "Hi" });
    expect(judge.calls[0]!.messages.map(({ text }) => text)).toEqual(["Hi"]);
  });

  it("may be a template", async () => {
    const model = saying("a");
    const system = PromptTemplate.fromTemplate("Speak {language}.");
    await createFallback({ system, models: { model } })
      .compile()
      .invoke({ messages: "Hi" }, { context: { language: "Dutch" } as never });
    expect(model.calls[0]!.messages[0]!.text).toBe("Speak Dutch.");
  });

  it("is majority-voted as any other", async () => {
    const graph = createEnsemble({
      system: "S",
      models: { a: saying("yes"), b: saying("yes") },
      aggregate: majorityVote(),
    });
    expect((await graph.compile().invoke({ messages: "Hi" })).aggregate?.agreement).toBe("full");
  });
});

describe("a template as a judge's prompt", () => {
  const rubric = PromptTemplate.fromTemplate("It suits {customer}.");

  it("is filled from own keys, and a text with braces is used as it is", async () => {
    const judge = saying("Score: 9", "Score: 9", "Best: 1");
    const models = { a: saying("one", "one"), b: saying("two") };
    const gate = (prompt: Prompt) =>
      createQualityGate({ state: MyState, model: models.a, verify: judgeWith(judge, { rubric: prompt }) }).compile();
    await gate(rubric).invoke({ messages: "Hi", customer: "ada" });
    await gate('It is {"ok": true}.').invoke({ messages: "Hi", customer: "ada" });
    const [filled, literal] = judge.calls.map(({ messages }) => messages[0]!.text);
    expect(filled).toContain("It suits ada.");
    expect(literal).toContain('It is {"ok": true}.');
  });

  it("ends the run where a variable is missing: it is no judge that is down", async () => {
    const judge = saying("Score: 9");
    const gate = createQualityGate({ model: saying("one"), verify: judgeWith(judge, { rubric }) }).compile();
    await expect(gate.invoke({ messages: "Hi" })).rejects.toMatchObject({
      name: "InvalidInputError",
      message: expect.stringContaining("judgeWith.rubric needs {customer}"),
    });
    expect(judge.callCount).toBe(0);
  });

  it("is refused at once where it is no prompt", () => {
    expect(() => judgeWith(saying(), { rubric: 5 as never })).toThrow("judgeWith.rubric");
    expect(() => createFallback({ models: { a: saying() }, system: 5 as never })).toThrow("createFallback.system");
  });
});
