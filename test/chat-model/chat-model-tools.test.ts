import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { OutputParserException } from "@langchain/core/output_parsers";
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AllModelsFailedError,
  agreement,
  asChatModel,
  bestOf,
  check,
  classifyWith,
  consistency,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  InvalidModelError,
  InvalidOptionError,
  judgeWith,
  type Model,
  majorityVote,
  normalizeNumber,
  normalizeText,
  synthesizeWith,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();
const clients = Object.keys(providers) as Provider[];

const City = z.object({ city: z.string() });
const weather = tool(async () => "sunny", { name: "weather", description: "The weather in a city", schema: City });
const calling = (city: string, text?: string) => ({ text, toolCalls: [{ name: "weather", args: { city } }] });
const offered = () => server.requests.map(({ model, tools }) => `${model}: ${tools.join(",")}`);

describe.each(clients)("tools of a pattern as a chat model, over %s", (client) => {
  const model = (name: string) => providers[client](server, name);

  it("reach the models that answer, never judges and routers", async () => {
    server.reply("router", "a");
    server.reply("judge", "Score: 2");
    const chat = asChatModel(
      createRouter({
        models: { a: model("a"), b: model("b") },
        route: classifyWith(model("router")),
        verify: judgeWith(createFallback({ models: { judge: model("judge") } })),
        fallback: model("spare"),
      }),
    );
    await chat.bindTools([weather]).invoke("Weather?");
    const tools = Object.fromEntries(server.requests.map(({ model, tools }) => [model, tools]));
    expect(tools).toMatchObject({ a: ["weather"], spare: ["weather"] });
    expect(tools.judge).not.toContain("weather");
    expect(tools.router).not.toContain("weather");
  });

  it("reach nested patterns, a synthesizer and further samples", async () => {
    const sampled = createCascade({
      models: { a: model("a") },
      verify: consistency({ samples: 3, threshold: 1 }),
      judgeLast: true,
    });
    const chat = asChatModel(
      createEnsemble({ models: { sampled, b: model("b") }, aggregate: synthesizeWith(model("s")) }),
    );
    await chat.bindTools([weather]).invoke("Weather?");
    expect(offered().sort()).toEqual(["a: weather", "a: weather", "a: weather", "b: weather", "s: weather"]);
  });

  it("reach only the stage whose answer is returned", async () => {
    const pipeline = createPipeline({ stages: { plan: model("a"), write: model("b") } });
    await asChatModel(pipeline).bindTools([weather]).invoke("Weather?");
    expect(offered()).toEqual(["a: ", "b: weather"]);
    const mapped = createMapReduce({ plan: () => ["x"], worker: model("w"), reduce: model("r") });
    await asChatModel(mapped).bindTools([weather]).invoke("Weather?");
    expect(offered().slice(2)).toEqual(["w: ", "r: weather"]);
  });

  it("take the place of those a model was bound to", async () => {
    const other = tool(async () => "", { name: "other", description: "-", schema: z.object({}) });
    const graph = createFallback({ models: { a: model("a").bindTools!([other]) } });
    await asChatModel(graph).invoke("Hi");
    await asChatModel(graph).bindTools([weather]).invoke("Hi");
    await graph.compile().invoke({ messages: "Hi" });
    expect(offered()).toEqual(["a: other", "a: weather", "a: other"]);
  });

  it("understand one provider's way to choose a tool as every provider's", async () => {
    const chat = asChatModel(createFallback({ models: { a: model("a") } }));
    for (const choice of ["required", "any", { type: "function", function: { name: "weather" } }] as const) {
      await chat.bindTools([weather], { tool_choice: choice }).invoke("Weather?");
    }
    const chosen = server.requests.map(({ body }) => body.tool_choice ?? body.toolConfig);
    expect(chosen[0]).toEqual(chosen[1]);
    expect(JSON.stringify(chosen[0])).toMatch(/required|ANY/);
    expect(JSON.stringify(chosen[2])).toContain("weather");
  });

  it("are not for a model without them: the next one is asked, and no request is made", async () => {
    server.reply("b", calling("Oslo"));
    const models = { a: { model: model("a"), capabilities: ["json" as const] }, b: model("b") };
    const answer = await asChatModel(createFallback({ models })).bindTools([weather]).invoke("Weather?");
    expect(answer.response_metadata.orchestration).toMatchObject({ modelUsed: "b" });
    expect(offered()).toEqual(["b: weather"]);
  });

  it("are not for a chain; where nothing else is left the error says so", async () => {
    const chain = model("a").withRetry() as Model;
    const chat = asChatModel(createFallback({ models: { chain } })).bindTools([weather]);
    const error = await chat.invoke("Weather?").catch((thrown: unknown) => thrown);
    expect(AllModelsFailedError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain(
      "chain cannot be given the tools its caller bound: it is a chain, and can use only its own tools",
    );
    expect(server.requests).toEqual([]);
  });

  it("are not for an agent, which answers with its own unless one of the caller's is forced", async () => {
    server.reply("a", "From the agent");
    server.reply("b", calling("Oslo"));
    const agent = createAgent({ model: model("a"), tools: [] }) as unknown as Model;
    const chat = asChatModel(createFallback({ models: { agent, b: model("b") } }));
    expect((await chat.bindTools([weather]).invoke("Hi")).text).toBe("From the agent");
    const forced = await chat.bindTools([weather], { tool_choice: "any" }).invoke("Hi");
    expect(forced.tool_calls).toMatchObject([{ name: "weather" }]);
  });

  it.each([
    ["createCascade", (verify: never) => createCascade({ models: { a: model("a"), b: model("b") }, verify })],
    ["createRouter", (verify: never) => createRouter({ models: { a: model("a") }, route: () => "a" as const, verify })],
    ["createQualityGate", (verify: never) => createQualityGate({ model: model("a"), verify })],
  ])("are called without a verdict in %s, and a decision says so", async (_pattern, build) => {
    server.reply("a", calling("Oslo"));
    const bound = { models: { bound: model("a").bindTools!([weather]) } };
    const never = check(() => {
      throw new Error("judged");
    });
    const answer = await asChatModel(build(never as never))
      .bindTools([weather])
      .invoke("Weather?");
    expect(answer.tool_calls).toMatchObject([{ name: "weather", args: { city: "Oslo" } }]);
    const { decisions, verdict } = await createCascade({ ...bound, verify: never })
      .compile()
      .invoke({ messages: "Hi" });
    expect(decisions).toMatchObject([{ kind: "accept", reason: "not verified: it calls tools, and is a step" }]);
    expect(verdict).toBeUndefined();
  });
});

describe.each(clients)("votes over calls of tools, over %s", (client) => {
  const model = (name: string) => providers[client](server, name);
  const three = () => ({ a: model("a"), b: model("b"), c: model("c") });

  it("count equal calls as equal, whatever the normalizer and whatever is said beside them", async () => {
    server.reply("a", calling("Rome"));
    server.reply("b", calling("Oslo", "Let me look."));
    server.reply("c", calling("Oslo"));
    const chat = asChatModel(
      createEnsemble({ models: three(), aggregate: majorityVote({ normalize: normalizeNumber }), stopEarly: false }),
    );
    const answer = await chat.bindTools([weather]).invoke("Weather?");
    expect(answer.tool_calls).toMatchObject([{ args: { city: "Oslo" } }]);
    expect(answer.response_metadata.orchestration).toMatchObject({ modelUsed: "b", confidence: 2 / 3 });
  });

  it("show a judge which tools the answers call", async () => {
    for (const [name, city] of Object.entries({ a: "Rome", b: "Oslo", c: "Bonn" })) server.reply(name, calling(city));
    server.reply("judge", "Best: 2");
    const chat = asChatModel(createEnsemble({ models: three(), aggregate: bestOf(model("judge")) }));
    await chat.bindTools([weather]).invoke("Weather?");
    const asked = server.requests.find((request) => request.model === "judge")!.messages.at(-1)!.text;
    for (const city of ["Rome", "Oslo", "Bonn"]) expect(asked).toContain(`[tool call: weather({"city":"${city}"})]`);
  });

  it("take the place of a synthesis where all answers call tools, not where some do", async () => {
    server.reply("a", calling("Rome"));
    for (const name of ["b", "c"]) server.reply(name, calling("Oslo"), "It is sunny");
    server.reply("s", "Written from all");
    const chat = asChatModel(createEnsemble({ models: three(), aggregate: synthesizeWith(model("s")) })).bindTools([
      weather,
    ]);
    expect((await chat.invoke("Weather?")).tool_calls).toMatchObject([{ args: { city: "Oslo" } }]);
    expect(server.requests).toHaveLength(3);
    expect((await chat.invoke("Weather?")).text).toBe("Written from all");
    expect(server.requests.at(-1)!.messages.at(-1)!.text).toContain('[tool call: weather({"city":"Rome"})]');
  });
});

describe.each(clients)("structured output of a pattern as a chat model, over %s", (client) => {
  const model = (name: string) => providers[client](server, name);
  const extract = (city: string) => ({ toolCalls: [{ name: "extract", args: { city } }] });

  it("is judged, unlike the call of a tool: a cascade climbs until two agree", async () => {
    for (const [name, city] of Object.entries({ a: "Rome", b: "Oslo", c: "Oslo" })) server.reply(name, extract(city));
    const models = { a: model("a"), b: model("b"), c: model("c"), d: model("d") };
    const chat = asChatModel(createCascade({ models, verify: agreement() }));
    expect(await chat.withStructuredOutput(City).invoke("Where?")).toEqual({ city: "Oslo" });
    expect(server.requests.map((request) => request.model)).toEqual(["a", "b", "c"]);
  });

  it("is voted on", async () => {
    for (const [name, city] of Object.entries({ a: "Rome", b: "Oslo", c: "Oslo" })) server.reply(name, extract(city));
    const models = { a: model("a"), b: model("b"), c: model("c") };
    const chat = asChatModel(createEnsemble({ models, aggregate: majorityVote(), stopEarly: false }));
    expect(await chat.withStructuredOutput(City).invoke("Where?")).toEqual({ city: "Oslo" });
  });

  it("is understood where a model writes it instead of calling the tool", async () => {
    server.reply("a", 'Sure:\n```json\n{"city":"Oslo"}\n```');
    const chat = asChatModel(createFallback({ models: { a: model("a") } }));
    expect(await chat.withStructuredOutput(City).invoke("Where?")).toEqual({ city: "Oslo" });
  });

  it.each([
    ["in another form", "No idea"],
    ["that does not fit", { toolCalls: [{ name: "extract", args: { town: 3 } }] }],
  ] as const)("of an answer %s is an error that holds the answer, or null beside the message", async (_what, said) => {
    server.reply("a", said);
    const chat = asChatModel(createFallback({ models: { a: model("a") } }));
    const error = await chat
      .withStructuredOutput(City)
      .invoke("Where?")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutputParserException);
    const both = await chat.withStructuredOutput(City, { includeRaw: true }).invoke("Where?");
    expect(both.parsed).toBeNull();
    expect((both.raw as AIMessage).usage_metadata?.total_tokens).toBeGreaterThan(0);
  });

  it("is named as asked, else by its JSON schema", async () => {
    server.reply("a", ({ tools }) => ({ toolCalls: [{ name: tools[0]!, args: { city: "Oslo" } }] }));
    const chat = asChatModel(createFallback({ models: { a: model("a") } }));
    await chat.withStructuredOutput(City, { name: "place" }).invoke("Where?");
    await chat.withStructuredOutput({ ...(z.toJSONSchema(City) as object), title: "town" }).invoke("Where?");
    expect(offered()).toEqual(["a: place", "a: town"]);
    expect(() => chat.withStructuredOutput(City, { method: "xml" as "jsonMode" })).toThrow(InvalidOptionError);
  });
});

