import OpenAI, { APIError } from "openai";
import { describe, expect, it } from "vitest";
import { check, createCascade, createFallback } from "../../src/index.js";
import { type AppOptions, createApp } from "../../src/server/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { asks } from "./serving.js";

const { server } = useLoopback();
const cut = failWith.cut({ text: "Half an answer", afterChunks: 2, chunks: 4, chunkDelayMs: 5 });

describe.each(Object.keys(providers) as Provider[])("a whole answer as a stream, over %s", (provider) => {
  const model = (name: string) => ({ model: providers[provider](server, name), retry: false as const });
  const appOf = (options: Partial<AppOptions> = {}) =>
    createApp({
      models: { plain: model("a") },
      graphs: {
        chain: createFallback({ models: { a: model("a"), b: model("b") } }),
        ladder: createCascade({ models: { a: model("a"), b: model("b") }, verify: check(() => false) }),
      },
      onError: () => {},
      ...options,
    });
  const post = (app: ReturnType<typeof createApp>, body: object) =>
    app.request("/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "chain", messages: asks("Hi"), stream: true, ...body }),
    });
  const contents = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice(6)))
      .flatMap(({ choices = [] }) =>
        choices.flatMap(({ delta }: { delta: { content?: string } }) => delta.content || []),
      );

  it("is that of the next model where the first breaks off after its first words", async () => {
    server.reply("a", cut);
    server.reply("b", { text: "A whole answer", chunks: 3 });
    const text = await (await post(appOf({ stream: "whole" }), {})).text();
    expect(contents(text)).toEqual(["A whole answer"]);
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(text).toContain('"modelUsed":"b"');
  });

  it("is chosen by a request, against the app's own choice both ways", async () => {
    server.reply("a", cut, { text: "one two", chunks: 2 });
    server.reply("b", { text: "A whole answer", chunks: 3 });
    const whole = await (await post(appOf(), { orchestration: { stream: "whole" } })).text();
    expect(contents(whole)).toEqual(["A whole answer"]);
    const app = appOf({ stream: "whole" });
    const committed = await (await post(app, { orchestration: { stream: "committed" }, model: "plain" })).text();
    expect(contents(committed).length).toBeGreaterThan(1);
    expect(contents(committed).join("")).toBe("one two");
  });

  it("ends without a word in a clean error where no model answers", async () => {
    server.reply("a", cut, cut);
    const app = appOf({ stream: "whole" });
    const early = await post(app, { model: "plain" });
    expect(early.status).toBe(502); // nothing was sent yet
    expect(await early.json()).toMatchObject({ error: { type: "upstream_error", code: "network" } });
    const late = await post(appOf({ stream: "whole", keepAlive: 1 }), { model: "plain" });
    const text = await late.text();
    expect(contents(text)).toEqual([]);
    expect(text).toContain('"code":"network"');
    expect(text).not.toContain("[DONE]");
  });

  it("reaches the official client with usage and tool calls", async () => {
    server.reply("a", { toolCalls: [{ name: "weather", args: { city: "Oslo" } }] }, "It is sunny");
    const app = appOf({ stream: "whole" });
    const fetch = async (url: unknown, init?: RequestInit) => app.request(String(url), init);
    const client = new OpenAI({ baseURL: "http://localhost/v1", apiKey: "none", maxRetries: 0, fetch });
    const body = { model: "chain", messages: asks("Weather?"), stream_options: { include_usage: true } };
    const tools = [
      { type: "function" as const, function: { name: "weather", parameters: { type: "object", properties: {} } } },
    ];
    const called = await client.chat.completions.stream({ ...body, tools }).finalChatCompletion();
    expect(called.choices[0]!.message.tool_calls).toMatchObject([{ function: { name: "weather" } }]);
    const answered = await client.chat.completions.stream(body).finalChatCompletion();
    expect(answered.choices[0]!.message.content).toBe("It is sunny");
    expect(answered.usage!.total_tokens).toBeGreaterThan(0);
    server.reply("a", failWith.server());
    server.reply("b", failWith.server());
    const failed = client.chat.completions.stream(body).finalChatCompletion();
    await expect(failed).rejects.toBeInstanceOf(APIError);
  });

  it("takes no drafts, and no field it does not know", async () => {
    for (const orchestration of [{ stream: "live" }, { streams: "whole" }, "whole"]) {
      const reply = await post(appOf(), { orchestration });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ error: { param: expect.stringContaining("orchestration") } });
    }
    expect(() => appOf({ stream: "live" as never })).toThrow("createApp.stream");
    expect(server.requests).toEqual([]);
  });

  it("has no effect on a plain request, which says so", async () => {
    server.reply("a", "Hello");
    const reply = await post(appOf(), { stream: false, orchestration: { stream: "whole" } });
    expect(await reply.json()).toMatchObject({
      choices: [{ message: { content: "Hello" } }],
      orchestration: { ignored: ["orchestration"] },
    });
  });
});
