import { AIMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCascade, InvalidOptionError, logprobs } from "../../src/index.js";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { saying } from "../support/fakes.js";

const judge = (response_metadata: Record<string, unknown>, options = {}) => {
  const answer = new AIMessage({ content: "x", response_metadata });
  return logprobs(options)({ messages: [], answer, candidates: [], ask: undefined as never, state: {}, config: {} });
};
const openai = (...values: number[]) => ({ logprobs: { content: values.map((logprob) => ({ token: "t", logprob })) } });

describe("logprobs", () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await startLoopbackServer();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    return server.close();
  });

  it("takes the geometric mean or the least likely token, and passes a score at the threshold", async () => {
    expect(await judge(openai(Math.log(0.9), Math.log(0.4)))).toMatchObject({
      pass: false,
      score: expect.closeTo(0.6, 10),
    });
    expect(await judge(openai(Math.log(0.9), Math.log(0.4)), { reduce: "min" })).toMatchObject({
      score: expect.closeTo(0.4, 10),
    });
    expect(await judge(openai(0, 0), { threshold: 1 })).toMatchObject({ pass: true, score: 1 });
  });

  it("reads Gemini's shapes", async () => {
    const chosenCandidates = [{ logProbability: Math.log(0.5) }, { logProbability: Math.log(0.5) }];
    expect(await judge({ logprobsResult: { chosenCandidates } })).toMatchObject({ score: expect.closeTo(0.5, 10) });
    expect(await judge({ avgLogprobs: Math.log(0.7) })).toMatchObject({ score: expect.closeTo(0.7, 10) });
    expect(await judge({ avgLogprobs: Math.log(0.7) }, { reduce: "min" })).not.toHaveProperty("score");
  });

  it("does not pass an answer without log-probabilities", async () => {
    for (const none of [
      {},
      { logprobs: null },
      { logprobs: { content: null } },
      openai(Number.NaN),
      { logprobs: { content: [] } },
    ]) {
      const verdict = await judge(none);
      expect(verdict.pass).toBe(false);
      expect(verdict).not.toHaveProperty("score");
    }
  });

  it.each(["invoke", "stream"] as const)("climbs on unlikely tokens of the real client (%s)", async (mode) => {
    server.reply("unsure", {
      text: "maybe",
      logprobs: [
        { token: "may", logprob: -2 },
        { token: "be", logprob: -0.1 },
      ],
    });
    const small = new ChatOpenAI({
      model: "unsure",
      apiKey: "none",
      logprobs: true,
      configuration: { baseURL: server.openaiUrl },
    });
    const graph = createCascade({ models: { small, large: saying("sure") }, verify: logprobs() }).compile();
    let result = mode === "invoke" ? await graph.invoke({ messages: "Q" }) : undefined;
    if (mode === "stream") {
      for await (const [kind, chunk] of await graph.stream({ messages: "Q" }, { streamMode: ["values", "messages"] })) {
        if (kind === "values") result = chunk as typeof result;
      }
    }
    expect(result!.candidates[0]!.verdict!.score).toBeCloseTo(Math.exp(-1.05), 6);
    expect(result!.modelUsed).toBe("large");
  });

  it("climbs on the mean that the real client of Gemini passes on", async () => {
    const candidate = {
      content: { role: "model", parts: [{ text: "maybe" }] },
      finishReason: "STOP",
      avgLogprobs: Math.log(0.6),
    };
    const body = `data: ${JSON.stringify({ candidates: [candidate] })}\r\n\r\n`;
    const fetching = vi
      .spyOn(globalThis, "fetch")
      .mockImplementation(async () => new Response(body, { headers: { "content-type": "text/event-stream" } }));
    const small = providers.ChatGoogleGenerativeAI(server, "unsure");
    const graph = createCascade({ models: { small, large: saying("sure") }, verify: logprobs() }).compile();
    const result = await graph.invoke({ messages: "Q" });
    expect(fetching).toHaveBeenCalledTimes(1);
    expect(result.candidates[0]!.verdict!.score).toBeCloseTo(0.6, 6);
    expect(result.modelUsed).toBe("large");
  });

  it("refuses a threshold off its scale", () => {
    expect(() => logprobs({ threshold: 1.1 })).toThrow(InvalidOptionError);
    expect(() => logprobs({ reduce: "max" as never })).toThrow(InvalidOptionError);
  });
});
