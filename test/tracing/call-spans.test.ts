import { AIMessage } from "@langchain/core/messages";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import {
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  exactCache,
  judgeWith,
  type ModelCall,
  majorityVote,
} from "../../src/index.js";
import { openTelemetry } from "../../src/tracing/index.js";
import { httpError, saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";
import { memoryTraces } from "./support/traced.js";

const reply = {
  text: "Hello",
  chunks: 2,
  usage: { inputTokens: 1_000, outputTokens: 100 },
} as const;
const { openai } = useLoopback({ reply });
const price = { input: 2, output: 10 };

async function traced(run: (config: { callbacks: never[] }) => Promise<unknown>, content = false) {
  const { tracerProvider, spans } = memoryTraces();
  await run({ callbacks: [openTelemetry({ tracerProvider, content }) as never] });
  return (name: string) => spans().find((span) => span.name === name)!;
}

describe("openTelemetry › the span of a call", () => {
  it("has the numbers of its line in the ledger, by both conventions", async () => {
    let calls: readonly ModelCall[] = [];
    const graph = createFallback({
      models: { fast: { model: openai("gpt-4o-mini"), price, parameters: { temperature: 0.5 } } },
    });
    const span = await traced(async (config) => {
      calls = (
        await graph
          .compile()
          .invoke({ messages: "Hi" }, { ...config, context: { sessionId: "s-1", tags: ["nightly"] } })
      ).calls;
    });
    const [call] = calls;
    const { attributes, kind } = span("chat gpt-4o-mini");
    expect(kind).toBe(2);
    expect(attributes).toMatchObject({
      "openinference.span.kind": "LLM",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.request.temperature": 0.5,
      "gen_ai.usage.input_tokens": call!.usage!.inputTokens,
      "gen_ai.usage.output_tokens": call!.usage!.outputTokens,
      "llm.model_name": "gpt-4o-mini",
      "llm.token_count.prompt": 1_000,
      "llm.token_count.completion": 100,
      "llm.token_count.total": 1_100,
      "llm.cost.total": 0.003,
      "multimodel.entry": "fast",
      "multimodel.path": call!.path,
      "multimodel.role": "answer",
      "multimodel.attempt": 1,
      "multimodel.status": "ok",
      "multimodel.turn_id": call!.turnId,
      "session.id": "s-1",
      "tag.tags": ["nightly"],
      cost_usd: call!.costUsd,
      latency_ms: call!.latencyMs,
      tokens_used: 1_100,
    });
    expect(span("invoke_workflow createFallback").attributes).toMatchObject({
      ...{ "session.id": "s-1", "tag.tags": ["nightly"], cost_usd: 0.003, tokens_used: 1_100 },
    });
  });

  it("has the time to the first token when the run streams", async () => {
    const graph = createFallback({ models: { fast: openai("gpt-4o-mini") } }).compile();
    const span = await traced(async (config) => {
      for await (const _chunk of await graph.stream({ messages: "Hi" }, { ...config, streamMode: "messages" }));
    });
    expect(span("chat gpt-4o-mini").attributes["gen_ai.response.time_to_first_chunk"]).toBeGreaterThan(0);
  });

  it("has the class, the status and no key of an error", async () => {
    const limited = saying(httpError(429, "slow down sk-abcdefghijklmnopqrstuvwx123456"));
    const graph = createFallback({ models: { a: { model: limited, retry: false }, b: saying("B") } });
    const span = await traced((config) => graph.compile().invoke({ messages: "Hi" }, config));
    const { status, attributes, events } = span("chat a");
    expect(status.code).toBe(2);
    expect(attributes["error.type"]).toBe("rate_limit");
    expect(JSON.stringify([status, attributes, events])).not.toContain("sk-abcdef");
    expect(events.map(({ name }) => name)).toEqual(["exception"]);
    expect(span("invoke_workflow createFallback").status.code).toBe(0);
  });

  it("shows a hit of a cache as a call without tokens", async () => {
    const entry = { model: openai("gpt-4o-mini"), price, cache: exactCache({ ttlMs: 60_000 }) };
    const graph = createFallback({ models: { a: entry } }).compile();
    await graph.invoke({ messages: "Hi" });
    const span = await traced((config) => graph.invoke({ messages: "Hi" }, config));
    expect(span("chat gpt-4o-mini").attributes).toMatchObject({ "multimodel.status": "cached", cost_usd: 0 });
    expect(span("chat gpt-4o-mini").attributes).not.toHaveProperty("gen_ai.usage.input_tokens");
  });

  it("prices calls of an agent that no pattern contains", async () => {
    const agent = createAgent({ model: openai("gpt-4o-mini"), tools: [], name: "helper" });
    const span = await traced((config) => agent.invoke({ messages: "Hi" } as never, config));
    expect(span("chat gpt-4o-mini").attributes).toMatchObject({
      ...{ "gen_ai.usage.input_tokens": 1_000, "gen_ai.provider.name": "openai", "multimodel.entry": "model_request" },
    });
    expect(span("chat gpt-4o-mini").attributes.cost_usd).toBeGreaterThan(0);
  });
});

describe("openTelemetry › decisions", () => {
  it("stand on the spans of their nodes with candidates, scores, threshold and reason", async () => {
    const route = async () => ({
      name: "large",
      reason: "it is hard",
      scores: { large: 0.9, small: 0.1 },
      threshold: 0.5,
    });
    const models = { small: saying("small"), large: saying("large") };
    const span = await traced((config) =>
      createRouter({ models, route: route as never })
        .compile()
        .invoke({ messages: "Hi" }, config),
    );
    expect(span("routing_decision").attributes).toMatchObject({
      "graph.node.id": "router",
      "multimodel.decisions.0.kind": "route",
      "multimodel.decisions.0.chosen": "large",
      "multimodel.decisions.0.candidates": ["small", "large"],
      "multimodel.decisions.0.scores.large": 0.9,
      "multimodel.decisions.0.scores.small": 0.1,
      "multimodel.decisions.0.reason": "it is hard",
    });
  });

  it("name the verification and the aggregation", async () => {
    const models = { a: saying("yes"), b: saying("yes") };
    const vote = await traced((config) =>
      createEnsemble({ models, aggregate: majorityVote() }).compile().invoke({ messages: "Hi" }, config),
    );
    expect(vote("result_aggregation").attributes).toMatchObject({ "multimodel.decisions.0.kind": "vote" });
    const judged = await traced((config) =>
      createCascade({ models: { a: saying("A"), b: saying("B") }, verify: judgeWith(saying("9/10")) })
        .compile()
        .invoke({ messages: "Hi" }, config),
    );
    expect(judged("verification").attributes).toMatchObject({
      "multimodel.decisions.0.kind": "accept",
      "multimodel.decisions.0.chosen": "a",
    });
  });
});

describe("openTelemetry › contents", () => {
  const key = "sk-proj-abcdefghijklmnopqrstuvwx1234567890";
  const graph = () => createFallback({ models: { a: saying(new AIMessage(`the key is ${key}`)) } }).compile();
  const question = { messages: `my question, with ${key}` };

  it("are left out", async () => {
    const { tracerProvider, spans } = memoryTraces();
    await graph().invoke(question, { callbacks: [openTelemetry({ tracerProvider })] });
    expect(JSON.stringify(spans().map(({ attributes, events }) => [attributes, events]))).not.toMatch(
      /question|the key is/,
    );
  });

  it("stand there without keys when they are wanted", async () => {
    const span = await traced((config) => graph().invoke(question, config), true);
    const { attributes } = span("chat a");
    expect(attributes["llm.input_messages.0.message.role"]).toBe("user");
    expect(attributes["llm.input_messages.0.message.content"]).toMatch(/^my question, with /);
    expect(attributes["llm.output_messages.0.message.content"]).toMatch(/^the key is /);
    const [given] = JSON.parse(String(attributes["gen_ai.input.messages"]));
    expect(given).toMatchObject({ role: "user", parts: [{ type: "text" }] });
    expect(JSON.parse(String(attributes["gen_ai.output.messages"]))[0]).toMatchObject({
      ...{ role: "assistant", finish_reason: "stop" },
    });
    expect(span("invoke_workflow createFallback").attributes["input.value"]).toMatch(/^my question/);
    expect(span("invoke_workflow createFallback").attributes["output.value"]).toMatch(/^the key is/);
    expect(JSON.stringify(attributes)).not.toContain("abcdefghijkl");
  });
});

describe("openTelemetry › options", () => {
  it("are checked", () => {
    expect(() => openTelemetry({ traceProvider: {} } as never)).toThrow(/traceProvider.*tracerProvider/);
    expect(() => openTelemetry({ tracerProvider: {} } as never)).toThrow(/TracerProvider/);
    expect(() => openTelemetry({ content: "yes" } as never)).toThrow(/true or false/);
  });
});
