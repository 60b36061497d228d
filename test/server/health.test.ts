import { request } from "node:http";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { createApp, serve } from "../../src/server/index.js";

const models = { small: new FakeListChatModel({ responses: ["Hi"] }) };

describe("/healthz and /readyz", () => {
  it("answer without a key", async () => {
    const app = createApp({ models, apiKeys: ["key"] });
    expect(await (await app.request("/healthz")).json()).toEqual({ status: "ok" });
    const ready = await app.request("/readyz");
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: "ready" });
    expect(ready.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["an app of createApp", () => ({ models })],
    ["an app mounted in another", () => new Hono().route("/", createApp({ models }))],
  ])("/readyz turns to 503 while %s drains, and requests are still answered", async (_name, app) => {
    const server = await serve(app(), { port: 0, drainMs: 300 });
    const closing = server.close();
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(503);
    const text = await ready.text();
    expect(JSON.parse(text).status).toBe("draining");
    expect(text).not.toContain("127.0.0.1");
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/v1/models`)).status).toBe(200);
    await closing;
    await expect(fetch(`${server.url}/readyz`)).rejects.toThrow();
  });

  it("serve refuses a drain time that is none", async () => {
    await expect(serve({ models }, { port: 0, drainMs: -1 })).rejects.toThrow(/serve\.drainMs/);
  });

  it("an open page does not hold up the end of a server", async () => {
    const server = await serve({ models, ui: true }, { port: 0 });
    const page = await (await fetch(`${server.url}/ui`)).text();
    const since = /data-since="([^"]*)"/.exec(page)![1]!;
    const ended = new Promise<void>((resolve) => {
      request(`${server.url}/ui/events?since=${since}`, (reply) => {
        reply.once("data", () => void server.close());
        reply.once("end", resolve).resume();
      }).end();
    });
    await ended;
    await server.close();
  });
});
