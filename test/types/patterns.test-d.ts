import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { END } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { describe, expectTypeOf, it } from "vitest";
import {
  type Agreement,
  asChatModel,
  byKeyword,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createQualityGate,
  createRouter,
  type Decision,
  defineModels,
  firstOf,
  judgeWith,
  lastMessages,
  latestOnly,
  type Mention,
  type ModelCall,
  type ModelEntry,
  majorityVote,
  type OnUnverified,
  type PatternGraph,
  type RunContext,
  type Specialist,
  type Stage,
  untilApproved,
  type Verdict,
  type Verify,
} from "../../src/index.js";

const small = new ChatOpenAI({ model: "gpt-4o-mini" });
const large = new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash" });

describe("createRouter", () => {
  it("lets a route return the keys of its models only", () => {
    createRouter({ models: { small, large }, route: () => "small" });
    createRouter({ models: { small, large }, route: async () => ({ name: "large" as const, reason: "long" }) });
    createRouter({ models: { small, large }, route: () => undefined });
    createRouter({ models: { small, large }, route: classifyWith(small) });
    createRouter({
      models: { small, large },
      route: classifyWith(small, { labels: { SIMPLE: "small", COMPLEX: "large" } }),
    });
    createRouter({
      models: { small, large },
      route: firstOf(byKeyword({ large: ["why"] }), classifyWith(small), () => "small"),
    });
    createRouter({ models: { small, large }, route: firstOf(classifyWith(small), classifyWith(large)) });
    createRouter({ models: { small, large }, route: firstOf(() => undefined, classifyWith(small)) });
    createRouter({ models: { small, large }, route: ({ models }) => models[0]!.name });
    // @ts-expect-error a label for a model that is not there
    createRouter({ models: { small, large }, route: classifyWith(small, { labels: { SIMPLE: "tiny" } }) });
    // @ts-expect-error keywords for a model that is not there
    createRouter({ models: { small, large }, route: firstOf(byKeyword({ larg: ["why"] }), () => "small") });
    // @ts-expect-error a typo is a compile error
    createRouter({ models: { small, large }, route: () => "smal" });
  });

  it("takes a context for all of its models and for each of them", () => {
    const specialist: Specialist = { model: large, context: latestOnly() };
    createRouter({
      models: { small, specialist },
      route: () => "specialist",
      context: lastMessages(5),
      fallback: specialist,
    });
    createRouter({
      models: { small, large: { model: large, context: ({ messages }) => messages.slice(-1) } },
      route: () => "small",
      fallback: { model: small, context: async ({ messages, ask }) => [await ask(messages, { model: small })] },
    });
    // @ts-expect-error a context returns messages
    createRouter({ models: { small }, route: () => "small", context: () => "all" });
    // @ts-expect-error only what shows models a part of the conversation has one
    createFallback({ models: { small: { model: small, context: latestOnly() } } });
  });

  it("knows its nodes", () => {
    const graph = createRouter({ models: { small, large }, route: () => "small" });
    graph.addEdge("small", "large");
    // @ts-expect-error there is no such node
    graph.addEdge("small", "medium");
  });
});

describe("onUnverified", () => {
  it("is one of three words, in every pattern that judges", () => {
    const verify = judgeWith(small);
    createRouter({ models: { small }, route: () => "small", verify, onUnverified: "throw" });
    createCascade({ models: { small, large }, verify, onUnverified: "escalate" });
    createQualityGate({ model: small, verify, onUnverified: "accept" });
    const word: OnUnverified = "throw";
    createQualityGate({ model: small, verify, onUnverified: word });
    // @ts-expect-error no such word
    createRouter({ models: { small }, route: () => "small", verify, onUnverified: "ignore" });
    // @ts-expect-error no such word
    createCascade({ models: { small, large }, verify, onUnverified: true });
    // @ts-expect-error nothing is judged here
    createFallback({ models: { small, large }, onUnverified: "throw" });
  });
});

describe("a strategy", () => {
  it("is made by a call", () => {
    // @ts-expect-error judgeWith(large)
    createCascade({ models: { small, large }, verify: judgeWith });
    // @ts-expect-error classifyWith(small)
    createRouter({ models: { small, large }, route: classifyWith });
    // @ts-expect-error majorityVote()
    createEnsemble({ models: { small, large }, aggregate: majorityVote });
    // @ts-expect-error latestOnly()
    createPipeline({ stages: { small, large }, context: latestOnly });
  });

  it("may say which models it names", () => {
    const mentions = [{ name: "large", option: "mine" }];
    createRouter({ models: { small, large }, route: Object.assign(() => "large" as const, { mentions }) });
    expectTypeOf<Verify["mentions"]>().toEqualTypeOf<readonly Mention[] | undefined>();
  });
});

