import { AIMessage } from "@langchain/core/messages";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { asChatModel, callsOf, createExperiment, createFallback, createRouter } from "../../src/index.js";
import { type AppOptions, createApp } from "../../src/server/index.js";
import { failWith, startLoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { saying } from "../support/fakes.js";
import { useOneLoopback } from "../support/use-loopback.js";
import { asks } from "./serving.js";

const send = (options: AppOptions, body: object = {}) =>
  createApp(options).request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: asks("Hi"), ...body }),
  });
const orchestrationOf = async (reply: Response | Promise<Response>) =>
  ((await (await reply).json()) as { orchestration: Record<string, unknown> }).orchestration;

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("orchestration over %s", (provider) => {
  const { server: upstream } = useOneLoopback({
    reply: { text: "Hello!", usage: { inputTokens: 10, outputTokens: 5 } },
  });
  const model = (id: string) => ({ model: providers[provider](upstream, id), retry: false as const });

  it("names the model that served, however deep it is", async () => {
    upstream.reply("first-1", failWith.server());
    const inner = createFallback({ models: { first: model("first-1"), second: model("second-1") } });
    const graph = createRouter({ models: { inner }, route: () => "inner" });
    expect(await orchestrationOf(send({ graphs: { graph } }))).toMatchObject({
      modelUsed: "inner/second",
      model: "second-1",
      route: "inner",
      decisions: [
        { kind: "route", chosen: "inner" },
        { kind: "fallback", chosen: "second" },
      ],
    });
  });

  it("names the variant of an experiment", async () => {
    const graph = createExperiment({
      models: { old: model("old-1"), new: model("new-1") },
      weights: { old: 0, new: 1 },
    });
    expect(Object.values((await orchestrationOf(send({ graphs: { graph } }))).variants as object)).toEqual(["new"]);
  });

  it("names the model of an agent, whose cost is counted too", async () => {
    const agent = createAgent({ model: model("agent-1").model, tools: [] });
    const told = await orchestrationOf(send({ graphs: { agent } }));
    expect(told).toMatchObject({ modelUsed: "agent", confidence: null, decisions: [] });
    expect(told.model).toBe("agent-1");
  });

  it("names no model where none answered", async () => {
    upstream.reply("down-1", failWith.server());
    const graph = createFallback({ models: { down: model("down-1") }, defaultResponse: "Later, please." });
    const told = await orchestrationOf(send({ graphs: { graph } }));
    expect(told).toMatchObject({ modelUsed: "default_response", model: null, confidence: 0 });
  });

  it("is kept with the answer, not in it", async () => {
    const chat = asChatModel(createFallback({ models: { only: model("only-1") } }));
    const answer = await chat.invoke("Hi");
    expect(callsOf(answer).map(({ model, status }) => `${model} ${status}`)).toEqual(["only-1 ok"]);
    expect(JSON.stringify(answer)).not.toContain("latencyMs");
    expect(callsOf(new AIMessage({ ...answer }))).toEqual([]);
    const chunks = [];
    for await (const chunk of await chat.stream("Hi")) chunks.push(chunk);
    expect(chunks.map((chunk) => callsOf(chunk).length)).toEqual([...chunks.slice(1).map(() => 0), 1]);
  });
});

describe("settings of requests", () => {
  it("share the limit of the model they are for", async () => {
    let most = 0;
    let running = 0;
    const upstream = await startLoopbackServer({
      reply: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running--;
        return "Hello!";
      },
    });
    const limited = { model: providers.ChatOpenAI(upstream, "one"), limit: { concurrency: 1 } };
    const app = createApp({ models: { limited } });
    const ask = (temperature: number) =>
      app.request("/v1/chat/completions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ messages: asks("Hi"), temperature }),
      });
    const replies = await Promise.all([0, 0.1, 0.2, 0.3].map(ask));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(most).toBe(1);
    expect(upstream.requests.map(({ body }) => body.temperature)).toEqual([0, 0.1, 0.2, 0.3]);
    await upstream.close();
  });

  it("are refused by a graph that has tools of its own", async () => {
    const agent = createAgent({ model: saying("Hi!"), tools: [] });
    const json_schema = { name: "form", schema: { type: "object" } };
    for (const [param, value] of Object.entries({
      tools: [{ type: "function", function: { name: "f" } }],
      response_format: { type: "json_schema", json_schema },
    })) {
      for (const options of [{ graphs: { agent } }, { models: { agent } }]) {
        const reply = await send(options, { [param]: value });
        expect(reply.status).toBe(400);
        expect(await reply.json()).toMatchObject({ error: { param, code: "unsupported_parameter" } });
      }
    }
  });

  it("that such a graph never hears are named", async () => {
    const agent = createAgent({ model: saying("{}"), tools: [] });
    const unheard = { temperature: 0, stop: "x", response_format: { type: "json_object" } };
    const { ignored } = await orchestrationOf(send({ graphs: { agent } }, unheard));
    expect(ignored).toEqual(["temperature", "stop", "response_format"]);
  });
});
