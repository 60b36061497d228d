import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { callsOf, createFallback } from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

/** Keeps the thread busy until a limit is over, as a loaded machine does, and lets the request go only then. */
const busyFetch: typeof fetch = (...request) => {
  const end = performance.now() + 60;
  while (performance.now() < end);
  return fetch(...request);
};

describe("the ledger", () => {
  it("has a line for a request that a time-out ended before it left, which the upstream never received", async () => {
    const configuration = { baseURL: server.openaiUrl, fetch: busyFetch };
    const model = new ChatOpenAI({ model: "gpt-x", apiKey: "none", configuration });
    const graph = createFallback({ models: { only: { model, timeout: 30, retry: false } } }).compile();
    const error = await graph.invoke({ messages: "Hi" }).catch((thrown: unknown) => thrown);
    expect(callsOf(error)).toMatchObject([{ status: "timeout", estimated: true }]);
    await server.settled();
    expect(server.requests).toEqual([]);
  });
});
