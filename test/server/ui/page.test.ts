import { FakeListChatModel } from "@langchain/core/utils/testing";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { createFallback } from "../../../src/index.js";
import { type AppOptions, createApp } from "../../../src/server/index.js";

const saying = (...responses: string[]) => new FakeListChatModel({ responses });

function appWith(more: Partial<AppOptions> = {}) {
  return createApp({
    graphs: { assistant: createFallback({ models: { small: saying("An answer"), large: saying("Another") } }) },
    models: { "gpt:4": saying("From one model") },
    ui: true,
    ...more,
  });
}

const ask = (app: ReturnType<typeof appWith>, content: string, headers: Record<string, string> = {}) =>
  app.request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ messages: [{ role: "user", content }] }),
  });

const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded", origin: "http://localhost", ...headers },
  body: new URLSearchParams(fields).toString(),
});

const key = "key-of-the-endpoint";
const other = "another-key";

describe("createApp › ui", () => {
  it("is off unless it is wanted", async () => {
    const app = appWith({ ui: false });
    for (const path of ["/ui", "/ui/events", "/ui/style.css"]) expect((await app.request(path)).status).toBe(404);
  });

  it("shows the latest runs, what they cost, and links to each", async () => {
    const app = appWith();
    const { id } = (await (await ask(app, "Why is the sea salty?")).json()) as { id: string };
    const text = await (await app.request("/ui")).text();
    expect(text).toContain(`<a class="question" href="ui/runs/${id}">Why is the sea salty?</a>`);
    expect(text).toContain("answered");
    const run = await app.request(`/ui/runs/${id}`);
    expect(await run.text()).toContain("An answer");
    expect((await app.request("/ui/runs/unknown")).status).toBe(404);
  });

  it("keeps neither questions nor answers with contents: false", async () => {
    const app = appWith({ ui: { contents: false } });
    const { id } = (await (await ask(app, "Why is the sea salty?")).json()) as { id: string };
    const texts = [await (await app.request("/ui")).text(), await (await app.request(`/ui/runs/${id}`)).text()];
    for (const text of texts) {
      expect(text).toContain(id.slice(0, 17));
      expect(text).not.toContain("salty");
      expect(text).not.toContain("An answer");
    }
  });

  it("escapes every text", async () => {
    const bad = `</a><script>alert("x")</script>'"&`;
    const app = appWith({ graphs: { assistant: createFallback({ models: { small: saying(bad) } }) } });
    const { id } = (await (await ask(app, bad)).json()) as { id: string };
    for (const path of ["/ui", `/ui/runs/${id}`]) {
      const text = await (await app.request(path)).text();
      expect(text).toContain("&lt;/a&gt;&lt;script&gt;");
      expect(text).not.toContain("<script>");
    }
  });

  it("allows no script but its own, and no other site to show or read it", async () => {
    const { headers } = await appWith().request("/ui");
    const policy = headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  it("has no inline script, style or handler", async () => {
    const app = appWith();
    await ask(app, "Hi");
    const text = await (await app.request("/ui")).text();
    expect(text).not.toMatch(/<script(?! src=)|<style|\sstyle=|\son\w+=/);
  });

  it("refuses options that mean nothing", () => {
    expect(() => appWith({ ui: { runs: 0 } })).toThrow(/createApp\.ui\.runs.*from 1 to 1000/);
    expect(() => appWith({ ui: { run: 3 } as never })).toThrow(/createApp\.ui\.run.*runs/);
    expect(() => appWith({ ui: "yes" as never })).toThrow(/createApp\.ui/);
    expect(() => appWith({ ui: { apiKeys: ["with space"] } })).toThrow(/createApp\.ui\.apiKeys is an array of 1/);
    expect(() => appWith({ ui: { contents: 1 as never } })).toThrow(/createApp\.ui\.contents/);
  });
});

describe("createApp › ui › keys", () => {
  const paths = ["/ui", "/ui/compare", "/ui/events", "/ui/runs/x", "/ui/graph?model=assistant"];

  it("asks for a key where the endpoint needs one", async () => {
    const app = appWith({ apiKeys: [key, other] });
    for (const path of paths) {
      const reply = await app.request(path);
      expect(reply.status).toBe(401);
      expect(await reply.text()).toContain('name="key" type="password"');
    }
    expect((await app.request("/ui/ask", form({ model: "assistant", question: "Hi" }))).status).toBe(401);
    expect((await app.request("/ui", { headers: { authorization: `Bearer ${other}` } })).status).toBe(200);
  });

  it("trades the key for a cookie that scripts cannot read and other sites cannot send", async () => {
    const app = appWith({ apiKeys: [key, other] });
    const reply = await app.request("/ui/sign-in", form({ key: other }));
    expect(reply.status).toBe(303);
    expect(reply.headers.get("location")).toBe("../ui");
    const cookie = reply.headers.get("set-cookie")!;
    expect(cookie).toMatch(/^multimodel_session=[\w-]{43}; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(cookie).not.toContain(other);
    const session = cookie.split(";")[0]!;
    expect((await app.request("/ui", { headers: { cookie: session } })).status).toBe(200);
    await app.request("/ui/sign-out", form({}, { cookie: session }));
    expect((await app.request("/ui", { headers: { cookie: session } })).status).toBe(401);
  });

  it("marks the cookie as secure behind TLS", async () => {
    const app = appWith({ apiKeys: [key] });
    const reply = await app.request("/ui/sign-in", form({ key }, { "x-forwarded-proto": "https" }));
    expect(reply.headers.get("set-cookie")).toMatch(/; Secure$/);
  });

  it("refuses a wrong key, and one in the address", async () => {
    const app = appWith({ apiKeys: [key] });
    for (const wrong of ["wrong", "", "multimodel_session"]) {
      const reply = await app.request("/ui/sign-in", form({ key: wrong }));
      expect(reply.status).toBe(401);
      expect(reply.headers.get("set-cookie")).toBeNull();
      expect(await reply.text()).toContain("This key is not accepted");
    }
    expect((await app.request(`/ui?key=${key}`)).status).toBe(401);
    expect((await app.request("/ui", { headers: { cookie: "multimodel_session=made-up" } })).status).toBe(401);
  });

  it("ends a session after 12 hours, and the oldest when there are 100", async () => {
    const app = appWith({ apiKeys: [key] });
    const sessionOf = async () =>
      (await app.request("/ui/sign-in", form({ key }))).headers.get("set-cookie")!.split(";")[0]!;
    const first = await sessionOf();
    for (let more = 0; more < 99; more++) await sessionOf();
    const statusOf = async (cookie: string) => (await app.request("/ui", { headers: { cookie } })).status;
    expect(await statusOf(first)).toBe(200);
    await sessionOf();
    expect(await statusOf(first)).toBe(401);
  });

  it("has keys of its own with ui: { apiKeys }, which do not open the endpoint", async () => {
    const app = appWith({ apiKeys: [key], ui: { apiKeys: [other] } });
    const status = async (path: string, given: string) =>
      (await app.request(path, { headers: { authorization: `Bearer ${given}` } })).status;
    expect(await status("/ui", key)).toBe(401);
    expect(await status("/ui", other)).toBe(200);
    expect(await status("/v1/models", other)).toBe(401);
  });

  it("names keys by their position", async () => {
    const app = appWith({ apiKeys: [key, other] });
    await ask(app, "Hi", { authorization: `Bearer ${other}` });
    const text = await (await app.request("/ui", { headers: { authorization: `Bearer ${key}` } })).text();
    expect(text).toContain("key 2");
    expect(text).not.toContain("key 1");
    expect(text).not.toContain(other);
    expect(text).not.toContain(`${key}`);
  });
});

describe("createApp › ui › in another app", () => {
  it("has links that hold below any path", async () => {
    const host = new Hono().route("/ai", appWith({ apiKeys: [key] }));
    const locked = await (await host.request("/ai/ui/runs/x")).text();
    expect(locked).toContain('action="../../ui/sign-in"');
    expect(locked).toContain('href="../../ui/style.css"');
    const reply = await host.request("/ai/ui/sign-in", form({ key }));
    expect(new URL(reply.headers.get("location")!, "http://localhost/ai/ui/sign-in").pathname).toBe("/ai/ui");
    const cookie = reply.headers.get("set-cookie")!.split(";")[0]!;
    const text = await (await host.request("/ai/ui", { headers: { cookie } })).text();
    expect(text).toContain('src="ui/script.js"');
    expect((await host.request("/ai/ui/script.js")).headers.get("content-type")).toContain("text/javascript");
    expect((await host.request("/ai/ui/", { headers: { cookie } })).headers.get("location")).toBe("../ui");
    expect((await host.request("/ui")).status).toBe(404);
  });

  it("tells a browser that knew an earlier process to load the page again", async () => {
    const text = await (await appWith().request("/ui/events", { headers: { "last-event-id": "earlier:7" } })).text();
    expect(text).toContain("event: stale");
  });
});

describe("createApp › ui › prompt box", () => {
  const settled = async (app: ReturnType<typeof appWith>, path: string) => {
    for (;;) {
      const text = await (await app.request(path)).text();
      if (!text.includes("running")) return text;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it("asks a graph and leads to its run", async () => {
    const app = appWith();
    const reply = await app.request("/ui/ask", form({ model: "assistant", question: "Why?" }));
    expect(reply.status).toBe(303);
    const path = reply.headers.get("location")!.replace("..", "");
    expect(path).toMatch(/^\/ui\/runs\/page-/);
    const text = await settled(app, path);
    expect(text).toContain("An answer");
    expect(text).toContain("Run report");
    expect(text).toContain("Steps");
  });

  it("draws the node that a run failed in", async () => {
    const failing = () => {
      const model = saying("");
      model.invoke = () => Promise.reject(new Error("broken"));
      return { model, retry: false } as const;
    };
    const inner = createFallback({ models: { first: failing(), second: failing() } });
    const graphs = {
      alone: createFallback({ models: { only: failing() } }),
      outer: createFallback({ models: { inner } }),
    };
    const app = appWith({ graphs, onError: () => {} });
    const titles = async (model: string) => {
      const reply = await app.request("/ui/ask", form({ model, question: "Why?" }));
      const html = await settled(app, reply.headers.get("location")!.replace("..", ""));
      const svg = decodeURIComponent(/src="data:image\/svg\+xml,([^"]*)"/.exec(html)?.[1] ?? "");
      return [...svg.matchAll(/font-weight="700"[^>]*>(\d+ [^<]*)</g)].map(([, title]) => title);
    };
    expect(await titles("alone")).toContain("1 only failed");
    expect(await titles("outer")).toEqual(expect.arrayContaining(["1 inner › first", "2 inner › second failed"]));
  });

  it("asks a single model under its own name", async () => {
    const app = appWith();
    const { id } = (await (
      await app.request("/ui/ask", form({ model: "gpt:4", question: "Why?" }, { accept: "application/json" }))
    ).json()) as { id: string };
    expect(await settled(app, `/ui/runs/${id}`)).toContain("From one model");
  });

  it.each([
    ["of another site", { origin: "https://evil.example" }],
    ["of another port", { origin: "http://localhost:9999" }],
    ["of a sandboxed page", { origin: "null" }],
    ["that other sites send", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ])("refuses forms %s", async (_name, headers) => {
    const app = appWith();
    for (const path of ["/ui/ask", "/ui/sign-in", "/ui/sign-out"])
      expect((await app.request(path, form({ model: "assistant", question: "Hi", key }, headers))).status).toBe(403);
    expect(await (await app.request("/ui")).text()).toContain(
      '<ol id="runs" aria-label="Latest runs, newest first"></ol>',
    );
  });

  it("says what a form without an origin lacks", async () => {
    const { headers: _headers, ...fields } = form({ model: "assistant", question: "Hi" });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const reply = await appWith().request("/ui/ask", { ...fields, headers });
    expect(reply.status).toBe(403);
    const text = await reply.text();
    expect(text).toContain("it has no Origin header");
    expect(text).toContain('"Origin: http://localhost"');
    expect(text).toContain("http://localhost/v1/chat/completions");
    const other = form({ model: "assistant", question: "Hi" }, { origin: "https://evil.example" });
    expect(await (await appWith().request("/ui/ask", other)).text()).toContain("its Origin is https://evil.example");
  });

  it("refuses an unknown model, an empty question and a large one", async () => {
    const app = appWith();
    expect((await app.request("/ui/ask", form({ model: "unknown", question: "Hi" }))).status).toBe(400);
    expect((await app.request("/ui/ask", form({ model: "assistant", question: " " }))).status).toBe(400);
    const large = form({ model: "assistant", question: "x".repeat(300_000) });
    expect((await app.request("/ui/ask", large)).status).toBe(413);
  });

  it.each(["multipart/form-data", "multipart/form-data; boundary=x"])("refuses a broken form of %s", async (type) => {
    const headers = { "content-type": type, origin: "http://localhost" };
    const post = (path: string) => appWith().request(path, { method: "POST", headers, body: "no form" });
    expect((await post("/ui/ask")).status).toBe(400);
    const locked = appWith({ apiKeys: [key] });
    expect((await locked.request("/ui/sign-in", { method: "POST", headers, body: "no form" })).status).toBe(401);
  });

  it("keeps the failure of a run, without addresses", async () => {
    const failing = new FakeListChatModel({ responses: [] });
    failing.invoke = () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:11434"));
    const errors: unknown[] = [];
    const app = appWith({
      graphs: { assistant: createFallback({ models: { failing: { model: failing, retry: false } } }) },
      onError: (error) => void errors.push(error),
    });
    const reply = await app.request("/ui/ask", form({ model: "assistant", question: "Why?" }));
    const text = await settled(app, reply.headers.get("location")!.replace("..", ""));
    expect(text).toContain("failed");
    expect(text).toContain("[address]");
    expect(text).not.toContain("10.0.0.7");
    expect(errors).toHaveLength(1);
  });
});
