import type { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { END, MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  createFallback,
  createMapReduce,
  createPipeline,
  InvalidModelError,
  type Model,
  type NextStage,
  untilApproved,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { calling, clients, shownIn } from "../agents/clients.js";
import type { Provider } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

const City = z.object({ city: z.string() });
const weather = tool(async () => "sunny", { name: "weather", description: "The weather in a city", schema: City });
const offered = () => server.requests.map(({ model, tools }) => `${model}: ${tools.join(",")}`);
const askedOf = (model: string) => server.requests.filter((request) => request.model === model);

describe.each(Object.keys(clients) as Provider[])("a pipeline with tools, over %s", (provider) => {
  const client = (name: string) => clients[provider](server, name);
  const review = () => ({ model: client("review"), next: untilApproved("code") });
  const reviewed = () => createPipeline({ stages: { code: client("code"), review: review() }, answer: "code" });

  it("gives them to the stage that is the answer, and judges the answer after the results, not the call", async () => {
    server.reply("code", calling("weather", { city: "Oslo" }, "It is sunny."));
    server.reply("review", "Approved");
    const chat = asChatModel(reviewed());
    const step = await chat.bindTools([weather]).invoke("Weather?");
    expect(step.tool_calls).toMatchObject([{ name: "weather", args: { city: "Oslo" } }]);
    expect(offered()).toEqual(["code: weather"]);
    const { messages } = await createAgent({ model: chat, tools: [weather] }).invoke({ messages: "Weather?" });
    expect(messages.map(({ type, text }) => `${type}: ${text}`).slice(2)).toEqual(["tool: sunny", "ai: It is sunny."]);
    expect(offered().slice(1)).toEqual(["code: weather", "code: weather", "review: review"]);
  });

  it("says in a decision why such a run ends, and returns the call", async () => {
    server.reply("code", calling("weather", { city: "Oslo" }, "It is sunny."));
    const stages = { code: client("code").bindTools!([weather]), review: review() };
    const { messages, decisions, modelUsed } = await createPipeline({ stages, answer: "code" })
      .compile()
      .invoke({ messages: "Weather?" });
    expect((messages.at(-1) as AIMessage).tool_calls).toMatchObject([{ name: "weather" }]);
    expect(decisions).toEqual([
      { node: "code", kind: "accept", chosen: END, reason: "nothing comes next: it calls tools, and is a step" },
    ]);
    expect(modelUsed).toBe("code");
  });

  it("has structured output reviewed, and mended", async () => {
    server.reply("code", { toolCalls: [{ name: "extract", args: { city: "Rome" } }] });
    server.reply("code", { toolCalls: [{ name: "extract", args: { city: "Oslo" } }] });
    server.reply("review", "Not approved: it is in Norway.", "Approved");
    expect(await asChatModel(reviewed()).withStructuredOutput(City).invoke("Where?")).toEqual({ city: "Oslo" });
    expect(offered()).toEqual(["code: extract", "review: review", "code: extract", "review: review"]);
    expect(shownIn(askedOf("review")[0]!).join()).toContain('[tool call: extract({"city":"Rome"})]');
  });

  it("gives them to a last stage with a `next`, in place of the form it is asked for", async () => {
    server.reply("review", calling("weather", { city: "Oslo" }, "Approved. It is sunny."));
    const graph = createPipeline({ stages: { code: client("code"), review: review() }, answer: "review" });
    const chat = asChatModel(graph);
    expect((await chat.bindTools([weather]).invoke("Weather?")).tool_calls).toHaveLength(1);
    expect((await createAgent({ model: chat, tools: [weather] }).invoke({ messages: "?" })).messages.at(-1)!.text).toBe(
      "Approved. It is sunny.",
    );
    expect(new Set(offered())).toEqual(new Set(["code: ", "review: weather"]));
  });

  it("gives them to a stage that may end the run, until the answer has been given", async () => {
    const ending: NextStage<never> = () => undefined;
    const known: NextStage<never> = Object.assign(() => undefined, { targets: [] });
    const stages = {
      triage: { model: client("triage"), next: ending },
      known: { model: client("known"), next: known },
      code: client("code"),
      check: { model: client("check"), next: ending },
    };
    await asChatModel(createPipeline({ stages, answer: "code" }))
      .bindTools([weather])
      .invoke("Hi");
    expect(offered()).toEqual(["triage: weather", "known: ", "code: weather", "check: "]);
  });

  it("runs the side effect of an agent once, however often its work is sent back", async () => {
    let orders = 0;
    const order = tool(
      async () => {
        orders++;
        return "tea ordered";
      },
      { name: "order", description: "Orders an article", schema: z.object({}) },
    );
    server.reply("act", calling("order", {}, "Done."));
    server.reply("review", "Not approved: say what is done.", "Approved");
    const stages = {
      act: createAgent({ model: client("act"), tools: [order] }) as unknown as Model,
      review: { model: client("review"), next: untilApproved("act") },
    };
    const { outputs } = await createPipeline({ stages, answer: "act" }).compile().invoke({ messages: "Order tea" });
    expect(orders).toBe(1);
    expect(askedOf("act")).toHaveLength(3);
    expect(shownIn(askedOf("act")[2]!).join("\n")).toMatch(/Order tea.*Done\..*Not approved.*tea ordered/s);
    expect(askedOf("review").flatMap(shownIn).join()).not.toContain("tea ordered");
    expect(outputs.map(({ stage, steps }) => [stage, steps?.map(({ type }) => type)])).toEqual([
      ["act", ["ai", "tool"]],
      ["review", undefined],
      ["act", undefined],
      ["review", undefined],
    ]);
  });

  it("hands what an agent did on, also when the run is resumed before it fails", async () => {
    let orders = 0;
    const order = tool(async () => `${++orders} ordered`, { name: "order", description: "-", schema: z.object({}) });
    for (const name of ["one", "two"]) server.reply(name, calling("order", {}, `${name} is done`));
    server.reply("broken", failWith.server());
    const agent = (name: string) => createAgent({ model: client(name), tools: [order] }) as unknown as Model;
    const broken = { model: client("broken"), retry: false as const };
    const inner = createPipeline({ stages: { act: agent("one"), broken } }).compile({ interruptBefore: ["broken"] });
    const graph = createFallback({ models: { inner, two: agent("two") } }).compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "Order tea" }, thread);
    const result = await graph.invoke(null, thread);
    expect(result.messages.at(-1)!.text).toBe("two is done");
    expect(orders).toBe(1);
  });
});

