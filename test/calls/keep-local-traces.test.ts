import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { Client } from "langsmith";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createCascade, createFallback, judgeWith, keepLocal } from "../../src/index.js";
import { openTelemetry } from "../../src/tracing/index.js";
import { saying } from "../support/fakes.js";
import { memoryTraces } from "../tracing/support/traced.js";

let url = "";
const sent: string[] = [];
const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  sent.push((request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString("latin1"));
  response.setHeader("content-type", "application/json").end("{}");
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  process.env.LANGSMITH_ENDPOINT = url; // LangSmith reads its settings once
  process.env.LANGSMITH_API_KEY = "lsv2_none";
  process.env.LANGSMITH_DISABLE_RUN_COMPRESSION = "true";
});
afterAll(() => void server.close());

const secret = "4111-7777";
const asked = `My number is ${secret}.`;
const privacy = keepLocal({
  detect: (text) => text.includes(secret),
  allow: ({ tags }) => tags?.includes("local") === true,
});
const local = (...answers: readonly (string | Error)[]) => ({ model: saying(...answers), tags: ["local"] });
const inner = () =>
  createCascade({
    models: { far: saying("far"), near: local(`I heard ${secret}`) },
    verify: judgeWith({ ...local(`Score: 9, it names ${secret}`), retry: false }),
  });
const graph = (rule: typeof privacy | undefined) =>
  createFallback({
    models: { broken: { ...local(new Error(`refused ${secret}`)), retry: false }, inner: inner() },
    ...(rule && { privacy: rule }),
  }).compile();

it.each(["invoke", "stream"] as const)("gives spans no contents, with %s", async (how) => {
  const { tracerProvider, spans, reset } = memoryTraces();
  const callbacks = [openTelemetry({ tracerProvider, content: true })];
  const seen = () =>
    JSON.stringify(spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })));
  const run = async (rule: typeof privacy | undefined) => {
    const made = graph(rule);
    if (how === "invoke") await made.invoke({ messages: asked }, { callbacks });
    else for await (const _chunk of await made.stream({ messages: asked }, { callbacks }));
  };
  await run(undefined);
  expect(seen()).toContain(secret); // the test can fail
  reset();
  await run(privacy);
  expect(spans().length).toBeGreaterThan(4);
  expect(seen()).toContain("broken");
  expect(seen()).not.toContain(secret);
});

it.each(["given", "of the environment"])(
  "sends nothing of a graph with a rule to LangSmith's tracer, %s",
  async (from) => {
    const client = new Client({ apiUrl: url, apiKey: "lsv2_none", autoBatchTracing: false });
    if (from === "of the environment") vi.stubEnv("LANGSMITH_TRACING", "true");
    const callbacks = from === "given" ? { callbacks: [new LangChainTracer({ client })] } : {};
    const run = async (rule: typeof privacy | undefined, text: string) => {
      await graph(rule).invoke({ messages: text }, callbacks);
      for await (const _chunk of await graph(rule).stream({ messages: text }, callbacks));
      await awaitAllCallbacks();
    };
    sent.length = 0;
    await run(privacy, `${asked} with a rule`);
    await run(undefined, `${asked} without`);
    await vi.waitFor(() => expect(sent.join("")).toContain(`${asked} without`), 60_000); // the test can fail
    expect(sent.join("")).not.toContain("with a rule");
    vi.unstubAllEnvs();
  },
  120_000,
);
