import { createAgent } from "langchain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  asChatModel,
  createCascade,
  createEnsemble,
  createFallback,
  judgeWith,
  majorityVote,
} from "../../src/index.js";
import { type AppOptions, createApp } from "../../src/server/index.js";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { asks } from "./serving.js";

const send = async (options: AppOptions, body: object) => {
  const reply = await createApp({ onError: () => {}, ...options }).request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: asks("Hi"), ...body }),
  });
  expect(reply.status).toBe(200);
  return (await reply.json()) as { orchestration: { ignored?: readonly string[] } };
};
const wanted = { temperature: 0.3, max_tokens: 50, seed: 7, stop: ["END"], reasoning_effort: "low", top_p: 0.5 };

describe("settings of a request for a graph", () => {
  let upstream: LoopbackServer;
  beforeAll(async () => {
    upstream = await startLoopbackServer({ reply: "Hello!" });
    upstream.reply("judge-1", "Score: 9");
  });
  afterAll(() => upstream.close());
  const chat = (id: string) => providers.ChatOpenAI(upstream, id);
  const sentTo = (id: string) => upstream.requests.findLast(({ model }) => model === id)!.body;

  it("reach the models that may give its answer, and not its judge", async () => {
    const graph = createCascade({ models: { a: chat("a-1"), b: chat("b-1") }, verify: judgeWith(chat("judge-1")) });
    const { orchestration } = await send({ graphs: { graph } }, wanted);
    expect(orchestration.ignored).toBeUndefined();
    expect(sentTo("a-1")).toMatchObject(wanted);
    expect(Object.keys(sentTo("judge-1"))).not.toEqual(expect.arrayContaining(["seed"]));
    expect(sentTo("judge-1").max_tokens).toBeUndefined();
    await send({ graphs: { graph } }, {});
    expect(sentTo("a-1")).not.toHaveProperty("seed"); // those of one request are not the next one's
  });

  it("reach every lane of a vote, and patterns below", async () => {
    const inner = createFallback({ models: { a: chat("a-2") } });
    const bound = asChatModel(createFallback({ models: { c: chat("c-2") } })).withConfig({ stop: ["own"] });
    const graph = createEnsemble({
      models: { inner, b: chat("b-2"), bound },
      aggregate: majorityVote(),
      stopEarly: false,
    });
    await send({ graphs: { graph } }, wanted);
    for (const id of ["a-2", "b-2", "c-2"]) expect(sentTo(id)).toMatchObject({ temperature: 0.3, seed: 7 });
  });

  it("are ignored by models that have none, and named", async () => {
    const gemini = providers.ChatGoogleGenerativeAI(upstream, "g-1");
    const agent = createAgent({ model: chat("agent-1"), tools: [] });
    const graph = createFallback({ models: { gemini } });
    const { orchestration } = await send({ graphs: { graph } }, { ...wanted, frequency_penalty: 1 });
    expect(orchestration.ignored).toEqual(["frequency_penalty", "seed", "reasoning_effort"]);
    expect(upstream.requests.at(-1)!.body).toMatchObject({
      generationConfig: { temperature: 0.3, maxOutputTokens: 50 },
    });
    const behind = createFallback({ models: { agent } });
    const { ignored } = (await send({ graphs: { behind } }, { temperature: 0.3, seed: 7 })).orchestration;
    expect(ignored).toEqual(["temperature", "seed"]);
  });

  it("of a model with limits of its own take their place", async () => {
    const model = { model: chat("own-1"), parameters: { maxTokens: 500, temperature: 1 } };
    await send({ graphs: { graph: createFallback({ models: { model } }) } }, { max_tokens: 50 });
    expect(sentTo("own-1")).toMatchObject({ max_tokens: 50, temperature: 1 });
  });
});
