import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failWith, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { azure, gemini, hear, openai } from "./clients.js";

describe("startLoopbackServer › abort", () => {
  let server: LoopbackServer;
  let controller: AbortController;
  beforeEach(async () => {
    server = await startLoopbackServer({ reply: failWith.hang() });
    controller = new AbortController();
  });
  afterEach(() => server.close());

  it("sees a plain call of ChatOpenAI go away", async () => {
    const call = openai(server).invoke("Hi", { signal: controller.signal });
    await server.received(1);
    expect(server.requests[0]).toMatchObject({ aborted: false });
    expect(server.requests[0]?.endedAt).toBeUndefined();
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await server.settled();
    expect(server.requests[0]).toMatchObject({ aborted: true, endedAt: expect.any(Number) });
  });

  it("sees a client that loses patience before a slow answer", async () => {
    server.reply("gemini-x", { text: "Too late.", delayMs: 60_000 });
    const listening = hear(gemini(server).model.stream("Hi", { signal: controller.signal }));
    await server.received(1);
    controller.abort(new Error("too slow"));
    expect(await listening).toMatchObject({ texts: [], error: { message: "too slow" } });
    await server.settled();
    expect(server.requests[0]?.aborted).toBe(true);
  });

  it("sees a client that loses patience before the first token", async () => {
    server.reply("az-x", { text: "Too late.", firstTokenDelayMs: 60_000 });
    const listening = hear(azure(server).stream("Hi", { signal: controller.signal }));
    await server.received(1);
    controller.abort(new Error("no token yet"));
    expect(await listening).toMatchObject({ texts: [], error: { message: "no token yet" } });
    await server.settled();
    expect(server.requests[0]?.aborted).toBe(true);
  });

  it("sees a stalled stream of OpenAI and of Gemini aborted after its first piece", async () => {
    const streams = [openai(server), gemini(server).model].map(async (model) => {
      server.reply(model.model, failWith.hang({ afterChunks: 1, text: "abcd" }));
      const heard: string[] = [];
      for await (const { text } of await model.stream("Hi", { signal: controller.signal })) {
        if (text === "") continue;
        heard.push(text);
        if (heard.length === 1) await server.received(2);
        controller.abort(new Error("stalled"));
      }
      return heard;
    });
    const ends = await Promise.allSettled(streams);
    expect(ends).toMatchObject([{ reason: { message: "stalled" } }, { reason: { message: "stalled" } }]);
    await server.settled();
    expect(server.requests.map((request) => request.aborted)).toEqual([true, true]);
  });

  it("sees ChatOpenAI break out of a stream", async () => {
    server.reply("gpt-x", failWith.hang({ afterChunks: 1 }));
    for await (const { text } of await openai(server).stream("Hi")) if (text !== "") break;
    await server.settled();
    expect(server.requests[0]?.aborted).toBe(true);
  });

  it("does not see ChatGoogleGenerativeAI break out of a stream or abort a plain call, because it does not", async () => {
    server.reply("gemini-x", failWith.hang({ afterChunks: 1 }), failWith.hang());
    const { model } = gemini(server);
    for await (const { text } of await model.stream("Hi")) if (text !== "") break;
    const call = model.invoke("Hi", { signal: controller.signal });
    await server.received(2);
    controller.abort();
    await Promise.all([expect(call).rejects.toThrow("fetch failed"), server.close()]);
    expect(server.requests.map((request) => request.aborted)).toEqual([false, false]);
  });

  it("leaves a stream that was read to its end unaborted", async () => {
    server.reply("gpt-x", "All of it.");
    server.reply("gemini-x", "All of it.");
    await Promise.all([hear(openai(server).stream("Hi")), hear(gemini(server).model.stream("Hi"))]);
    await server.settled();
    expect(server.requests.map((request) => request.aborted)).toEqual([false, false]);
  });
});
