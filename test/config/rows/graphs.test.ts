import { FakeEmbeddings } from "@langchain/core/utils/testing";
import { InMemoryStore } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  agreement,
  allOf,
  anyOf,
  bestOf,
  byCapability,
  byComplexity,
  byContextWindow,
  byCost,
  byKeyword,
  byLatency,
  bySimilarity,
  byTask,
  byTokens,
  classifyWith,
  consistency,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  extractWith,
  firstAnswer,
  firstOf,
  fullHistory,
  judgeWith,
  lastMessages,
  latencyOptimized,
  latestOnly,
  logprobs,
  longest,
  type ModelEntry,
  majorityVote,
  matchesSchema,
  normalizeNumber,
  qualityFocused,
  type Route,
  selfReported,
  sharedMemory,
  summarizeWith,
  synthesizeWith,
  thompson,
  untilApproved,
  weighted,
  weightedVote,
} from "../../../src/index.js";
import type { LoopbackRequest } from "../../../src/testing/index.js";
import { shapeOf } from "../../support/fakes.js";
import { useOneLoopback } from "../../support/use-loopback.js";
import { load } from "../support/parse.js";

const { server } = useOneLoopback(() => ({ reply: answer }));

/** What any model says: enough for judges, classifiers, votes and plans at once. */
function answer({ body }: LoopbackRequest) {
  const asked = JSON.stringify(body);
  const [, label] = /"enum":\["(\w+)"/.exec(asked) ?? [];
  if (label !== undefined) return label;
  if (asked.includes('"title"')) return '{"title": "Sum"}';
  return {
    text: "The answer is 18. Confidence: 90%. Approved. Score: 9/10",
    logprobs: [{ token: "18", logprob: -0.01 }],
  };
}

const models = () => `models:
  small: { provider: openai, model: gpt-4o-mini, baseUrl: "${server.openaiUrl}", description: quick, capabilities: [tools, json, vision] }
  large: { provider: openai, model: gpt-4o, baseUrl: "${server.openaiUrl}", description: thorough }
  other: { provider: google-genai, model: gemini-2.0-flash, baseUrl: "${server.googleUrl}" }
`;

type Made = { readonly compile: () => unknown };
type Entries = Readonly<Record<"small" | "large" | "other", ModelEntry>>;
type Row = readonly [what: string, spec: string, make: (models: Entries) => Made];

const pair = ({ small, large }: Entries) => ({ small, large });
const judge = { verify: judgeWith };

const patterns: readonly Row[] = [
  [
    "router",
    "{ pattern: router, models: [small, large], route: { always: large } }",
    (m) => createRouter({ models: pair(m), route: () => "large" }),
  ],
  [
    "router with everything",
    "{ pattern: router, models: { a: small, b: large }, route: { always: a }, verify: { judge: large }, onUnverified: throw, fallback: other, context: latestOnly }",
    ({ small, large, other }) =>
      createRouter({
        models: { a: small, b: large },
        route: () => "a",
        verify: judge.verify(large),
        onUnverified: "throw",
        fallback: other,
        context: latestOnly(),
      }),
  ],
  [
    "cascade",
    "{ pattern: cascade, models: [small, large], verify: { judge: large, threshold: 7 } }",
    (m) => createCascade({ models: pair(m), verify: judgeWith(m.large) }),
  ],
  [
    "cascade with everything",
    "{ pattern: cascade, models: [small, large], verify: logprobs, fallback: other, onUnverified: escalate }",
    (m) => createCascade({ models: pair(m), verify: logprobs(), fallback: m.other, onUnverified: "escalate" }),
  ],
  [
    "cascade whose last tier is judged",
    "{ pattern: cascade, models: [small, large], verify: { judge: large }, judgeLast: true }",
    (m) => createCascade({ models: pair(m), verify: judgeWith(m.large), judgeLast: true }),
  ],
  ["fallback", "{ pattern: fallback, models: [small, large] }", (m) => createFallback({ models: pair(m) })],
  [
    "fallback with everything",
    "{ pattern: fallback, models: [small, large], fallback: other, defaultResponse: Sorry. }",
    (m) => createFallback({ models: pair(m), fallback: m.other, defaultResponse: "Sorry." }),
  ],
  [
    "ensemble",
    "{ pattern: ensemble, models: [small, large], aggregate: longest }",
    (m) => createEnsemble({ models: pair(m), aggregate: longest() }),
  ],
  [
    "ensemble with everything",
    "{ pattern: ensemble, models: [small, large], aggregate: majorityVote, minimum: 2, stopEarly: true, fallback: other, defaultResponse: Sorry. }",
    (m) =>
      createEnsemble({
        models: pair(m),
        aggregate: majorityVote(),
        minimum: 2,
        stopEarly: true,
        fallback: m.other,
        defaultResponse: "Sorry.",
      }),
  ],
  [
    "qualityGate",
    "{ pattern: qualityGate, model: small, verify: { judge: large } }",
    (m) => createQualityGate({ model: m.small, verify: judgeWith(m.large) }),
  ],
  [
    "qualityGate with everything",
    "{ pattern: qualityGate, model: small, verify: { judge: large }, maxRevisions: 0, onUnverified: escalate, fallback: other }",
    (m) =>
      createQualityGate({
        model: m.small,
        verify: judgeWith(m.large),
        maxRevisions: 0,
        onUnverified: "escalate",
        fallback: m.other,
      }),
  ],
  [
    "pipeline",
    "{ pattern: pipeline, stages: { plan: small, code: large } }",
    (m) => createPipeline({ stages: { plan: m.small, code: m.large } }),
  ],
  [
    "pipeline with everything",
    "{ pattern: pipeline, context: latestOnly, answer: code, stages: { plan: small, code: { model: large, systemPrompt: Code., context: fullHistory }, review: { model: small, untilApproved: code, maxVisits: 2, parameters: { temperature: 0.1 } } } }",
    (m) =>
      createPipeline({
        context: latestOnly(),
        answer: "code",
        stages: {
          plan: m.small,
          code: { ...m.large, context: fullHistory() },
          review: { ...m.small, next: untilApproved("code"), maxVisits: 2 },
        },
      }),
  ],
  [
    "mapReduce",
    "{ pattern: mapReduce, plan: small, worker: small, reduce: large, maxItems: 2, concurrency: 1 }",
    (m) => createMapReduce({ plan: m.small, worker: m.small, reduce: m.large }),
  ],
  [
    "experiment",
    "{ pattern: experiment, models: [small, large], weights: { small: 9, large: 1 }, stickyBy: sessionId }",
    (m) => createExperiment({ models: pair(m), weights: { small: 9, large: 1 } }),
  ],
  [
    "experiment with everything",
    "{ pattern: experiment, models: [small, large], weights: { small: 9, large: 1 }, fallback: other, affinity: { by: thread, idleMs: 60000 } }",
    (m) => createExperiment({ models: pair(m), weights: { small: 9, large: 1 }, fallback: m.other }),
  ],
  [
    "experiment that adapts, with a shadow",
    "{ pattern: experiment, models: [small, large], weights: { small: 9, large: 1 }, adapt: { reward: { judge: other }, floor: 0.1, least: 20, stop: { margin: 0.05 } }, shadow: { model: other, share: 0.5, maxWaitMs: 0 } }",
    (m) => {
      const adapt = thompson({ reward: judgeWith(m.other), floor: 0.1, least: 20, stop: { margin: 0.05 } });
      const shadow = { ...m.other, share: 0.5, maxWaitMs: 0 };
      return createExperiment({ models: pair(m), weights: { small: 9, large: 1 }, adapt, shadow });
    },
  ],
  [
    "experiment with a shadow by its name, rewarded without an end",
    "{ pattern: experiment, models: [small, large], weights: { small: 9, large: 1 }, shadow: other, adapt: { reward: { judge: other }, stop: false } }",
    (m) => {
      const adapt = thompson({ reward: judgeWith(m.other), stop: false });
      return createExperiment({ models: pair(m), weights: { small: 9, large: 1 }, shadow: m.other, adapt });
    },
  ],
  [
    "router that keeps its models",
    "{ pattern: router, models: [small, large], route: { always: large }, affinity: { by: sessionId } }",
    (m) => createRouter({ models: pair(m), route: () => "large", affinity: { by: "sessionId" } }),
  ],
];

const routed = (route: (models: Entries) => Route<string>) => (m: Entries) =>
  createRouter({ models: pair(m), route: route(m) as Route<"small"> });
const routes: readonly Row[] = (
  [
    ["{ firstOf: [capability, { always: small }] }", () => firstOf(byCapability(), () => "small")],
    ["contextWindow", () => byContextWindow()],
    ["latencyOptimized", () => latencyOptimized()],
    ["qualityFocused", () => qualityFocused()],
    [
      "{ classify: large, labels: { QUICK: small, HARD: large }, instructions: Choose. }",
      ({ large }) => classifyWith(large, { labels: { QUICK: "small", HARD: "large" } }),
    ],
    [
      "{ firstOf: [{ keywords: { large: [debug] } }, { always: small }] }",
      () => firstOf(byKeyword({ large: ["debug"] }), () => "small"),
    ],
    [
      "{ complexity: { simple: small, moderate: small, complex: large, critical: large }, detect: large }",
      ({ large }) =>
        byComplexity({ simple: "small", moderate: "small", complex: "large", critical: "large" }, { detect: large }),
    ],
    [
      "{ table: { sums: { simple: small } }, task: sums, default: large }",
      () => byTask({ table: { sums: { simple: "small" } }, task: "sums", default: "large" }),
    ],
    [
      "{ quality: { small: 0.5, large: 0.9 }, min: 0.4 }",
      () => byCost({ quality: { small: 0.5, large: 0.9 }, min: 0.4 }),
    ],
    ["{ deadlineMs: 5000, percentile: 0.9 }", () => byLatency({ deadlineMs: 5000, percentile: 0.9 })],
    ["{ tokens: { 500: small }, otherwise: large }", () => byTokens({ 500: "small" }, "large")],
    [
      "{ firstOf: [{ examples: { large: [Why does my loop not end] }, threshold: 1 }, { always: small }] }",
      () =>
        firstOf(
          bySimilarity({ embeddings: new FakeEmbeddings(), examples: { large: ["Why?"] }, threshold: 1 }),
          () => "small",
        ),
    ],
    ["{ weights: { small: 1, large: 0 }, stickyBy: sessionId }", () => weighted({ small: 1, large: 0 })],
  ] as [string, (models: Entries) => Route<string>][]
).map(([spec, route]) => [
  `route ${spec}`,
  `{ pattern: router, models: [small, large], route: ${spec} }`,
  routed(route),
]);

const verifiers: readonly Row[] = (
  [
    ["selfReported", () => selfReported()],
    ["{ selfReported: 0.7 }", () => selfReported({ threshold: 0.7 })],
    ["logprobs", () => logprobs()],
    ["{ logprobs: 0.5, reduce: min }", () => logprobs({ threshold: 0.5, reduce: "min" })],
    ["agreement", () => agreement()],
    ["{ agreement: 2, normalize: number }", () => agreement({ need: 2, normalize: normalizeNumber })],
    [
      "{ consistency: 2, threshold: 0.5, normalize: { choice: ABCD } }",
      () => consistency({ samples: 2, threshold: 0.5 }),
    ],
    [
      "{ judge: large, threshold: 3, scale: [1, 5], rubric: Be strict. }",
      ({ large }) => judgeWith(large, { threshold: 3, scale: [1, 5] }),
    ],
    [
      "{ schema: { type: object, properties: { title: { type: string } }, required: [title] } }",
      () => matchesSchema(z.object({ title: z.string() })),
    ],
    [
      "{ allOf: [selfReported, { anyOf: [logprobs, { judge: large }] }] }",
      ({ large }) => allOf(selfReported(), anyOf(logprobs(), judgeWith(large))),
    ],
  ] as [string, (models: Entries) => ReturnType<typeof logprobs>][]
).map(([spec, verify]) => [
  `verify ${spec}`,
  `{ pattern: cascade, models: [small, large], verify: ${spec} }`,
  (m) => createCascade({ models: pair(m), verify: verify(m) }),
]);

const aggregates: readonly Row[] = (
  [
    ["majorityVote", () => majorityVote()],
    [
      "{ majorityVote: { normalize: number, ties: longest } }",
      () => majorityVote({ normalize: normalizeNumber, ties: "longest" }),
    ],
    [
      "{ weightedVote: { small: 1, large: 2 }, normalize: yesNo }",
      () => weightedVote({ weights: { small: 1, large: 2 } }),
    ],
    ["longest", () => longest()],
    ["firstAnswer", () => firstAnswer()],
    ["{ bestOf: large, rubric: Be strict. }", ({ large }) => bestOf(large)],
    ["{ synthesize: large, instructions: Be brief. }", ({ large }) => synthesizeWith(large)],
  ] as [string, (models: Entries) => ReturnType<typeof longest>][]
).map(([spec, aggregate]) => [
  `aggregate ${spec}`,
  `{ pattern: ensemble, models: [small, large], aggregate: ${spec} }`,
  (m) => createEnsemble({ models: pair(m), aggregate: aggregate(m) }),
]);

const contexts: readonly Row[] = (
  [
    ["fullHistory", () => fullHistory()],
    ["latestOnly", () => latestOnly()],
    ["{ lastMessages: 2 }", () => lastMessages(2)],
    ["{ summarize: small, maxTokens: 50 }", ({ small }) => summarizeWith(small)],
    [
      "{ extract: small, schema: { type: object, properties: { title: { type: string } } } }",
      ({ small }) => extractWith(small, z.object({ title: z.string() })),
    ],
    ["{ sharedMemory: notes, limit: 3 }", () => sharedMemory({ namespace: "notes" })],
  ] as [string, (models: Entries) => ReturnType<typeof fullHistory>][]
).map(([spec, context]) => [
  `context ${spec}`,
  `{ pattern: pipeline, stages: { one: small, two: large }, context: ${spec} }`,
  (m) => createPipeline({ stages: { one: m.small, two: m.large }, context: context(m) }),
]);

describe("graphs of a file", () => {
  it.each([...patterns, ...routes, ...verifiers, ...aggregates, ...contexts])(
    "%s: is what the factory builds, and answers",
    async (_, spec, make) => {
      const config = await load(`${models()}graphs:\n  it: ${spec}\n`);
      const { it: graph } = config.graphs;
      expect(shapeOf(graph!)).toEqual(
        shapeOf(make(config.models as unknown as Entries) as Parameters<typeof shapeOf>[0]),
      );
      const { messages, calls } = await graph!
        .compile({ store: new InMemoryStore() })
        .invoke({ messages: "What is 9 + 9?" });
      expect(messages.at(-1)!.text).toMatch(/18|title|small|Sum/);
      expect(calls.every(({ status }) => status === "ok" || status === "cancelled")).toBe(true);
      expect(calls.length).toBeGreaterThan(0);
    },
  );

  it.each([
    ["router", "models: [small], route: { always: small }, verify: { judge: down }, fallback: other", "fallback"],
    ["cascade", "models: [small, other], verify: { judge: down }", "other"],
    ["qualityGate", "model: small, verify: { judge: down }, fallback: other", "fallback"],
  ])("say what a judge that is down means in a %s", async (pattern, options, better) => {
    server.reply("gpt-down", { error: { status: 500 } });
    const text = (
      word: string,
    ) => `${models()}  down: { provider: openai, model: gpt-down, baseUrl: "${server.openaiUrl}", retry: false }
graphs: { it: { pattern: ${pattern}, ${options}, onUnverified: ${word} } }
`;
    const run = async (word: string) => (await load(text(word))).graphs.it!.compile().invoke({ messages: "Hi" });
    expect(await run("accept")).toMatchObject({ confidence: null, verdict: undefined });
    expect((await run("escalate")).modelUsed).toBe(better);
    await expect(run("throw")).rejects.toMatchObject({ name: "ModelCallError", class: "server" });
    await expect(load(text("maybe"))).rejects.toThrow("graphs.it.onUnverified");
  });

  it("are made of graphs, in any order of the file", async () => {
    const { graphs } = await load(`${models()}graphs:
  outer: { pattern: router, models: { panel: inner, plain: small }, route: { always: panel } }
  inner: { pattern: fallback, models: [small, large], description: two in a row }
`);
    const { modelUsed } = await graphs.outer!.compile().invoke({ messages: "Hi" });
    expect(modelUsed).toBe("panel/small");
    expect(shapeOf(graphs.inner!)).toEqual(
      ["__start__ → small", "large ⇢ __end__", "large ⇢ small", "small ⇢ __end__", "small ⇢ large"].sort(),
    );
  });

  it("are implied by a fallback order and a routing table", async () => {
    const config = await load(`${models()}fallback: [small, other]
tiers: { low: small, high: large }
routing: { table: { sums: { simple: low, complex: high } }, default: low }
default: routing
`);
    expect(config.defaultModel).toBe("routing");
    expect(config.tiers.high).toBe(config.models.large);
    expect(config.models.large!.tier).toBe("high");
    const { route } = await config.graphs
      .routing!.compile()
      .invoke({ messages: "Sum." }, { context: { task: "sums", complexity: "complex" } });
    expect(route).toBe("high");
    expect((await config.graphs.fallback!.compile().invoke({ messages: "Hi" })).modelUsed).toBe("small");
  });

  it("send a stage's own parameters under the provider's names, with those of its model", async () => {
    const { graphs } = await load(`models:
  g: { provider: google-genai, model: gemini-stage, baseUrl: "${server.googleUrl}", systemPrompt: Be kind., parameters: { maxTokens: 9, topK: 3 } }
  o: { provider: openai, model: gpt-stage, baseUrl: "${server.openaiUrl}", parameters: { seed: 1 } }
prompts: { short: Be short. }
graphs:
  it: { pattern: pipeline, stages: { one: { model: g, prompt: short, parameters: { maxTokens: 5, stop: [X] } }, two: { model: o, parameters: { topK: 4, stop: [Y] } } } }
`);
    await graphs.it!.compile().invoke({ messages: "Hi" });
    const sent = (model: string) => server.requests.find((request) => request.model === model)!;
    expect(sent("gemini-stage").body).toMatchObject({
      generationConfig: { maxOutputTokens: 5, topK: 3, stopSequences: ["X"] },
    });
    expect(sent("gemini-stage").messages[0]).toMatchObject({ text: "Be kind.\n\nBe short." });
    expect(sent("gpt-stage").body).toMatchObject({ seed: 1, top_k: 4, stop: ["Y"] });
  });
});

describe("a model of a file", () => {
  it("is one model wherever it is used: its limit holds over graphs and stages", async () => {
    const { graphs, roles } = await load(`models:
  slow: { provider: openai, model: gpt-slow, baseUrl: "${server.openaiUrl}", limit: { concurrency: 1 } }
roles: { main: { model: slow, parameters: { temperature: 0.1 } } }
graphs:
  a: { pattern: fallback, models: { first: slow } }
  b: { pattern: pipeline, stages: { one: { model: slow, systemPrompt: Hi., parameters: { temperature: 0.2 } } } }
`);
    server.reply("gpt-slow", { text: "Done.", delayMs: 30 });
    const role = createFallback({ models: { main: roles.main! } });
    await Promise.all([graphs.a!, graphs.b!, role].map((graph) => graph.compile().invoke({ messages: "Hi" })));
    const requests = server.requests.filter(({ model }) => model === "gpt-slow");
    expect(new Set(requests.map(({ body }) => body.temperature))).toEqual(new Set([undefined, 0.1, 0.2]));
    for (const [index, request] of requests.slice(1).entries())
      expect(request.startedAt).toBeGreaterThanOrEqual(requests[index]!.endedAt!);
  });

  it("is left alone by every graph once one of them met its rate limit", async () => {
    const { graphs } = await load(`models:
  busy: { provider: openai, model: gpt-busy, baseUrl: "${server.openaiUrl}", retry: false }
  spare: { provider: openai, model: gpt-spare, baseUrl: "${server.openaiUrl}" }
graphs:
  a: { pattern: fallback, models: [busy, spare] }
  b: { pattern: router, models: { one: busy }, route: { always: one }, fallback: spare }
  c: { pattern: fallback, models: { again: busy, spare: spare } }
`);
    server.reply("gpt-busy", { error: { kind: "rate_limit", retryAfter: "30" } });
    for (const name of ["a", "c"]) {
      expect((await graphs[name]!.compile().invoke({ messages: "Hi" })).modelUsed).toBe("spare");
    }
    expect(server.requests.filter(({ model }) => model === "gpt-busy").length).toBe(1);
  });
});
