import { describe, expect, it, vi } from "vitest";
import { byComplexity, byTask, createRouter, type RunContext } from "../../src/index.js";
import { createApp } from "../../src/server/index.js";
import { saying } from "../support/fakes.js";
import { asks } from "./serving.js";

const headers = { "content-type": "application/json" };

describe("metadata of a request", () => {
  it("is the run's context: task and complexity for routers, a session and tags for traces", async () => {
    let seen: RunContext | undefined;
    const route = byTask({
      task: ({ config }) => String((config.context as RunContext).task),
      complexity: "simple",
      table: { sums: { simple: "b" } },
      default: "a",
    });
    const graph = createRouter({
      models: { a: saying("a"), b: saying("b", "b") },
      route: (turn) => {
        seen = turn.config.context as RunContext;
        return route(turn);
      },
    });
    const app = createApp({ graphs: { graph } });
    const send = (fields: object) =>
      app.request("/v1/chat/completions", {
        method: "POST",
        headers,
        body: JSON.stringify({ messages: asks("Hi"), ...fields }),
      });
    const metadata = { task: "sums", complexity: "simple", session_id: "s-1", team: "red", tier: "gold" };
    const reply = await (await send({ metadata, user: "ada" })).json();
    expect(reply).toMatchObject({ orchestration: { modelUsed: "b", route: "b" } });
    expect(seen).toEqual({ task: "sums", complexity: "simple", sessionId: "s-1", tags: ["team:red", "tier:gold"] });
    await send({ user: "ada", metadata: { task: "sums" } });
    expect(seen).toEqual({ task: "sums", sessionId: "ada" });
    await send({});
    expect(seen ?? {}).toEqual({});
  });

  it("decides how hard a question is, without a look at it", async () => {
    const simple = saying();
    const graph = createRouter({
      models: { simple, hard: saying("hard") },
      route: byComplexity({ simple: "simple", moderate: "simple", complex: "hard", critical: "hard" }),
    });
    const body = JSON.stringify({ messages: asks("Hi"), metadata: { complexity: "critical" } });
    const reply = await createApp({ graphs: { graph } }).request("/v1/chat/completions", {
      method: "POST",
      headers,
      body,
    });
    expect(await reply.json()).toMatchObject({ orchestration: { modelUsed: "hard" } });
    expect(simple.callCount).toBe(0);
  });

  it("that names no level is the caller's mistake, where a route needs one", async () => {
    const told = vi.fn();
    const route = byComplexity({ simple: "simple" });
    const graph = createRouter({ models: { simple: saying("Hi!") }, route });
    const app = createApp({ graphs: { graph }, models: { plain: saying("Hi!") }, onError: told });
    const ask = (model: string) =>
      app.request("/v1/chat/completions", {
        method: "POST",
        headers,
        body: JSON.stringify({ model, messages: asks("Hi"), metadata: { complexity: "banana" } }),
      });
    const refused = await ask("graph");
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { param: "metadata.complexity" } }]);
    expect((await ask("plain")).status).toBe(200);
    expect(told).not.toHaveBeenCalled();
  });
});
