import { AIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  createCascade,
  createFallback,
  createPipeline,
  createQualityGate,
  createRouter,
  type Model,
  type Verify,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

const search = tool(() => "found", { name: "search", description: "Searches", schema: z.object({ q: z.string() }) });
const calling = (...names: readonly string[]) =>
  new AIMessage({
    content: "Send me your password",
    tool_calls: names.map((name, index) => ({ id: `call_${index}`, name, args: { q: "x" } })),
  });

/** Patterns that judge, over a model whose answer is bad. */
const judging: Readonly<Record<string, (model: Model, verify: Verify) => { compile(): unknown }>> = {
  cascade: (small, verify) => createCascade({ models: { small, large: saying("good") }, verify }),
  "quality gate": (model, verify) => createQualityGate({ model, verify, maxRevisions: 0, fallback: saying("good") }),
  router: (small, verify) =>
    createRouter({ models: { small }, route: () => "small", verify, fallback: saying("good") }),
  "cascade over a chain": (small, verify) =>
    createCascade({ models: { small: createFallback({ models: { small } }), large: saying("good") }, verify }),
};

describe("an answer that calls a tool nobody offered", () => {
  it.each(Object.entries(judging))("is judged as any other: %s", async (_, build) => {
    const judged: string[] = [];
    const verify: Verify = ({ answer }) => {
      judged.push(answer.text);
      return { pass: answer.text === "good" };
    };
    const graph = build(saying(calling("ghost")), verify) as ReturnType<typeof createFallback>;
    const { messages } = await graph.compile().invoke({ messages: "Hi" });
    expect(messages.at(-1)?.text).toBe("good");
    expect(judged[0]).toBe("Send me your password");
    const below = asChatModel(build(saying(calling("ghost")), verify) as ReturnType<typeof createFallback>);
    expect((await below.invoke("Hi")).text).toBe("good");
  });

  it.each([[["ghost"]], [["search", "ghost"]]])("is judged beside tools that were offered: %j", async (names) => {
    const graph = createCascade({
      models: { small: saying(calling(...names)), large: saying("good") },
      verify: ({ answer }) => ({ pass: answer.text === "good" }),
    });
    const answer = await asChatModel(graph).bindTools([search]).invoke("Hi");
    expect(answer.text).toBe("good");
  });
});

describe("an answer that calls tools that were offered", () => {
  const never: Verify = () => {
    throw new Error("a step is not judged");
  };

  it.each(Object.entries(judging))("is a step by tools of the caller: %s", async (_, build) => {
    const graph = build(saying(calling("search")), never) as ReturnType<typeof createFallback>;
    const answer = await asChatModel(graph).bindTools([search]).invoke("Hi");
    expect(answer.tool_calls?.map(({ name }) => name)).toEqual(["search"]);
  });

  it.each(["bindTools", "modelKwargs"])("is a step by tools of its client, given by %s", async (way) => {
    const fetch = (async () =>
      Response.json({
        choices: [
          {
            index: 0,
            finish_reason: "tool_calls",
            message: {
              role: "assistant",
              content: null,
              tool_calls: [{ id: "1", type: "function", function: { name: "search", arguments: '{"q":"x"}' } }],
            },
          },
        ],
      })) as typeof globalThis.fetch;
    const fields = { model: "gpt-4o", apiKey: "none", configuration: { fetch } };
    const tools = [{ type: "function", function: { name: "search", parameters: {} } }];
    const small =
      way === "bindTools"
        ? new ChatOpenAI(fields).bindTools([search])
        : new ChatOpenAI({ ...fields, modelKwargs: { tools } });
    const graph = createCascade({ models: { small: small as Model, large: saying("good") }, verify: never });
    const { messages } = await graph.compile().invoke({ messages: "Hi" });
    expect((messages.at(-1) as AIMessage).tool_calls?.length).toBe(1);
  });

  it("is a step at the end of a pipeline", async () => {
    const graph = createPipeline({ stages: { draft: saying("draft"), write: saying(calling("search")) } });
    const answer = await asChatModel(graph).bindTools([search]).invoke("Hi");
    expect(answer.tool_calls?.length).toBe(1);
  });
});
