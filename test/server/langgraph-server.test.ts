import { existsSync } from "node:fs";
import { Client } from "@langchain/langgraph-sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { type LangGraphServer, startLangGraphServer } from "./langgraph-server.js";
import { asks } from "./serving.js";

/** What a user has in a project of theirs: a graph, and the app that serves it to clients of OpenAI's API. */
const filesOver = ({ openaiUrl }: LoopbackServer) => ({
  "langgraph.json": JSON.stringify({
    node_version: "20",
    graphs: { assistant: "./graph.ts:graph" },
    http: { app: "./app.ts:app" },
  }),
  "graph.ts": `
    import { ChatOpenAI } from "@langchain/openai";
    import { createFallback } from "langgraph-multimodel";
    const model = new ChatOpenAI({ model: "gpt-x", apiKey: "none", configuration: { baseURL: "${openaiUrl}" } });
    export const graph = createFallback({ models: { model } });
  `,
  "app.ts": `
    import { createApp } from "langgraph-multimodel/server";
    import { graph } from "./graph.ts";
    export const app = createApp({ graphs: { assistant: graph }, apiKeys: ["test-key"] });
  `,
});

describe.skipIf(!existsSync(new URL("../../dist/esm/server/index.js", import.meta.url)))(
  "http.app of LangGraph's server",
  () => {
    let upstream: LoopbackServer;
    let server: LangGraphServer;
    let client: OpenAI;
    beforeAll(async () => {
      upstream = await startLoopbackServer({ reply: "Hello from the graph" });
      server = await startLangGraphServer(filesOver(upstream));
      client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "test-key", maxRetries: 0 });
    }, 600_000);
    afterAll(async () => {
      await server?.stop();
      await upstream?.close();
    });

    it("answers the openai client, whole and streaming", async () => {
      const request = { model: "assistant", messages: asks("Hi") };
      const reply = await client.chat.completions.create(request);
      expect(reply.choices[0]!.message.content).toBe("Hello from the graph");
      expect(reply).toMatchObject({ orchestration: { modelUsed: "model", model: "gpt-x" } });
      const streamed = await client.chat.completions.stream(request).finalChatCompletion();
      expect(streamed.choices[0]!.message.content).toBe("Hello from the graph");
    });

    it("asks for its own key, and leaves the server's paths as they are", async () => {
      const stranger = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "wrong", maxRetries: 0 });
      await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
      const state = await new Client({ apiUrl: server.url }).runs.wait(null, "assistant", {
        input: { messages: [{ role: "user", content: "Hi" }] },
      });
      expect(state).toMatchObject({ modelUsed: "model" });
      expect((await fetch(`${server.url}/ok`)).status).toBe(200);
    });

    it("stops the model when the client goes away", async () => {
      upstream.reply("gpt-x", { fault: "hang", afterChunks: 1 });
      const stream = await client.chat.completions.create({ model: "assistant", messages: asks("Hi"), stream: true });
      for await (const { choices } of stream) if (choices[0]?.delta.content) break;
      await expect.poll(() => upstream.requests.at(-1)!.aborted).toBe(true);
    });
  },
);