describe("createMapReduce with tools", () => {
  const client = (name: string) => clients.ChatOpenAI(server, name);
  const mapped = (reduce: Parameters<typeof createMapReduce>[0]["reduce"]) =>
    asChatModel(createMapReduce({ plan: () => ["x"], worker: client("worker"), reduce }));

  it("gives them to the model its reduce function asks for the answer", async () => {
    server.reply("editor", calling("weather", { city: "Oslo" }, "-"));
    const chat = mapped(({ ask, messages }) => ask(messages, { model: client("editor"), returned: true }));
    expect((await chat.bindTools([weather]).invoke("?")).tool_calls).toHaveLength(1);
    expect(offered()).toEqual(["worker: ", "editor: weather"]);
  });

  it("refuses them where its reduce function asks nobody", async () => {
    const chat = mapped(({ outputs }) => outputs[0]!.message.text);
    expect((await chat.invoke("?")).text).not.toBe("");
    for (const run of [chat.bindTools([weather]).invoke("?"), chat.withStructuredOutput(City).invoke("?")]) {
      const error = await run.catch((thrown: unknown) => thrown);
      expect(InvalidModelError.isInstance(error)).toBe(true);
      expect((error as Error).message).toMatch(/createMapReduce\.reduce is a function that asked no model/);
    }
  });
});
