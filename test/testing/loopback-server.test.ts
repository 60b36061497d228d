import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failWith, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { azure, gemini, KEY, openai } from "./clients.js";

describe("startLoopbackServer", () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await startLoopbackServer();
  });
  afterEach(() => server.close());

  it("answers with a sentence that says it is scripted", async () => {
    const answers = await Promise.all([openai(server).invoke("Hi"), gemini(server).model.invoke("Hi")]);
    expect(answers.map((answer) => answer.text)).toEqual([
      "This answer is scripted: no model was called.",
      "This answer is scripted: no model was called.",
    ]);
  });

  it("listens on 127.0.0.1 only, on a port of its own", async () => {
    await using other = await startLoopbackServer();
    expect(server.googleUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(server.openaiUrl).toBe(`${server.googleUrl}/v1`);
    expect(other.googleUrl).not.toBe(server.googleUrl);
  });

  it("rejects when the port is taken", async () => {
    const port = Number(new URL(server.googleUrl).port);
    await expect(startLoopbackServer({ port })).rejects.toThrow("EADDRINUSE");
  });

  it("gives each call the next reply of its model, and the last one again", async () => {
    server.reply("gpt-x", "one", "two");
    server.reply("gemini-x", "other");
    const model = openai(server);
    const texts = [];
    for (let call = 0; call < 3; call++) texts.push((await model.invoke("Hi")).text);
    expect(texts).toEqual(["one", "two", "two"]);
    expect((await gemini(server).model.invoke("Hi")).text).toBe("other");
  });

  it("lets a reply queued later replace the one that stayed", async () => {
    server.reply("gpt-x", "one");
    await openai(server).invoke("Hi");
    server.reply("gpt-x", "two");
    expect((await openai(server).invoke("Hi")).text).toBe("two");
  });

  it("asks a function for the reply, for all models or for one", async () => {
    await using talking = await startLoopbackServer({
      reply: ({ model, messages }) => `${model}: ${messages[0]?.text}`,
    });
    talking.reply("gemini-x", async (request) => ({ text: `${request.provider} ${request.stream}` }));
    expect((await openai(talking).invoke("Hi")).text).toBe("gpt-x: Hi");
    expect((await gemini(talking).model.invoke("Hi")).text).toBe("google false");
  });

  it("answers 500 with the message of a reply function that throws", async () => {
    server.reply("gpt-x", () => {
      throw new Error("no such fixture");
    });
    await expect(openai(server).invoke("Hi")).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining("no such fixture"),
    });
  });

  it("records who asked what, the same for every provider", async () => {
    const messages = [new SystemMessage("Be brief."), new HumanMessage("Hi")];
    await openai(server).invoke(messages);
    await azure(server).invoke(messages);
    await gemini(server).model.invoke(messages);
    const normalized = [
      { role: "system", text: "Be brief." },
      { role: "user", text: "Hi" },
    ];
    expect(
      server.requests.map(({ provider, model, messages, stream }) => ({ provider, model, messages, stream })),
    ).toEqual([
      { provider: "openai", model: "gpt-x", messages: normalized, stream: false },
      { provider: "openai", model: "az-x", messages: normalized, stream: false },
      { provider: "google", model: "gemini-x", messages: normalized, stream: false },
    ]);
  });

  it("stores no key, neither from headers nor from the query", async () => {
    await openai(server).invoke("Hi");
    await azure(server).invoke("Hi");
    await gemini(server).model.invoke("Hi");
    await fetch(`${server.googleUrl}/v1beta/models/gemini-x:generateContent?key=${KEY}&alt=json`, {
      method: "POST",
      body: "{}",
    });
    const [first, second, third, fourth] = server.requests;
    expect(first?.headers.authorization).toBe("[redacted]");
    expect(second?.headers["api-key"]).toBe("[redacted]");
    expect(third?.headers["x-goog-api-key"]).toBe("[redacted]");
    expect(fourth?.path).toBe("/v1beta/models/gemini-x:generateContent?key=[redacted]&alt=json");
    expect(JSON.stringify(server.requests)).not.toContain(KEY);
  });

  it("tells when each request began and ended", async () => {
    server.reply("gpt-x", { text: "late", delayMs: 20 });
    await openai(server).invoke("Hi");
    await server.settled();
    const { startedAt = 0, endedAt = 0, aborted } = server.requests[0] ?? {};
    expect(endedAt - startedAt).toBeGreaterThanOrEqual(15);
    expect(aborted).toBe(false);
  });

  it("serves two clients at once without mixing them", async () => {
    server.reply("gpt-x", (request) => `O ${request.messages[0]?.text}`);
    server.reply("gemini-x", (request) => ({ text: `G ${request.messages[0]?.text}`, chunkDelayMs: 1 }));
    const model = openai(server);
    const other = gemini(server).model;
    const asked = Array.from({ length: 20 }, (_, index) => String(index));
    const answers = await Promise.all(asked.flatMap((text) => [model.invoke(text), other.invoke(text)]));
    expect(answers.map((answer) => answer.text)).toEqual(asked.flatMap((text) => [`O ${text}`, `G ${text}`]));
    expect(server.requests).toHaveLength(40);
  });

  it("holds requests open at the same time", async () => {
    server.reply("gpt-x", async () => {
      await server.received(2);
      return "both are here";
    });
    const answers = await Promise.all([openai(server).invoke("1"), openai(server).invoke("2")]);
    expect(answers.map((answer) => answer.text)).toEqual(["both are here", "both are here"]);
  });

  it("does not speak other paths, methods and bodies, and says so", async () => {
    const refused = await Promise.all([
      fetch(`${server.openaiUrl}/responses`, { method: "POST", body: "{}" }),
      fetch(`${server.openaiUrl}/chat/completions`),
      fetch(`${server.openaiUrl}/chat/completions`, { method: "POST", body: "[1" }),
    ]);
    expect(refused.map((response) => response.status)).toEqual([404, 404, 404]);
    const bodies: unknown[] = await Promise.all(refused.map((response) => response.json()));
    expect(bodies[0]).toMatchObject({ error: { message: "The loopback server does not speak POST /v1/responses." } });
    expect(bodies[2]).toMatchObject({ error: { message: "The body of the request is not a JSON object." } });
    expect(server.requests).toEqual([]);
  });

  it("ends hanging requests when it is closed, and counts them as its own doing", async () => {
    server.reply("gpt-x", failWith.hang());
    const call = openai(server).invoke("Hi");
    await server.received(1);
    await Promise.all([expect(call).rejects.toThrow("Connection error."), server.close()]);
    await server.settled();
    expect(server.requests[0]).toMatchObject({ aborted: false, endedAt: expect.any(Number) });
  });

  it("refuses connections once it is closed, and may be closed twice", async () => {
    await server.close();
    await server.close();
    await expect(openai(server).invoke("Hi")).rejects.toThrow("Connection error.");
  });

  it("does not leave anyone waiting for requests that cannot come", async () => {
    const waiting = expect(server.received(1)).rejects.toThrow("closed after 0 of 1 requests");
    await server.close();
    await waiting;
  });
});
