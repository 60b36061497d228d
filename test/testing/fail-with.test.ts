import { getRetryable } from "@langchain/core/errors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failWith, type LoopbackServer, type Reply, startLoopbackServer } from "../../src/testing/index.js";
import { azure, facts, gemini, hear, openai } from "./clients.js";

const google = (status: number, message: string, more: Record<string, unknown> = {}) => ({
  class: "GoogleGenerativeAIFetchError",
  status,
  message: expect.stringContaining(message),
  ...more,
});
const reason = (name: string) => expect.arrayContaining([expect.objectContaining({ reason: name })]);
const rpc = (type: string) => expect.objectContaining({ "@type": `type.googleapis.com/google.rpc.${type}` });

const refusals: Record<string, { reply: Reply; openai: object; azure?: object; gemini: object }> = {
  "failWith.rateLimit() as 429": {
    reply: failWith.rateLimit(),
    openai: { class: "RateLimitError", name: "RateLimitCapacityError", status: 429, code: "rate_limit_exceeded" },
    azure: { class: "RateLimitError", name: "RateLimitCapacityError", status: 429, code: "429" },
    gemini: google(429, "Resource has been exhausted", { name: "RateLimitCapacityError" }),
  },
  "failWith.rateLimit() with a wait as 429 that says how long": {
    reply: failWith.rateLimit({ retryAfter: "7" }),
    openai: { class: "RateLimitError", name: "Error", status: 429, message: expect.stringContaining("in 7s.") },
    azure: { class: "RateLimitError", name: "Error", status: 429, message: expect.stringContaining("after 7 seconds") },
    gemini: google(429, "You exceeded your current quota", {
      name: "RateLimitQuotaExhaustedError",
      errorDetails: [rpc("QuotaFailure"), { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "7s" }],
    }),
  },
  "failWith.quota() as 429 that no wait cures": {
    reply: failWith.quota(),
    openai: { class: "RateLimitError", name: "InsufficientQuotaError", status: 429, code: "insufficient_quota" },
    gemini: google(429, "You exceeded your current quota", { errorDetails: [rpc("QuotaFailure")] }),
  },
  "failWith.authentication() as 401, Gemini as 400": {
    reply: failWith.authentication(),
    openai: { class: "AuthenticationError", status: 401, code: "invalid_api_key" },
    azure: { class: "AuthenticationError", status: 401, code: "401" },
    gemini: google(400, "API key not valid", { errorDetails: reason("API_KEY_INVALID") }),
  },
  "failWith.permission() as 403": {
    reply: failWith.permission(),
    openai: { class: "PermissionDeniedError", status: 403 },
    gemini: google(403, "reported as leaked"),
  },
  "failWith.contextOverflow() as ContextOverflowError, Gemini as a plain 400": {
    reply: failWith.contextOverflow(),
    openai: {
      class: "ContextOverflowError",
      status: undefined,
      cause: expect.objectContaining({ status: 400, code: "context_length_exceeded" }),
    },
    gemini: google(400, "exceeds the maximum number of tokens allowed"),
  },
  "failWith.unknownModel() as 404": {
    reply: failWith.unknownModel(),
    openai: { class: "NotFoundError", status: 404, code: "model_not_found" },
    azure: { class: "NotFoundError", status: 404, code: "DeploymentNotFound" },
    gemini: google(404, "models/gemini-x is not found"),
  },
  "failWith.badRequest() as 400": {
    reply: failWith.badRequest(),
    openai: { class: "BadRequestError", status: 400 },
    gemini: google(400, "temperature"),
  },
  "failWith.badRequest() with another status": {
    reply: failWith.badRequest({ status: 422, message: "Cannot process that." }),
    openai: { class: "UnprocessableEntityError", status: 422, message: "422 Cannot process that." },
    gemini: google(422, "Cannot process that."),
  },
  "failWith.server() as 500": {
    reply: failWith.server(),
    openai: { class: "InternalServerError", status: 500 },
    gemini: google(500, "An internal error has occurred"),
  },
  "failWith.server() with status 503 as overload": {
    reply: failWith.server({ status: 503 }),
    openai: { class: "InternalServerError", status: 503, message: expect.stringContaining("overloaded") },
    gemini: google(503, "overloaded"),
  },
  "a bare status as what it stands for": {
    reply: { error: { status: 402 } },
    openai: { class: "APIError", status: 402, code: "insufficient_quota" },
    gemini: google(402, "You exceeded your current quota"),
  },
  "an error in the caller's own words": {
    reply: { error: { status: 418, code: "teapot", type: "kitchen_error", message: "Short and stout." } },
    openai: { class: "APIError", status: 418, code: "teapot", message: "418 Short and stout." },
    gemini: google(418, "Short and stout."),
  },
  "failWith.reset() as a connection error": {
    reply: failWith.reset(),
    openai: { class: "APIConnectionError", status: undefined, message: "Connection error." },
    gemini: { class: "GoogleGenerativeAIError", status: undefined, message: expect.stringContaining("fetch failed") },
  },
};

