import { fileURLToPath } from "node:url";
import { createAgent } from "langchain";
import { beforeEach, describe, expect, it } from "vitest";
import { withTools } from "../../src/config/index.js";
import { createCascade, createFallback, judgeWith } from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";
import { load, problemsOf } from "./support/parse.js";

const { server } = useLoopback();
beforeEach(() => server.reply("gpt-strong", "Score: 9"));

const models = () => `models:
  fast: { provider: openai, model: gpt-fast, baseUrl: "${server.openaiUrl}", parameters: { temperature: 0.9, seed: 1 } }
  strong: { provider: openai, model: gpt-strong, baseUrl: "${server.openaiUrl}" }
  gemini: { provider: google-genai, model: gemini-1, baseUrl: "${server.googleUrl}" }
`;
const tasks = `tasks:
  summarize: { model: fast, parameters: { temperature: 0.2, maxTokens: 200, seed: 5 } }
  story: { complexity: complex, temperature: 0.8, maxTokens: 900 }
  bare: {}
`;
const shop = fileURLToPath(new URL("../../examples/support/mcp-server.ts", import.meta.url));
const sentTo = (model: string) => server.requests.filter((each) => each.model === model).map(({ body }) => body);

describe("tasks of a file", () => {
  it("give their parameters to the models that may answer, over those of the entry, and not to a judge", async () => {
    const { graphs } = await load(`${models()}${tasks}graphs:
  ladder: { pattern: cascade, models: [fast], verify: { judge: strong }, judgeLast: true }
`);
    const ladder = graphs.ladder!.compile();
    await ladder.invoke({ messages: "Hi" }, { context: { task: "summarize" } });
    expect(sentTo("gpt-fast")).toMatchObject([{ temperature: 0.2, max_tokens: 200, seed: 5 }]);
    const [judged] = sentTo("gpt-strong");
    expect(judged).not.toHaveProperty("temperature");
    expect(judged).not.toHaveProperty("max_tokens");
  });

  it("let the run's own parameters win key by key, and leave other runs as they were", async () => {
    const config = await load(`${models()}${tasks}`);
    const graph = createFallback({ models: { fast: config.models.fast! } }).compile();
    const context = { task: "summarize", parameters: { maxTokens: 7, topP: 0.5 } };
    await graph.invoke({ messages: "Hi" }, { context });
    for (const task of [undefined, "", "bare", "sumarize", "toString"]) {
      await graph.invoke({ messages: "Hi" }, { context: task === undefined ? {} : { task } });
    }
    const [first, ...others] = sentTo("gpt-fast");
    expect(first).toMatchObject({ temperature: 0.2, max_tokens: 7, top_p: 0.5, seed: 5 });
    for (const body of others) {
      expect(body).toMatchObject({ temperature: 0.9, seed: 1 });
      expect(body).not.toHaveProperty("max_tokens");
    }
    expect(others).toHaveLength(5);
  });

  it("reach patterns in patterns, stages with parameters of their own, roles, and names of every provider", async () => {
    const { graphs, roles } = await load(`${models()}${tasks}roles: { main: { model: fast, parameters: { topP: 0.4 } } }
graphs:
  outer: { pattern: fallback, models: [inner] }
  inner: { pattern: pipeline, stages: { one: gemini, two: { model: fast, parameters: { temperature: 0.1 } } } }
`);
    const context = { task: "story" };
    const { decisions } = await graphs.outer!.compile().invoke({ messages: "Hi" }, { context });
    expect(sentTo("gpt-fast")).toMatchObject([{ temperature: 0.8, max_tokens: 900, seed: 1 }]);
    expect(sentTo("gemini-1")[0]).not.toHaveProperty("generationConfig.maxOutputTokens"); // an earlier stage is no answer
    expect(decisions.filter(({ kind }) => kind === "skip")).toEqual([]);
    await createFallback({ models: { main: roles.main! } })
      .compile()
      .invoke({ messages: "Hi" }, { context });
    expect(sentTo("gpt-fast").at(-1)).toMatchObject({ temperature: 0.8, top_p: 0.4 });
  });

  it("win over what a model sends in the body of its requests", async () => {
    const { graphs } = await load(`models:
  own: { provider: openai-compatible, model: own-1, baseUrl: "${server.openaiUrl}", parameters: { topK: 3, seed: 1, reasoningEffort: low, minP: 0.1 }, body: { mode: fast } }
tasks: { think: { parameters: { topK: 9, seed: 5, reasoningEffort: high } } }
graphs: { it: { pattern: fallback, models: [own] } }
`);
    const graph = graphs.it!.compile();
    await graph.invoke({ messages: "Hi" }, { context: { task: "think" } });
    await graph.invoke({ messages: "Hi" });
    const body = { min_p: 0.1, mode: "fast" };
    expect(sentTo("own-1")).toMatchObject([
      { ...body, top_k: 9, seed: 5, reasoning_effort: "high" },
      { ...body, top_k: 3, seed: 1, reasoning_effort: "low" },
    ]);
  });

  it("record a parameter that a model lacks, once", async () => {
    const { graphs } = await load(`${models()}${tasks}graphs: { it: { pattern: fallback, models: [gemini] } }`);
    const { decisions } = await graphs.it!.compile().invoke({ messages: "Hi" }, { context: { task: "summarize" } });
    expect(decisions.filter(({ reason }) => reason.includes("no parameter seed"))).toHaveLength(1);
    expect(sentTo("gemini-1")).toMatchObject([{ generationConfig: { temperature: 0.2, maxOutputTokens: 200 } }]);
  });

  it("say how complex they are, where the run does not", async () => {
    const { graphs } = await load(`${models()}${tasks}routing:
  table: { story: { simple: fast, complex: strong } }
  default: gemini
graphs:
  levels: { pattern: router, models: [fast, strong], route: { firstOf: [{ complexity: { simple: fast, complex: strong } }] } }
`);
    const routed = async (graph: string, context: Record<string, string>) =>
      (await graphs[graph]!.compile().invoke({ messages: "Hi" }, { context })).route;
    expect(await routed("routing", { task: "story" })).toBe("strong");
    expect(await routed("routing", { task: "story", complexity: "simple" })).toBe("fast");
    expect(await routed("levels", { task: "story", complexity: "" })).toBe("strong");
    expect(await routed("levels", { task: "bare" })).toBe("fast"); // read from the question
  });

  it("reach an agent, which a model with tools is", async () => {
    const config =
      await load(`${models()}  buyer: { provider: openai, model: gpt-buyer, baseUrl: "${server.openaiUrl}", parameters: { seed: 1 }, mcpServers: [shop] }
mcpServers: { shop: { command: ${process.execPath}, args: ["--import", "${import.meta.resolve("tsx")}", "${shop}"] } }
${tasks}`);
    const { models: equipped, close } = await withTools(config, ["buyer"]);
    try {
      const graph = createFallback({ models: { buyer: equipped.buyer! } }).compile();
      await graph.invoke({ messages: "Hi" }, { context: { task: "summarize" } });
      await graph.invoke({ messages: "Hi" });
    } finally {
      await close();
    }
    const [first, second] = sentTo("gpt-buyer");
    expect(first).toMatchObject({ temperature: 0.2, max_tokens: 200, seed: 5 });
    expect(first!.tools).toEqual(second!.tools);
    expect(second!.tools).not.toEqual([]);
    expect(second).toMatchObject({ seed: 1 });
    expect(second).not.toHaveProperty("temperature");
  });

  it("list every word a run's task may be: tasks, and rows of tables", async () => {
    const { taskNames, tasks: all } =
      await load(`${models()}${tasks}routing: { table: { sums: { simple: fast } }, default: fast }
graphs:
  it: { pattern: router, models: [fast], route: { firstOf: [{ table: { code: { simple: fast } } }, { always: fast }] } }
`);
    expect(taskNames).toEqual(["summarize", "story", "bare", "sums", "code"]);
    expect(all.story).toEqual({ complexity: "complex", temperature: 0.8, maxTokens: 900 });
    expect((await load(models())).taskNames).toEqual([]);
  });

  it.each([
    ["an unknown model", "model: fsat", /^tasks\.x\.model.*did you mean fast\?/],
    ["a parameter that no run has", "parameters: { numCtx: 5 }", /^tasks\.x\.parameters\.numCtx/],
    ["a value out of range", "parameters: { temperature: 3 }", /^tasks\.x\.parameters\.temperature/],
    [
      "a parameter twice",
      "temperature: 1, parameters: { temperature: 1 }",
      /^tasks\.x\.temperature cannot stand beside/,
    ],
  ])("refuse %s", async (_, task, expected) => {
    const [problem] = await problemsOf(`${models()}tasks: { x: { ${task} } }`);
    expect(`${problem!.path} ${problem!.message}`).toMatch(expected);
  });

  it("may name a graph, and one that the file implies", async () => {
    const text = `${models()}fallback: [fast]\ntasks: { a: { model: it }, b: { model: fallback } }\ngraphs: { it: { pattern: fallback, models: [fast] } }`;
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe("taskParameters of an entry", () => {
  it("apply in code too, and are checked as the graph is built", async () => {
    const { models: made } = await load(models());
    const entry = { ...made.fast!, taskParameters: { terse: { maxTokens: 3 } } };
    const graph = createCascade({ models: { entry }, verify: judgeWith(made.strong!) }).compile();
    await graph.invoke({ messages: "Hi" }, { context: { task: "terse" } });
    expect(sentTo("gpt-fast")).toMatchObject([{ max_tokens: 3 }]);
    const build = (taskParameters: unknown) => () =>
      createFallback({ models: { entry: { ...made.fast!, taskParameters } as typeof entry } });
    expect(build({ terse: { maxToken: 3 } })).toThrow(/taskParameters\.terse\.maxToken.*did you mean maxTokens/);
    expect(build([])).toThrow(/taskParameters.*give parameters by task/);
    expect(build({ terse: { temperature: 9 } })).toThrow(/taskParameters\.terse\.temperature/);
  });

  it("cannot be set on a graph or agent", async () => {
    const { models: made } = await load(models());
    const agent = createAgent({ model: made.fast!.model as never, tools: [] });
    const build = () => createFallback({ models: { agent: { model: agent, taskParameters: { a: { seed: 1 } } } } });
    expect(build).toThrow(/agent\.taskParameters cannot be set on a graph or agent/);
  });
});