describe("createPipeline", () => {
  it("lets a stage name the stages of its pipeline only", () => {
    const review = { model: small, next: untilApproved("code") };
    createPipeline({ stages: { code: large, review }, answer: "code" });
    createPipeline({ stages: { code: large, review: { model: small, next: () => "code" } } });
    createPipeline({ stages: { code: large, review: { model: small, next: () => END } } });
    createPipeline({ stages: { code: large, review: { model: small, next: () => undefined } } });
    createPipeline({
      stages: {
        code: { model: large, systemPrompt: "Write code.", context: ({ messages }) => messages, maxVisits: 2 },
        review: {
          model: small,
          next: async ({ answer, visits, outputs }) => {
            expectTypeOf(visits).toEqualTypeOf<number>();
            expectTypeOf(outputs[0]!.stage).toEqualTypeOf<string>();
            return answer.text === "no" ? { name: "code", verdict: { pass: false } } : undefined;
          },
        },
      },
    });
    // @ts-expect-error a typo is a compile error
    createPipeline({ stages: { code: large, review: { model: small, next: () => "cod" } } });
    // @ts-expect-error also in its long form
    createPipeline({ stages: { code: large, review: { model: small, next: () => ({ name: "cod" as const }) } } });
    // @ts-expect-error work goes back to a stage that is not there
    createPipeline({ stages: { code: large, review: { model: small, next: untilApproved("cod") } } });
    // @ts-expect-error the answer of a stage that is not there
    createPipeline({ stages: { code: large, review }, answer: "plan" });
    // @ts-expect-error no such option
    createPipeline({ stages: { code: { model: large, maxVisit: 2 } } });
  });

  it("knows its nodes, and takes stages declared elsewhere", () => {
    const code: Stage = { model: large, maxVisits: 2 };
    const entry: ModelEntry = { model: small };
    const graph = createPipeline({ stages: { plan: entry, code } });
    graph.addEdge("plan", "code");
    // @ts-expect-error there is no such node
    graph.addEdge("plan", "review");
  });
});

describe("a pattern in another function", () => {
  it("keeps the names of its models where a type is expected of it", () => {
    const build = (): Pick<PatternGraph, "compile"> => createRouter({ models: { small, large }, route: () => "small" });
    createFallback({ models: { built: build() } });
  });
});

describe("every pattern", () => {
  it("takes chat models, bound models, agents, compiled graphs, builders and entries", () => {
    const cascade = createCascade({ models: { small, large }, verify: judgeWith(large) });
    const agent = createAgent({ model: small, tools: [] });
    const models = {
      small,
      bound: small.withConfig({ tags: ["x"] }),
      tools: large.bindTools([]),
      agent,
      compiled: cascade.compile(),
      cascade,
      entry: { model: cascade, price: null, description: "nested" },
    };
    createFallback({ models });
    createEnsemble({ models, aggregate: majorityVote() });
    createPipeline({ stages: models });
    createQualityGate({ model: agent, verify: judgeWith({ model: small }), fallback: cascade });
    // @ts-expect-error a number answers nothing
    createFallback({ models: { small: 3 } });
  });

  it("takes messages in every form, and gives typed state", async () => {
    const graph = createFallback({ models: { small } }).compile();
    const result = await graph.invoke({ messages: "Hi" }, { context: { tags: ["a"] } });
    await graph.invoke({ messages: [{ role: "user", content: "Hi" }] });
    expectTypeOf(result.calls).toEqualTypeOf<ModelCall[]>();
    expectTypeOf(result.decisions).toEqualTypeOf<Decision[]>();
    expectTypeOf(result.modelUsed).toEqualTypeOf<string | undefined>();
    expectTypeOf(result.confidence).toEqualTypeOf<number | null>();
    expectTypeOf(result.aggregate).toEqualTypeOf<Agreement | undefined>();
    expectTypeOf(result.verdict).toExtend<Verdict | undefined>();
    await graph.invoke({ messages: "Hi" }, { context: { tags: ["a"], userId: "u-1" } });
    asChatModel(createFallback({ models: { small } }), { context: { sessionId: "s-1", userId: "u-1" } });
    const context: RunContext = { task: "code", plan: { name: "pro" } };
    expectTypeOf(context.tags).toEqualTypeOf<string[] | undefined>();
    expectTypeOf(context.plan).toEqualTypeOf<unknown>();
    // @ts-expect-error a task is a word, whatever stands beside it
    asChatModel(createFallback({ models: { small } }), { context: { task: 1, userId: "u-1" } });
    // @ts-expect-error tags are words
    await graph.invoke({ messages: "Hi" }, { context: { tags: [1] } });
  });
});

describe("defineModels", () => {
  it("keeps the names", () => {
    const models = defineModels({ small, large: { model: large, timeout: 1_000 } });
    expectTypeOf(models).toEqualTypeOf<Readonly<Record<"small" | "large", ModelEntry>>>();
  });
});