describe("failWith", () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await startLoopbackServer();
  });
  afterEach(() => server.close());

  for (const [what, expected] of Object.entries(refusals)) {
    it(`shows the clients ${what}, plain and streamed`, async () => {
      for (const model of ["gpt-x", "az-x", "gemini-x"]) server.reply(model, expected.reply);
      const clients = { openai: openai(server), azure: azure(server), gemini: gemini(server).model };
      for (const [name, client] of Object.entries(clients)) {
        const wanted = name === "gemini" ? expected.gemini : (name === "azure" && expected.azure) || expected.openai;
        const plain = await client.invoke("Hi").catch(facts);
        const streamed = await hear(client.stream("Hi"));
        expect(plain, `${name}, plain`).toMatchObject(wanted);
        expect(facts(streamed.error), `${name}, streamed`).toMatchObject(wanted);
      }
      expect(server.requests, "clients did not retry").toHaveLength(6);
    });
  }

  it("puts the wait into a header for OpenAI, and an HTTP date into RetryInfo for Gemini", async () => {
    const date = new Date(Date.now() + 30_000).toUTCString();
    server.reply("gpt-x", failWith.rateLimit({ retryAfter: date, headers: { "x-ratelimit-remaining-requests": "0" } }));
    server.reply("gemini-x", failWith.rateLimit({ retryAfter: date }));
    const error = await openai(server).invoke("Hi").catch(Object);
    expect(error.headers.get("retry-after")).toBe(date);
    expect(error.headers.get("x-ratelimit-remaining-requests")).toBe("0");
    const { errorDetails } = facts(await gemini(server).model.invoke("Hi").catch(Object));
    expect(JSON.stringify(errorDetails)).toMatch(/"retryDelay":"(29|30)s"/);
  });

  it("is stamped by the clients with what may be retried", async () => {
    server.reply("gpt-x", failWith.rateLimit(), failWith.quota(), failWith.authentication(), failWith.server());
    const stamps = [];
    for (let call = 0; call < 4; call++) stamps.push(getRetryable(await openai(server).invoke("Hi").catch(Object)));
    expect(stamps).toEqual([true, false, false, undefined]);
  });

  it("waits before it fails, if asked", async () => {
    server.reply("gpt-x", failWith.server({ delayMs: 20 }));
    await expect(openai(server).invoke("Hi")).rejects.toMatchObject({ status: 500 });
    await server.settled();
    const { startedAt = 0, endedAt = 0 } = server.requests[0] ?? {};
    expect(endedAt - startedAt).toBeGreaterThanOrEqual(15);
  });

  it("blocks a prompt: 400 at OpenAI and Azure, no candidates at Gemini, whose stream then is empty", async () => {
    for (const model of ["gpt-x", "az-x", "gemini-x"]) server.reply(model, failWith.contentFilter());
    const blocked = { class: "BadRequestError", status: 400, code: "content_filter" };
    for (const client of [openai(server), azure(server)]) {
      expect(facts(await client.invoke("Hi").catch(Object))).toMatchObject(blocked);
      expect(facts((await hear(client.stream("Hi"))).error)).toMatchObject(blocked);
    }
    await expect(gemini(server).model.invoke("Hi")).rejects.toMatchObject({
      name: "EmptyContentError",
      blockReason: "PROHIBITED_CONTENT",
    });
    expect(await hear(gemini(server).model.stream("Hi"))).toEqual({ texts: [], whole: undefined, error: undefined });
  });

  it("blocks an answer: a finish reason at OpenAI, no content at Gemini, whose stream then does not say so", async () => {
    const reply = failWith.filteredAnswer({ text: "It is" });
    for (const model of ["gpt-x", "gemini-x"]) server.reply(model, reply);
    const answer = await openai(server).invoke("Hi");
    expect(answer.response_metadata.finish_reason).toBe("content_filter");
    await expect(gemini(server).model.invoke("Hi")).rejects.toMatchObject({ finishReason: "SAFETY" });
    const { texts, whole } = await hear(gemini(server).model.stream("Hi"));
    expect(texts.join("")).toBe("It is");
    expect(whole?.response_metadata.finishReason).toBeUndefined();
  });

  it("refuses: ChatOpenAI loses the words, Gemini has only words", async () => {
    for (const model of ["gpt-x", "gemini-x"]) server.reply(model, failWith.refusal("Never."));
    expect((await openai(server).invoke("Hi")).text).toBe("");
    expect((await hear(openai(server).stream("Hi"))).texts).toEqual([]);
    expect((await gemini(server).model.invoke("Hi")).text).toBe("Never.");
    expect((await hear(gemini(server).model.stream("Hi"))).texts).toEqual(["Never."]);
  });

  it("says nothing at all, and succeeds", async () => {
    for (const model of ["gpt-x", "gemini-x"]) server.reply(model, failWith.empty());
    expect(await openai(server).invoke("Hi")).toMatchObject({ content: "", tool_calls: [] });
    expect(await gemini(server).model.invoke("Hi")).toMatchObject({ content: [], tool_calls: [] });
    for (const client of [openai(server), gemini(server).model]) {
      expect(await hear(client.stream("Hi"))).toMatchObject({ texts: [], error: undefined });
    }
  });
});
