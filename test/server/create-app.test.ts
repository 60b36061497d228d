import { Hono } from "hono";
import OpenAI from "openai";
import { describe, expect, it, vi } from "vitest";
import { createFallback, InvalidModelError, InvalidOptionError } from "../../src/index.js";
import { type AppOptions, createApp, serve } from "../../src/server/index.js";
import { httpError, saying } from "../support/fakes.js";
import { asks, startServing } from "./serving.js";

const json = { "content-type": "application/json" };
const post = (app: Hono, body: unknown, headers: Record<string, string> = json, path = "/v1/chat/completions") =>
  app.request(path, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
const hi = { messages: asks("Hi") };
const errorOf = async (reply: Response) =>
  ((await reply.json()) as { error: { message: string; type: string; param: string | null; code: string | null } })
    .error;

describe("createApp", () => {
  it.each<[string, AppOptions, string]>([
    ["nothing to serve", {}, "createApp"],
    [
      "a name twice",
      { models: { a: saying("") }, graphs: { a: createFallback({ models: { b: saying("") } }) } },
      "createApp.models.a",
    ],
    ["a default that is not there", { models: { a: saying("") }, defaultModel: "b" }, "createApp.defaultModel"],
    ["an option that does not exist", { models: { a: saying("") }, apikeys: ["k"] } as AppOptions, "createApp.apikeys"],
    ["no options", undefined as unknown as AppOptions, "createApp"],
    ["an empty name", { models: { "": saying("") } }, "createApp.models"],
    ["a list of models", { models: [saying("")] as never }, "createApp.models"],
    ["no key", { models: { a: saying("") }, apiKeys: [] }, "createApp.apiKeys"],
    ["an empty key", { models: { a: saying("") }, apiKeys: [""] }, "createApp.apiKeys"],
    ["a body limit of 0", { models: { a: saying("") }, bodyLimit: 0 }, "createApp.bodyLimit"],
    ["an endless time-out", { models: { a: saying("") }, timeout: Number.POSITIVE_INFINITY }, "createApp.timeout"],
    ["a keep-alive that is no number", { models: { a: saying("") }, keepAlive: Number.NaN }, "createApp.keepAlive"],
  ])("refuses %s", (_, options, option) => {
    expect(() => createApp(options)).toThrow(InvalidOptionError);
    expect(() => createApp(options)).toThrow(`${option} is`);
  });

  it("never shows a key that is refused", () => {
    expect(() => createApp({ models: { a: saying("") }, apiKeys: ["sk-secret with space"] })).not.toThrow("sk-secret");
  });

  it("refuses what is no model", () => {
    expect(() => createApp({ models: { a: {} as never } })).toThrow(InvalidModelError);
    expect(() => createApp({ graphs: { a: saying("") as never } })).toThrow(InvalidModelError);
  });

  it("answers as the first graph, else the first model, where none is named", async () => {
    const models = { small: saying("small", "small") };
    const graphs = { chain: createFallback({ models: { one: saying("chain") } }) };
    const nameOf = async (app: Hono) => ((await (await post(app, hi)).json()) as { model: string }).model;
    expect(await nameOf(createApp({ models }))).toBe("small");
    expect(await nameOf(createApp({ models, graphs }))).toBe("chain");
    expect(await nameOf(createApp({ models, graphs, defaultModel: "small" }))).toBe("small");
  });

  it("serves names that are no node names", async () => {
    const models = { "llama3.2:3b": saying("Hi!"), "4o/mini": saying("Hi!") };
    const app = createApp({ models });
    for (const model of Object.keys(models)) {
      const reply = await (await post(app, { ...hi, model })).json();
      expect(reply).toMatchObject({ model, orchestration: { modelUsed: model } });
      expect((await app.request(`/v1/models/${model}`)).status).toBe(200);
      expect((await app.request(`/v1/models/${encodeURIComponent(model)}`)).status).toBe(200);
    }
  });

  it("shows what was asked for cut short and without keys where there is no such model", async () => {
    const app = createApp({ models: { small: saying("") } });
    const { message } = await errorOf(
      await post(app, { ...hi, model: `sk-abcdefghij0123456789 ${"x".repeat(100_000)}` }),
    );
    expect(message).toMatch(/^Unknown model "\[redacted\] x+…"; use one of "small"$/);
    expect(message.length).toBeLessThan(600);
  });

  it("lets in whoever has one of the keys, and shows none of them", async () => {
    const app = createApp({ models: { small: saying("Hi!", "Hi!") }, apiKeys: ["first-key", "second-key"] });
    for (const path of ["/v1/models", "/v1/projects/a/b/models", "/v1/nothing"]) {
      for (const authorization of [
        "",
        "Bearer",
        "Bearer ",
        "Bearer first",
        "Basic first-key",
        "first-key",
        "Bearer first-key second-key",
      ]) {
        const reply = await app.request(path, { headers: { authorization } });
        expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
        const text = await reply.text();
        expect(JSON.parse(text)).toMatchObject({ error: { type: "invalid_request_error", code: "invalid_api_key" } });
        expect(text).not.toMatch(/first-key|second-key/);
      }
    }
    for (const key of ["first-key", "second-key"]) {
      expect((await post(app, hi, { ...json, authorization: `Bearer ${key}` })).status).toBe(200);
    }
    expect((await app.request("/health")).status).toBe(200);
  });

  it("refuses a wrong key as the client knows it", async () => {
    const serving = await startServing("ChatOpenAI", { apiKeys: ["right"] });
    const ask = (apiKey: string) => serving.client({ apiKey }).models.list();
    await expect(ask("wrong")).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    expect((await ask("right")).data.length).toBe(3);
    await serving.close();
  });

  it("says where a path is wrong, or a method", async () => {
    const app = createApp({ models: { small: saying("") } });
    const status = async (method: string, path: string) => {
      const reply = await app.request(path, { method });
      return [reply.status, reply.headers.get("allow")];
    };
    expect(await status("GET", "/v1/chat/completions")).toEqual([405, "POST"]);
    expect(await status("OPTIONS", "/v1/chat/completions")).toEqual([405, "POST"]);
    expect(await status("DELETE", "/v1/models/small")).toEqual([405, "GET, HEAD"]);
    expect(await status("HEAD", "/v1/models")).toEqual([200, null]);
    expect(await status("POST", "/v1/embeddings")).toEqual([404, null]);
    expect(await status("GET", "/")).toEqual([404, null]);
    expect((await errorOf(await app.request("/v1/completions"))).message).toBe("There is no GET /v1/completions here");
  });

  it("sends no CORS headers, and reads no body a page could send without asking", async () => {
    const model = saying("Hi!");
    const app = createApp({ models: { small: model } });
    const origin = { origin: "https://elsewhere.example" };
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/jsonp",
    ]) {
      expect((await post(app, hi, { ...origin, "content-type": type })).status).toBe(415);
    }
    expect((await app.request("/v1/chat/completions", { method: "POST", body: new Uint8Array(3) })).status).toBe(415);
    expect(model.callCount).toBe(0);
    const reply = await post(app, hi, { ...origin, "content-type": "application/json; charset=utf-8" });
    expect(reply.status).toBe(200);
    expect([...reply.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("refuses a body that is too large, announced or not", async () => {
    const app = createApp({ models: { small: saying("Hi!", "Hi!") }, bodyLimit: 1_000 });
    const server = await serve(app, { port: 0 });
    const send = (length: number, chunked: boolean) => {
      const body = JSON.stringify({ messages: asks("a".repeat(length)) });
      const stream = () => new Blob([body]).stream();
      const init = { method: "POST", headers: json, body: chunked ? stream() : body, duplex: "half" };
      return fetch(`${server.url}/v1/chat/completions`, init as RequestInit);
    };
    for (const chunked of [false, true]) {
      const refused = await send(2_000_000, chunked);
      expect([refused.status, (await errorOf(refused)).code]).toEqual([413, "request_too_large"]);
      expect((await send(500, chunked)).status).toBe(200);
    }
    await server.close();
  });

  it("works below a path of another app, beside its routes", async () => {
    const outer = new Hono().get("/hello", (context) => context.text("hello"));
    outer.route("/ai", createApp({ models: { small: saying("Hi!", "Hi!") } }));
    outer.get("/v1/own", (context) => context.text("own"));
    expect(await (await outer.request("/hello")).text()).toBe("hello");
    expect(await (await outer.request("/v1/own")).text()).toBe("own");
    expect((await post(outer, hi, json, "/ai/v1/chat/completions")).status).toBe(200);
    expect((await post(outer, hi, json, "/ai/v1/projects/a/b/chat/completions")).status).toBe(200);
    expect(await errorOf(await post(outer, "{", json, "/ai/v1/chat/completions"))).toMatchObject({
      param: null,
      code: "invalid_json",
    });
    expect((await errorOf(await outer.request("/ai/v1/nothing"))).message).toContain("/ai/v1/nothing");
  });

  it("tells onError of failures behind it, without keys, and nobody of those of the caller", async () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {});
    const told: string[] = [];
    const failing = () => ({
      model: saying(httpError(500, "down, key sk-abcdefgh12345678")),
      retry: false as const,
    });
    const onError = (error: unknown) => told.push(String(error));
    const reply = await post(createApp({ models: { small: failing() }, onError }), hi);
    expect([reply.status, reply.headers.get("x-should-retry")]).toEqual([502, "false"]);
    expect((await errorOf(reply)).message).toContain("down, key [redacted]");
    expect(told.length).toBe(1);
    expect(told[0]).toContain("down, key [redacted]");
    expect(silent).not.toHaveBeenCalled();
    await post(createApp({ models: { small: failing() } }), hi);
    expect(silent.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining("[redacted]")]);
    silent.mockClear();
    expect((await post(createApp({ models: { small: saying("Hi!") } }), {})).status).toBe(400);
    expect(silent).not.toHaveBeenCalled();
    silent.mockRestore();
  });
});
