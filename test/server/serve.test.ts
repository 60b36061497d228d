import { request } from "node:http";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/index.js";
import { createApp, type RunningServer, type ServeOptions, serve } from "../../src/server/index.js";
import { refuseOtherSites } from "../../src/server/same-site.js";
import { saying } from "../support/fakes.js";
import { asks } from "./serving.js";

let server: RunningServer | undefined;
afterEach(() => server?.close(0));

/** Sends what a browser would send for a page, which `fetch` does not let a program say. */
function ask(named: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", ...named };
    const sent = request(`${server!.url}/v1/chat/completions`, { method: "POST", headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode!);
    });
    sent.on("error", reject).end(JSON.stringify({ messages: asks("Hi") }));
  });
}

describe("serve", () => {
  it("takes nothing of a page whose name was led to it, where nobody needs a key", async () => {
    const small = saying("one", "two", "three", "four");
    server = await serve({ models: { small } }, { port: 0 });
    const { port } = new URL(server.url);
    for (const host of [`evil.example:${port}`, `localhost.evil.example:${port}`, `127.0.0.1.evil.example:${port}`]) {
      expect(await ask({ host })).toBe(403);
      expect(await ask({ origin: `http://${host}` })).toBe(403);
      expect(await ask({ host, origin: `http://${host}` })).toBe(403);
    }
    expect(await ask({ origin: "null" })).toBe(403);
    for (const address of ["203.0.113.7", "[2001:db8::7]"])
      expect(await ask({ origin: `http://${address}` })).toBe(403);
    expect(small.callCount).toBe(0);
    expect(await ask({})).toBe(200);
    expect(await ask({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
    expect(await ask({ host: `[::1]:${port}` })).toBe(200);
    expect(await ask({ origin: "chrome-extension://abcdef" })).toBe(200); // an extension was allowed to, or the browser asks first
  });

  it("leaves names to the keys, and to an app that is not its own", async () => {
    const elsewhere = { host: "api.example.com" };
    server = await serve({ models: { small: saying("one") }, apiKeys: ["right"] }, { port: 0 });
    expect(await ask(elsewhere)).toBe(401);
    expect(await ask({ ...elsewhere, authorization: "Bearer right" })).toBe(200);
    await server.close();
    server = await serve(new Hono().route("/", createApp({ models: { small: saying("one") } })), { port: 0 });
    expect(await ask(elsewhere)).toBe(200);
  });

  it("may be called by any name from other machines, but not by pages", () => {
    const asked = (headers: Record<string, string>) => refuseOtherSites(new Headers(headers), "0.0.0.0")?.status;
    expect(asked({ host: "box:8000" })).toBeUndefined();
    expect(asked({ host: "box:8000", origin: "http://192.168.1.5:8000" })).toBeUndefined();
    expect(asked({ host: "evil.example:8000", origin: "http://evil.example:8000" })).toBe(403);
  });

  it.each<[string, object]>([
    ["a port that is a text", { port: "abc" }],
    ["a port out of range", { port: 65_536 }],
    ["half a port", { port: 0.5 }],
    ["an empty host", { host: "" }],
  ])("refuses %s", async (_, place) => {
    await expect(serve({ models: { small: saying() } }, place as ServeOptions)).rejects.toThrow(InvalidOptionError);
  });

  it("says where an address belongs that stands among the options of the app", async () => {
    const misplaced = { models: { small: saying() }, port: 8080 };
    await expect(serve(misplaced as never)).rejects.toThrow("serve.port is 8080; it belongs to the second argument");
    await expect(serve(undefined as never)).rejects.toThrow(InvalidOptionError);
  });

  it("waits for ever where it is told to, and refuses a time that is none", async () => {
    let answer = (_: string) => {};
    const answered = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const late = new Hono().get("/late", async (context) => context.text(await answered));
    server = await serve(late, { port: 0 });
    const reply = fetch(`${server.url}/late`);
    await expect.poll(async () => fetch(`${server!.url}/nothing`).then(({ status }) => status)).toBe(404);
    for (const wrong of [-1, Number.NaN]) expect(() => server!.close(wrong)).toThrow(InvalidOptionError);
    const closed = server.close(Number.POSITIVE_INFINITY);
    for (let times = 0; times < 3; times++) await expect(fetch(server.url)).rejects.toThrow(); // a timer of 1 ms would cut it
    answer("at last");
    expect(await (await reply).text()).toBe("at last");
    await closed;
  });
});
