import { request } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { failWith } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { asks, type Serving, startServing } from "./serving.js";

let serving: Serving | undefined;
afterEach(async () => {
  await serving?.close(0);
  serving = undefined;
});
const asked = (by: Serving, upTo: number) => expect.poll(() => by.upstream.requests.length).toBe(upTo);
const aborted = (by: Serving) => expect.poll(() => by.upstream.requests.at(-1)!.aborted).toBe(true);

// they wait for time to pass, so they wait beside each other
describe("a request that takes too long", () => {
  it.concurrent.for([
    ["ChatOpenAI", false],
    ["ChatOpenAI", true],
    ["ChatGoogleGenerativeAI", false],
    ["ChatGoogleGenerativeAI", true],
  ] as const)(
    "is answered with 504 over %s (stream: %s), and the provider sees it end",
    async ([provider, stream], { expect }) => {
      const reported = vi.fn();
      const slow = await startServing(provider, { timeout: 6_000, onError: reported });
      slow.says(failWith.hang());
      const reply = await slow.post({ model: "router", messages: asks("Hi"), stream });
      expect(reply.status).toBe(504);
      expect(await reply.json()).toEqual({
        error: { message: "No answer within 6000 ms", type: "timeout", param: null, code: "timeout" },
      });
      await expect.poll(() => slow.upstream.requests.at(-1)!.aborted).toBe(true);
      expect(reported).toHaveBeenCalledOnce();
      await slow.close(0);
    },
  );

  it.concurrent.for(["ChatOpenAI", "ChatGoogleGenerativeAI"] as const)(
    "to stream over %s ends in an error event",
    async (provider, { expect }) => {
      const slow = await startServing(provider, { timeout: 6_000 });
      slow.says(failWith.hang({ afterChunks: 2 }));
      const text = await (await slow.post({ model: "plain", messages: asks("Hi"), stream: true })).text();
      expect(text).toContain('"content":');
      expect(text.trimEnd().split("\n").at(-1)).toContain('"code":"timeout"');
      await expect.poll(() => slow.upstream.requests.at(-1)!.aborted).toBe(true);
      await slow.close(0);
    },
  );
});

describe.each<Provider>(["ChatOpenAI", "ChatGoogleGenerativeAI"])("a request over %s", (provider) => {
  it.each([false, true])("whose client goes away is stopped, and nobody is told (stream: %s)", async (stream) => {
    const logged = [vi.spyOn(console, "error"), vi.spyOn(console, "info"), vi.spyOn(console, "log")];
    const told = vi.fn();
    serving = await startServing(provider, { onError: told });
    serving.says(failWith.hang({ afterChunks: 1 }));
    const body = JSON.stringify({ model: "plain", messages: asks("Hi"), stream });
    const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
    const sent = request(`${serving.url}/v1/chat/completions`, { method: "POST", headers });
    sent.on("error", () => {});
    const replied = new Promise<void>((resolve) => sent.on("response", (reply) => reply.once("data", () => resolve())));
    sent.end(body);
    await (stream ? replied : asked(serving, 1));
    sent.destroy();
    await aborted(serving);
    expect(told).not.toHaveBeenCalled();
    for (const log of logged) {
      expect(log).not.toHaveBeenCalled();
      log.mockRestore();
    }
  });
});

describe("a client that goes away while it sends", () => {
  it("is nobody's failure", async () => {
    const told = vi.fn();
    serving = await startServing("ChatOpenAI", { onError: told });
    for (const headers of [{ "content-length": "1000" }, { "transfer-encoding": "chunked" }]) {
      const type = { "content-type": "application/json" };
      const sent = request(`${serving.url}/v1/chat/completions`, { method: "POST", headers: { ...type, ...headers } });
      sent.on("error", () => {});
      await new Promise((resolve) => sent.write('{"messages":', resolve));
      sent.destroy();
    }
    await serving.stop(5_000); // has seen the end of both
    expect(told).not.toHaveBeenCalled();
    expect(serving.upstream.requests).toEqual([]);
  });
});

describe("close", () => {
  it("waits for what is under way, and takes nothing new", async () => {
    serving = await startServing("ChatOpenAI");
    let answer = (_: string) => {};
    const answered = new Promise<string>((resolve) => {
      answer = resolve;
    });
    serving.says(() => answered);
    const whole = serving.post({ model: "plain", messages: asks("Hi") });
    const streamed = serving.post({ model: "plain", messages: asks("Hi"), stream: true });
    await asked(serving, 2);
    const closed = serving.stop(60_000);
    expect(serving.stop()).toBe(closed); // once is enough
    await expect(serving.post({ model: "plain", messages: asks("Hi") })).rejects.toThrow("fetch failed");
    answer("Just in time");
    expect(await (await whole).json()).toMatchObject({ choices: [{ message: { content: "Just in time" } }] });
    expect(await (await streamed).text()).toContain("[DONE]");
    await closed;
  });

  it("cuts what is not done in time, and the provider sees it", async () => {
    serving = await startServing("ChatOpenAI");
    serving.says(failWith.hang({ afterChunks: 1 }));
    const reply = await serving.post({ model: "plain", messages: asks("Hi"), stream: true });
    const read = reply.text();
    const cut = expect(read).rejects.toThrow();
    await serving.stop(50);
    await cut;
    await aborted(serving);
  });
});
