import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { CallbackHandler } from "@langfuse/langchain";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { setLangfuseTracerProvider } from "@langfuse/tracing";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { Client } from "langsmith";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFallback, createRouter } from "../../src/index.js";
import { openTelemetry } from "../../src/tracing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { openai } = useLoopback({ reply: { text: "Hello", usage: { inputTokens: 1_000, outputTokens: 100 } } });
let url = "";
let sent: { path: string; body: string }[] = [];
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  const body = (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
  sent.push({ path: request.url ?? "", body });
  response.setHeader("content-type", "application/json").end("{}");
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => void server.close());

/** A run or span as JSON, in a form of its receiver's own. */
// biome-ignore lint/suspicious/noExplicitAny: read by path, and compared
type Sent = Record<string, any>;

const price = { input: 2, output: 10 };
const settings = { sessionId: "session-7", tags: ["nightly"] };
/** A router whose answer costs 1,000 × $2 and 100 × $10 a million. */
const graph = () =>
  createRouter({
    models: { fast: { model: openai("gpt-4o-mini"), price }, slow: openai("gpt-4o") },
    route: () => "fast",
  }).compile();
const costUsd = 0.003;

describe("a run in LangSmith", () => {
  it("has entries, cost, decisions and session as the ledger has", async () => {
    sent = [];
    const client = new Client({ apiUrl: url, apiKey: "lsv2_none", autoBatchTracing: false });
    const run = await graph().invoke(
      { messages: "Hi" },
      { callbacks: [new LangChainTracer({ client })], context: settings },
    );
    await awaitAllCallbacks();
    await client.awaitPendingTraceBatches();
    const merged = new Map<string, Sent>();
    for (const { path, body } of sent) {
      const version = JSON.parse(body); // a run is sent as it begins, and to its own path as it ends
      const id = version.id ?? path.split("/").at(-1);
      merged.set(id, { ...merged.get(id), ...version, id });
    }
    const named = (name: string) => [...merged.values()].find((each) => each.name === name)!;
    expect(run.calls[0]!.costUsd).toBe(costUsd);
    const call = named("ChatOpenAI");
    expect(call.id).toBe(run.calls[0]!.id);
    expect(call.extra.metadata).toMatchObject({ multimodel_entry: "fast", session_id: "session-7" });
    expect(call.outputs.usage_metadata).toMatchObject({ input_tokens: 1_000, output_tokens: 100, total_cost: costUsd });
    expect(named("router").outputs.decisions).toEqual(run.decisions);
    expect(named("createRouter").extra.metadata.session_id).toBe("session-7");
    expect(named("createRouter").tags).toContain("nightly");
    expect(named("createRouter").outputs.calls).toEqual(run.calls);
  });
});

describe("a run in Langfuse", () => {
  async function observed(callbacks: () => never[], provider: BasicTracerProvider) {
    sent = [];
    const run = await graph().invoke({ messages: "Hi" }, { callbacks: callbacks(), context: settings });
    await awaitAllCallbacks();
    await provider.forceFlush();
    const spans = sent
      .flatMap(({ body }) => JSON.parse(body).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }: { spans: unknown[] }) => spans)) as Sent[];
    const attributesOf = (name: string) =>
      Object.fromEntries(
        spans
          .find((span) => span.name === name)!
          .attributes.map(({ key, value }: { key: string; value: object }) => [key, Object.values(value)[0]]),
      );
    return { run, attributesOf };
  }
  const provider = () =>
    new BasicTracerProvider({
      spanProcessors: [
        new LangfuseSpanProcessor({
          publicKey: "pk-none",
          secretKey: "sk-none",
          baseUrl: url,
          exportMode: "immediate",
        }),
      ],
    });

  it("has them from Langfuse's own handler", async () => {
    const tracerProvider = provider();
    setLangfuseTracerProvider(tracerProvider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()); // Langfuse passes the session on in it
    try {
      const { run, attributesOf } = await observed(() => [new CallbackHandler() as never], tracerProvider);
      const call = attributesOf("ChatOpenAI");
      expect(JSON.parse(call["langfuse.observation.cost_details"])).toEqual({ total: costUsd });
      expect(call["langfuse.observation.metadata.multimodel_entry"]).toBe("fast");
      expect(JSON.parse(attributesOf("router")["langfuse.observation.metadata.decisions"])).toEqual(run.decisions);
      expect(attributesOf("createRouter")["session.id"]).toBe("session-7");
    } finally {
      setLangfuseTracerProvider(null);
      context.disable();
    }
  });

  it("has them from ours over Langfuse's exporter", async () => {
    const tracerProvider = provider();
    const { run, attributesOf } = await observed(() => [openTelemetry({ tracerProvider }) as never], tracerProvider);
    const call = attributesOf("chat gpt-4o-mini");
    expect(call).toMatchObject({ "multimodel.entry": "fast", "gen_ai.usage.cost": costUsd, "session.id": "session-7" });
    expect(attributesOf("routing_decision")["multimodel.decisions.0.chosen"]).toBe(run.decisions[0]!.chosen);
    expect(attributesOf("invoke_workflow createRouter")["session.id"]).toBe("session-7");
  });
});

it("says nothing to them of a call without a price", async () => {
  sent = [];
  const client = new Client({ apiUrl: url, apiKey: "lsv2_none", autoBatchTracing: false });
  await createFallback({ models: { a: { model: openai("unheard-of"), price: null } } })
    .compile()
    .invoke({ messages: "Hi" }, { callbacks: [new LangChainTracer({ client })] });
  await awaitAllCallbacks();
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.filter(({ body }) => body.includes("total_cost"))).toEqual([]);
});
