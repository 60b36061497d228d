import { ChatPromptTemplate, PromptTemplate } from "@langchain/core/prompts";
import { START, StateGraph, StateSchema } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  allOf,
  anyOf,
  asChatModel,
  bestOf,
  byComplexity,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createQualityGate,
  createRouter,
  extractWith,
  firstOf,
  judgeWith,
  type ModelEntry,
  OrchestrationState,
  summarizeWith,
  synthesizeWith,
  type Verify,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

const ToneState = new StateSchema({ ...OrchestrationState.fields, tone: z.string().optional() });
const template = ChatPromptTemplate.fromMessages([["system", "Mind {tone}."]]);
const lines = (model: ReturnType<typeof saying>) => model.calls.map(({ messages }) => messages[0]!.text);

interface Parts {
  /** The answering model, which must not be called if a variable is missing. */
  readonly model: ReturnType<typeof saying>;
  /** The model whose prompt is the template. */
  readonly other: ReturnType<typeof saying>;
}
const two = ({ model }: Parts) => ({ a: model, b: saying("two", "two") });
const gate = (verify: (parts: Parts) => Verify) => (parts: Parts) =>
  createQualityGate({ model: parts.model, verify: verify(parts) });
const entry = ({ other }: Parts): ModelEntry => ({ model: other, systemPrompt: template });

/** Everything of a strategy that takes a template, and the option that errors must name. */
const strategies: readonly (readonly [string, (parts: Parts) => { compile(): unknown }])[] = [
  ["judgeWith.rubric", gate(({ other }) => judgeWith(other, { rubric: template }))],
  ["judgeWith.model", gate((parts) => judgeWith(entry(parts)))],
  [
    "judgeWith.rubric",
    gate(({ other }) =>
      allOf(
        check(() => true),
        judgeWith(other, { rubric: template }),
      ),
    ),
  ],
  ["judgeWith.rubric", gate(({ other }) => anyOf(judgeWith(other, { rubric: template })))],
  [
    "judgeWith.rubric",
    ({ model, other }) =>
      createCascade({ models: { model }, verify: judgeWith(other, { rubric: template }), judgeLast: true }),
  ],
  [
    "judgeWith.rubric",
    ({ model, other }) =>
      createRouter({ models: { model }, route: () => "model", verify: judgeWith(other, { rubric: template }) }),
  ],
  [
    "bestOf.rubric",
    (parts) => createEnsemble({ models: two(parts), aggregate: bestOf(parts.other, { rubric: template }) }),
  ],
  [
    "synthesizeWith.instructions",
    (parts) =>
      createEnsemble({ models: two(parts), aggregate: synthesizeWith(parts.other, { instructions: template }) }),
  ],
  [
    "classifyWith.instructions",
    (parts) =>
      createRouter({
        models: two(parts),
        route: classifyWith(parts.other, { instructions: template }),
        fallback: saying("f"),
      }),
  ],
  [
    "classifyWith.instructions",
    (parts) => {
      const route = firstOf<"a">(() => undefined, classifyWith(parts.other, { instructions: template }));
      return createRouter({ models: two(parts), route: firstOf<"a">(route, () => "a") });
    },
  ],
  [
    "classifyWith.model",
    (parts) =>
      createRouter({
        models: two(parts),
        route: firstOf<"a">(byComplexity({ simple: "a" }, { detect: entry(parts) }), () => "a"),
      }),
  ],
  ["summarizeWith.model", (parts) => pipeline(parts, summarizeWith(entry(parts), { maxTokens: 1 }))],
  ["extractWith.model", (parts) => pipeline(parts, extractWith(entry(parts), z.object({ city: z.string() })))],
];

const pipeline = ({ model }: Parts, context: ReturnType<typeof summarizeWith>) =>
  createPipeline({ stages: { one: model, two: { model: saying("two"), context } } });

/** A pattern as the builder of LangGraph that it is. */
interface Open {
  addNode(name: string, node: () => object): Open;
  addEdge(from: string, to: string): Open;
  compile(): Runnable;
}

type Runnable = { invoke(input: object, config?: object): Promise<unknown> };

