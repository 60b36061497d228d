// The endpoint in a process of its own, beside an endpoint somebody would write by hand over the same client.
import { ChatOpenAI } from "@langchain/openai";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { asChatModel, createFallback } from "langgraph-multimodel";
import { createApp, serve } from "langgraph-multimodel/server";
import type { ServerQuestion, ServerReady, ServerState } from "./server-protocol.js";

const upstream = `http://127.0.0.1:${process.argv[2]}`;
const faulty = process.argv[3]!;
const chat = (baseURL: string) =>
  new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "none", maxRetries: 0, configuration: { baseURL } });
const up = { model: chat(`${upstream}/v1`), retry: false } as const;
const down = { model: chat(faulty), retry: false, timeout: 300 } as const;

/** The graph that `createApp` makes of a single model, called by a route of a few lines. */
const inProcess = asChatModel(createFallback({ models: { plain: up } }), { name: "plain" });

const byHand = new Hono();
byHand.post("/:way{by-hand|in-process}/chat/completions", async (context) => {
  const model = context.req.param("way") === "by-hand" ? up.model : inProcess;
  const { messages, stream } = await context.req.json();
  const { signal } = context.req.raw;
  const head = { id: "chatcmpl-1", created: 0, model: "by-hand" };
  if (!stream) {
    const { text } = await model.invoke(messages, { signal });
    const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
    return context.json({ ...head, object: "chat.completion", choices });
  }
  return streamSSE(context, async (events) => {
    for await (const { text } of await model.stream(messages, { signal })) {
      const choices = [{ index: 0, delta: { content: text }, finish_reason: null }];
      await events.writeSSE({ data: JSON.stringify({ ...head, object: "chat.completion.chunk", choices }) });
    }
    await events.writeSSE({ data: "[DONE]" });
  });
});
byHand.route(
  "/",
  createApp({
    models: { plain: up, down },
    graphs: { chain: createFallback({ models: { first: down, second: up } }) },
    onError: () => {}, // the failures are injected
  }),
);

const server = await serve(byHand, { port: 0 });
process.send?.({ url: server.url } satisfies ServerReady);
process.on("message", (question: ServerQuestion) => {
  if (question === "cpu") {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1_000);
    return;
  }
  globalThis.gc?.();
  globalThis.gc?.();
  const resources = process.getActiveResourcesInfo();
  const count = (kind: string) => resources.filter((resource) => resource === kind).length;
  process.send?.({
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    sockets: count("TCPSocketWrap"),
    timers: count("Timeout"),
  } satisfies ServerState);
});
process.on("disconnect", () => process.exit());
