import { createRequire } from "node:module";

// the package as it is built, with the clients of this repository behind it: those that are driven have none of them
const require = createRequire(new URL("../../package.json", import.meta.url));
const { ChatOpenAI } = require("@langchain/openai");
const { check, createCascade, createFallback } = require("langgraph-multimodel");
const { serve } = require("langgraph-multimodel/server");
const { startLoopbackServer } = require("langgraph-multimodel/testing");

/** A conversation of one question. */
export const asks = (content) => [{ role: "user", content }];

/** Starts the endpoint over a scripted provider: a chain that streams, and a ladder whose draft is never good enough. */
export async function startServing() {
  const upstream = await startLoopbackServer();
  const model = (name) => ({
    model: new ChatOpenAI({ model: name, apiKey: "sk-test-key", configuration: { baseURL: upstream.openaiUrl } }),
    retry: false,
    price: { input: 1, output: 2 },
  });
  upstream.reply("draft-1", "draft");
  const draft = model("draft-1");
  const strong = model("strong-1");
  const verify = check(({ answer }) => answer.text !== "draft");
  const graphs = {
    chain: createFallback({ models: { strong } }),
    ladder: createCascade({ models: { draft, strong }, verify }),
  };
  const told = [];
  const server = await serve({ graphs, models: { strong }, onError: (error) => told.push(error) }, { port: 0 });
  return {
    upstream,
    url: `${server.url}/v1`,
    says: (...replies) => upstream.reply("strong-1", ...replies),
    /** Requests of the strong model that came while something was done. */
    async sentBy(work) {
      const before = upstream.requests.length;
      await work();
      return upstream.requests.slice(before).filter((request) => request.model === "strong-1");
    },
    async close() {
      await server.close(0);
      await upstream.close();
    },
  };
}
