import { HumanMessage } from "@langchain/core/messages";
import { type LangGraphRunnableConfig, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  longest,
  OrchestrationState,
  selfReported,
  totalCost,
} from "../../src/index.js";
import { failWith, type Reply } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai, gemini } = useLoopback();
const asked = () => server.requests.map(({ model }) => model);

describe("local first", () => {
  const build = (timeout: number) =>
    createCascade({
      models: { local: { model: openai("local"), price: { input: 0, output: 0 }, timeout, retry: false } },
      verify: selfReported({ threshold: 0.7 }),
      fallback: { model: gemini("cloud"), price: { input: 1, output: 1 } },
    }).compile();

  it("pays nothing for an answer the local model is sure of", async () => {
    server.reply("local", "Lisbon.\nConfidence: 70%");
    const { modelUsed, messages, confidence, calls } = await build(5_000).invoke({ messages: "Capital?" });
    expect([modelUsed, messages.at(-1)!.text, confidence, totalCost(calls)]).toEqual(["local", "Lisbon.", 0.7, 0]);
    expect(asked()).toEqual(["local"]);
  });

  it.each<[string, Reply]>([
    ["unsure", "Porto?\nConfidence: 69%"],
    ["silent about its confidence", "Porto."],
    ["not running", failWith.reset()],
    ["overloaded", failWith.server({ status: 503 })],
  ])("asks the cloud, once and without asking for its confidence, when the local model is %s", async (_, reply) => {
    server.reply("local", reply);
    server.reply("cloud", "Lisbon.");
    const { modelUsed, messages } = await build(5_000).invoke({ messages: "Capital?" });
    expect([modelUsed, messages.at(-1)!.text]).toEqual(["fallback", "Lisbon."]);
    expect(asked()).toEqual(["local", "cloud"]);
    expect(server.requests[0]!.messages[0]!.text).toContain("Confidence");
    expect(server.requests[1]!.messages).toEqual([{ role: "user", text: "Capital?" }]);
  });

  it("ends the request of a local model that is too slow, and asks the cloud", async () => {
    server.reply("local", failWith.hang());
    server.reply("cloud", "Lisbon.");
    const { modelUsed, calls } = await build(3_000).invoke({ messages: "Capital?" }); // a busy machine needs a while to send it
    await server.settled();
    expect(modelUsed).toBe("fallback");
    expect(calls.map(({ path, status }) => [path, status])).toEqual([
      ["local", "timeout"],
      ["fallback", "ok"],
    ]);
    expect(server.requests.map(({ model, aborted }) => [model, aborted])).toEqual([
      ["local", true],
      ["cloud", false],
    ]);
  });
});

describe("graceful degradation", () => {
  const once = { retry: false } as const;
  const build = () =>
    createEnsemble({
      models: {
        a: { model: openai("a"), ...once },
        b: { model: gemini("b"), ...once },
        c: { model: openai("c"), ...once },
      },
      aggregate: longest(),
      minimum: 2,
      fallback: { model: openai("single"), ...once },
      defaultResponse: "No response available",
    }).compile();

  it.each([
    [[], "full", 1, "b", 3],
    [["c"], "partial", 0.7, "b", 3],
    [["b", "c"], undefined, null, "fallback", 4],
    [["a", "b", "c", "single"], undefined, 0, "default_response", 4],
  ] as const)(
    "with %j down: agreement %s, confidence %s, %s answers",
    async (down, agreement, confidence, used, calls) => {
      const says = { a: "yes", b: down.length === 0 ? "Yes." : "yes, indeed", c: "yes", single: "yes" };
      for (const [model, text] of Object.entries(says)) {
        server.reply(model, down.some((name) => name === model) ? failWith.server() : text);
      }
      const result = await build().invoke({ messages: "Is it so?" });
      expect(result).toMatchObject({ modelUsed: used, confidence });
      expect(result.aggregate?.agreement).toBe(agreement);
      expect(result.calls).toHaveLength(calls);
    },
  );
});

describe("SIMPLE or COMPLEX", () => {
  const build = () =>
    createRouter({
      models: { fast: openai("fast"), strong: gemini("strong") },
      route: classifyWith(
        { model: openai("classifier"), retry: false },
        { labels: { SIMPLE: "fast", COMPLEX: "strong" } },
      ),
      fallback: openai("fast"),
    }).compile();

  it.each<[Reply, string | undefined, string]>([
    ["SIMPLE", "SIMPLE", "fast"],
    ["**complex**", "COMPLEX", "strong"],
    ["I cannot tell", undefined, "fast"],
    [failWith.server(), undefined, "fast"],
  ])("on %j the classification is %s, and %s is asked", async (said, label, model) => {
    server.reply("classifier", said);
    const { decisions } = await build().invoke({ messages: "Why?" });
    expect(decisions[0]!.label).toBe(label);
    expect(asked()).toEqual(["classifier", model]);
  });
});

describe("self-verification", () => {
  const ownCheck = check(async ({ messages, answer, ask }) => {
    const { text } = await ask([...messages, answer, new HumanMessage("CORRECT or WRONG?")]);
    return { pass: text === "CORRECT", feedback: text };
  });

  it("asks the model that answered, shows it its own answer, and mends what it finds wrong", async () => {
    server.reply("one", "41", "WRONG: 51", "51", "CORRECT");
    const graph = createQualityGate({ model: openai("one"), verify: ownCheck, fallback: openai("other") }).compile();
    const { messages, calls } = await graph.invoke({ messages: "3 * 17?" });
    expect(messages.at(-1)!.text).toBe("51");
    expect(calls.map(({ path, role }) => `${path} ${role}`)).toEqual([
      "draft answer",
      "verifier judge",
      "revise answer",
      "verifier judge",
    ]);
    expect(server.requests[1]!.messages.map(({ text }) => text)).toEqual(["3 * 17?", "41", "CORRECT or WRONG?"]);
    expect(server.requests[2]!.messages.at(-1)!.text).toContain("WRONG: 51");
    expect(asked()).not.toContain("other");
  });
});

describe("a soft join", () => {
  type State = typeof OrchestrationState.State;
  const names = ["code", "math", "text"] as const;
  const branch = (stage: string) => {
    const graph = createFallback({ models: { [stage]: openai(stage) } }).compile();
    return async ({ messages }: State, config: LangGraphRunnableConfig) => {
      const run = await graph.invoke({ messages }, config);
      return { outputs: [{ stage, message: run.messages.at(-1)! }], calls: run.calls };
    };
  };

  it.each([[["code"]], [["math", "text"]], [["code", "math", "text"]]])("runs once after %j", async (taken) => {
    let joins = 0;
    const graph = new StateGraph(OrchestrationState)
      .addNode("code", branch("code"))
      .addNode("math", branch("math"))
      .addNode("text", branch("text"))
      .addNode("late", () => ({})) // makes one way longer than the others
      .addNode(
        "join",
        ({ outputs }: State) => {
          joins++;
          return { messages: [new HumanMessage(outputs.map(({ stage }) => stage).join("+"))] };
        },
        { defer: true },
      )
      .addConditionalEdges(START, () => taken, [...names])
      .addEdge("code", "join")
      .addEdge("math", "join")
      .addEdge("text", "late")
      .addEdge("late", "join")
      .compile();
    const { messages, calls } = await graph.invoke({ messages: "All of it" });
    expect(joins).toBe(1);
    expect(messages.at(-1)!.text.split("+").sort()).toEqual([...taken].sort());
    expect(calls.map(({ path }) => path).sort()).toEqual([...taken].sort());
    expect(asked().sort()).toEqual([...taken].sort());
  });
});
