import { AIMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { allOf, check, createCascade, createQualityGate, InvalidOptionError, logprobs } from "../../src/index.js";
import { failWith, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
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

  it("says which probability it is", async () => {
    expect((await judge(openai(0))).reason).toBe("mean token probability 1.000, 0.8 passes");
    expect((await judge(openai(0), { reduce: "min" })).reason).toBe("lowest token probability 1.000, 0.8 passes");
  });

  it("leaves out what is no log-probability", async () => {
    const odd = openai(null as never, "-3" as never, 2, Math.log(0.9));
    expect(await judge(odd)).toMatchObject({ score: expect.closeTo(0.9, 10) });
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

  const tokens = [{ token: "yes", logprob: Math.log(0.9) }];
  const plain = (model: string, fields = {}) =>
    new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: server.openaiUrl }, ...fields });
  const sent = () => server.requests.map(({ body }) => (body as { readonly logprobs?: boolean }).logprobs);

  it("switches them on at the client, which stays as it is, also within allOf and for a bound client", async () => {
    server.reply("small", { text: "yes", logprobs: tokens });
    const small = plain("small");
    for (const [model, verify] of [
      [small, logprobs()],
      [
        small,
        allOf(
          check(() => true),
          logprobs(),
        ),
      ],
      [small.withConfig({ tags: ["bound"] }), logprobs()],
      [plain("small", { temperature: 0.3 }), logprobs()],
    ] as const) {
      const graph = createCascade({ models: { small: model, large: saying("sure") }, verify }).compile();
      const { modelUsed, confidence } = await graph.invoke({ messages: "Q" });
      expect([modelUsed, confidence!.toFixed(2)]).toEqual(["small", "0.90"]);
    }
    expect(sent()).toEqual([true, true, true, true]);
    expect(server.requests.at(-1)!.body).toMatchObject({ temperature: 0.3 });
    expect(small.logprobs).toBeUndefined();
  });

  it("says once why a model gives none", async () => {
    const answers = { text: "yes" };
    for (const name of ["o3-mini", "gemini"]) server.reply(name, answers);
    const google = providers.ChatGoogleGenerativeAI(server, "gemini");
    const models = { thinker: plain("o3-mini"), google, large: saying("sure") };
    const { decisions } = await createCascade({ models, verify: logprobs() }).compile().invoke({ messages: "Q" });
    const skips = decisions.filter(({ kind }) => kind === "skip").map(({ chosen, reason }) => `${chosen}: ${reason}`);
    expect(skips).toEqual([
      "thinker: no log-probabilities: models that reason give none",
      "google: no log-probabilities: its client has no switch for them",
      "large: no log-probabilities: its client has no switch for them",
    ]);
    const draft = saying("a", "b");
    const gate = await createQualityGate({ model: draft, verify: logprobs(), maxRevisions: 1 })
      .compile()
      .invoke({ messages: "Q" });
    expect(gate.decisions.filter(({ kind }) => kind === "skip")).toHaveLength(1);
  });

  it("asks a server that refuses them without, once and for all", async () => {
    server.reply("picky", failWith.badRequest({ message: "logprobs is not supported with this model" }), "yes", "yes");
    const graph = createCascade({
      models: { picky: plain("picky"), large: saying("sure", "sure") },
      verify: logprobs(),
    }).compile();
    for (const _run of [1, 2]) {
      const { decisions } = await graph.invoke({ messages: "Q" });
      expect(decisions[0]).toMatchObject({ kind: "skip", reason: "no log-probabilities: its server refused them" });
    }
    expect(sent()).toEqual([true, undefined, undefined]);
  });

  it("refuses a threshold off its scale", () => {
    expect(() => logprobs({ threshold: 1.1 })).toThrow(InvalidOptionError);
    expect(() => logprobs({ reduce: "max" as never })).toThrow(InvalidOptionError);
  });
});
