import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { failWith, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { facts, gemini, hear, openai } from "./clients.js";

describe("failWith", () => {
  let server: LoopbackServer;
  beforeEach(async () => {
    server = await startLoopbackServer();
    vi.spyOn(console, "error").mockReturnValue();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await server.close();
  });

  it("cuts a plain answer in half", async () => {
    for (const model of ["gpt-x", "gemini-x"]) server.reply(model, failWith.cut());
    for (const client of [openai(server), gemini(server).model]) {
      expect(facts(await client.invoke("Hi").catch(Object))).toMatchObject({
        class: "TypeError",
        message: "terminated",
        cause: expect.objectContaining({ code: "UND_ERR_SOCKET" }),
      });
    }
  });

  for (const afterChunks of [0, 1, 3]) {
    it(`breaks a stream after ${afterChunks} pieces: cut, error event, invalid JSON`, async () => {
      const shape = { afterChunks, text: "abcd" };
      const breaks = [failWith.cut(shape), failWith.errorEvent(shape), failWith.invalidJson(shape)];
      server.reply("gpt-x", ...breaks);
      server.reply("gemini-x", ...breaks);
      const { model, sideResponses } = gemini(server);
      const heard = { openai: [] as unknown[], gemini: [] as unknown[] };
      for (const _ of breaks) {
        for (const [name, client] of Object.entries({ openai: openai(server), gemini: model })) {
          const { texts, error } = await hear(client.stream("Hi"));
          expect(texts.join(""), name).toBe("abcd".slice(0, afterChunks));
          heard[name === "openai" ? "openai" : "gemini"].push(facts(error));
        }
      }
      expect(heard.openai).toMatchObject([
        { class: "TypeError", message: "terminated" },
        { class: "APIError", status: undefined, message: expect.stringContaining("The server had an error") },
        { class: "SyntaxError" },
      ]);
      expect(heard.gemini).toMatchObject([
        { class: "GoogleGenerativeAIError", message: expect.stringContaining("Error reading from the stream") },
        { class: "GoogleGenerativeAIError", message: expect.stringContaining("Failed to parse stream") },
        { class: "GoogleGenerativeAIError", message: expect.stringContaining("Error parsing JSON response") },
      ]);
      // Left alone, each of these would end the process.
      expect(await Promise.allSettled(sideResponses)).toMatchObject(breaks.map(() => ({ status: "rejected" })));
      expect(server.requests.some((request) => request.aborted)).toBe(false);
    });
  }

  it("cuts a stream politely, which no client notices but for the missing finish reason", async () => {
    for (const model of ["gpt-x", "gemini-x"]) server.reply(model, failWith.cut({ clean: true, text: "abcd" }));
    for (const client of [openai(server), gemini(server).model]) {
      const { texts, whole, error } = await hear(client.stream("Hi"));
      expect({ texts, error }).toEqual({ texts: ["a"], error: undefined });
      expect(whole?.response_metadata.finish_reason ?? whole?.response_metadata.finishReason).toBeUndefined();
    }
    for (const client of [openai(server), gemini(server).model]) {
      await expect(client.invoke("Hi")).rejects.toThrow(SyntaxError);
    }
  });

  it("carries the error of an event in the words of a kind", async () => {
    server.reply("gpt-x", failWith.errorEvent({ event: { kind: "quota" } }));
    const { error } = await hear(openai(server).stream("Hi"));
    expect(facts(error)).toMatchObject({ class: "APIError", code: "insufficient_quota" });
  });

  it("puts an error into the body of a 200", async () => {
    for (const model of ["gpt-x", "gemini-x"]) server.reply(model, failWith.errorEvent());
    expect(facts(await openai(server).invoke("Hi").catch(Object))).toMatchObject({ class: "TypeError" });
    expect(facts(await gemini(server).model.invoke("Hi").catch(Object))).toMatchObject({ class: "EmptyContentError" });
  });

  it("answers a plain call with half of its JSON, or with the body given", async () => {
    const page = failWith.invalidJson({ text: "<html>Bad gateway</html>" });
    for (const model of ["gpt-x", "gemini-x"]) server.reply(model, failWith.invalidJson(), page);
    for (const client of [openai(server), gemini(server).model]) {
      await expect(client.invoke("Hi")).rejects.toThrow(/JSON at position/);
      await expect(client.invoke("Hi")).rejects.toThrow(/<html>Bad/);
    }
  });
});