describe("a template of a strategy", () => {
  it.each(strategies)(
    "%s (%#) is filled from the run, and what it lacks is named before a call",
    async (option, build) => {
      const parts = { model: saying("one one one", "one"), other: saying("Score: 9", "a", "a") };
      const graph = build(parts).compile() as Runnable;
      await expect(graph.invoke({ messages: "Hi" })).rejects.toMatchObject({
        name: "InvalidInputError",
        message: expect.stringMatching(new RegExp(`${option.replace(".", "\\.")} needs \\{tone\\}`)),
      });
      expect([parts.model.callCount, parts.other.callCount]).toEqual([0, 0]);
      await graph.invoke({ messages: "Hi" }, { context: { tone: "cheer" } });
      expect(lines(parts.other)[0]).toContain("Mind cheer.");
    },
  );

  it("may be a text with braces, which stays as it is", async () => {
    const other = saying("a");
    const route = classifyWith(other, { instructions: 'Choose {"x": 1}.' });
    await createRouter({ models: { a: saying("one"), b: saying() }, route })
      .compile()
      .invoke({ messages: "Hi" });
    expect(lines(other)[0]).toMatch(/^Choose \{"x": 1\}\./);
    expect(() => classifyWith(other, { instructions: 5 as never })).toThrow("classifyWith.instructions");
  });
});

describe("a template of a graph", () => {
  const system = PromptTemplate.fromTemplate("Be {tone}.");

  it("is named as what it is, never as the prompt of the model that reads it", async () => {
    const small = saying("one");
    const graph = createFallback({ system, models: { small: { model: small, systemPrompt: "Hi" } } }).compile();
    const error = await graph.invoke({ messages: "Hi" }).catch((thrown: Error) => thrown);
    expect((error as Error).message).toMatch(/^createFallback\.system needs \{tone\}/);
    expect(small.callCount).toBe(0);
  });

  it("waits for an own key that a graph within may write, and is then named so, too", async () => {
    const teller = (tone: string | undefined) =>
      new StateGraph(ToneState)
        .addNode("tell", () => ({ messages: [{ role: "assistant", content: "said" }], ...(tone && { tone }) }))
        .addEdge(START, "tell")
        .compile();
    const run = (tone?: string) => {
      const last = saying("done");
      const graph = createPipeline({
        state: ToneState,
        stages: { first: teller(tone), last: { model: last, systemPrompt: system } },
      });
      return { last, done: graph.compile().invoke({ messages: "Hi" }) };
    };
    const { last, done } = run("kind");
    await done;
    expect(lines(last)).toEqual(["Be kind."]);
    await expect(run().done).rejects.toThrow(/^the systemPrompt of last needs \{tone\}/);
  });

  it("does not wait for an own key that no node can write", async () => {
    const first = saying("one");
    const build = () =>
      createPipeline({ state: ToneState, stages: { first, last: { model: saying("two"), systemPrompt: system } } });
    await expect(build().compile().invoke({ messages: "Hi" })).rejects.toThrow("systemPrompt of last needs {tone}");
    expect(first.callCount).toBe(0);
    const open = build() as unknown as Open;
    const graph = open
      .addNode("mine", () => ({ tone: "kind" }))
      .addEdge("first", "mine")
      .compile();
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow(/^the systemPrompt of last needs/); // `mine` runs beside it
    expect(first.callCount).toBe(1);
  });

  it("of a pattern within is checked as the outer run starts", async () => {
    const first = saying("one", "one", "one");
    const read = saying("two", "two", "two");
    const inner = createFallback({ system, models: { read } });
    const stages = { first, second: inner };
    const graph = createPipeline({ stages }).compile();
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow(
      /createPipeline: createFallback\.system \(within second\) needs \{tone\}/,
    );
    expect(first.callCount).toBe(0);
    await graph.invoke({ messages: "Hi" }, { context: { tone: "calm" } as never });
    const bound = asChatModel(inner).withConfig({ context: { tone: "bound" } } as never);
    await createPipeline({ stages: { first, second: bound } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(lines(read)).toEqual(["Be calm.", "Be bound."]);
  });

  it("is filled from the graph it was given to, also for models of a pattern that lacks the key", async () => {
    const read = saying("one");
    const inner = createFallback({ models: { read: { model: read, systemPrompt: "Own." } } });
    const graph = createFallback({ state: ToneState, system, models: { inner } }).compile();
    await graph.invoke({ messages: "Hi", tone: "kind" });
    expect(lines(read)).toEqual(["Be kind.\n\nOwn."]);
  });
});
