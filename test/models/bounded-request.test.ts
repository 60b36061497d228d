import { afterEach, describe, expect, it, vi } from "vitest";
import { createFallback } from "../../src/index.js";
import { boundedRequest } from "../../src/models/bounded-request.js";
import { useLoopback } from "../support/use-loopback.js";

const usual = globalThis.fetch;
afterEach(() => {
  vi.unstubAllGlobals();
});

const url = "data:text/plain,so%20it%20goes%20on";

describe("a request of an SDK that takes no fetch", () => {
  it("has a bound, and the global is the usual one before anything else runs", async () => {
    const { sent } = boundedRequest({ bytes: 5 }, async () => (await fetch(url)).text());
    expect(globalThis.fetch).toBe(usual);
    await expect(sent).rejects.toThrow("more than 5 bytes (limit.replyBytes)");
    expect(await boundedRequest({ bytes: 50 }, async () => (await fetch(url)).text()).sent).toBe("so it goes on");
  });

  it("puts the global back where the SDK throws at once", () => {
    const send = () => {
      throw new Error("no key");
    };
    expect(() => boundedRequest({ bytes: 5 }, send)).toThrow("no key");
    expect(globalThis.fetch).toBe(usual);
  });

  it("ends in the error of the bound, whatever the SDK makes of it", async () => {
    const misread = async () => {
      const reply = await fetch(url);
      await reply.text().catch(() => {});
      throw new Error("unreadable");
    };
    const { sent, fail } = boundedRequest({ bytes: 5 }, misread);
    await expect(sent).rejects.toThrow("limit.replyBytes");
    expect(() => fail(new Error("unreadable"))).toThrow("limit.replyBytes");
    await expect(boundedRequest({ bytes: 50 }, misread).sent).rejects.toThrow("unreadable");
  });

  it("is sent without the bound where globals are frozen", async () => {
    Object.defineProperty(globalThis, "fetch", { value: usual, writable: false, configurable: true });
    try {
      expect(await boundedRequest({ bytes: 5 }, async () => (await fetch(url)).text()).sent).toBe("so it goes on");
    } finally {
      Object.defineProperty(globalThis, "fetch", { value: usual, writable: true, configurable: true });
    }
  });
});

describe("Gemini's requests", () => {
  const { server, gemini } = useLoopback();

  it.each([false, true])("go through a global fetch of the caller's own (disableStreaming: %s)", async (whole) => {
    const own = vi.fn(usual);
    vi.stubGlobal("fetch", own);
    server.reply("gemini-x", { text: "Hello." });
    const client = Object.assign(gemini("gemini-x"), { disableStreaming: whole });
    const { messages } = await createFallback({ models: { gemini: client } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(messages.at(-1)?.text).toBe("Hello.");
    expect(own.mock.calls.map(([to]) => String(to))).toEqual([
      expect.stringContaining(whole ? ":generateContent" : ":streamGenerateContent"),
    ]);
    expect(globalThis.fetch).toBe(own);
  });
});