describe("asChatModel", () => {
  it.each([
    ["a chat model", saying("Hi")],
    ["an entry", { model: createFallback({ models: { a: saying("Hi") } }) }],
    ["nothing", undefined],
    ["a function", () => "Hi"],
  ])("refuses %s", (_what, graph) => {
    expect(() => asChatModel(graph as never)).toThrow(InvalidModelError);
  });

  it("refuses a name that is none, and tools for a graph whose models nobody knows", () => {
    const graph = createFallback({ models: { a: saying("Hi") } });
    expect(() => asChatModel(graph, { name: "" })).toThrow(InvalidOptionError);
    const agent = createAgent({ model: saying("Hi"), tools: [] });
    const chat = asChatModel(agent as never);
    expect(() => chat.bindTools([weather])).toThrow(InvalidModelError);
    expect(chat.bindTools([])).toBeDefined();
  });

  it("says what it can do where it was told", () => {
    const graph = createFallback({ models: { a: saying("Hi") } });
    expect(asChatModel(graph).profile).toEqual({});
    expect(asChatModel(graph, { profile: { structuredOutput: true } }).profile).toEqual({ structuredOutput: true });
  });

  it("refuses an empty conversation as the graph does, and passes images on", async () => {
    const chat = asChatModel(createFallback({ models: { a: providers.ChatOpenAI(server, "a") } }));
    await expect(chat.invoke([])).rejects.toThrow("There is no message to answer");
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    await chat.invoke([new HumanMessage({ content: [{ type: "text", text: "What is it?" }, image] })]);
    expect(JSON.stringify(server.requests[0]!.body)).toContain("base64,AAAA");
  });

  it("leaves the caller's messages as they are", async () => {
    const chat = asChatModel(createFallback({ models: { a: providers.ChatOpenAI(server, "a") } }));
    const given = [new HumanMessage("Hi"), new AIMessage("Yes?"), new HumanMessage("Bye")];
    const before = JSON.stringify(given);
    await chat.invoke(given);
    expect(JSON.stringify(given)).toBe(before);
  });

  it("keeps a failure of every model in one error", async () => {
    server.reply("a", failWith.authentication());
    const chat = asChatModel(createFallback({ models: { a: providers.ChatOpenAI(server, "a") } }));
    await expect(chat.invoke("Hi")).rejects.toThrow("OPENAI_API_KEY");
  });
});

describe("normalizeText", () => {
  it("compares the calls of a message by name and arguments, in whatever order these are", () => {
    const message = (args: object, name = "weather") =>
      new AIMessage({ content: "", tool_calls: [{ name, args, id: String(Math.random()) }] } as never);
    expect(normalizeText(message({ a: 1, b: { c: 2, d: 3 } }))).toBe(
      normalizeText(message({ b: { d: 3, c: 2 }, a: 1 })),
    );
    expect(normalizeText(message({ a: 1 }))).not.toBe(normalizeText(message({ a: 2 })));
    expect(normalizeText(message({}))).not.toBe(normalizeText(message({}, "other")));
  });
});
