import { readFileSync } from "node:fs";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { budget, createFallback } from "../../src/index.js";
import { type AppOptions, createApp, serve } from "../../src/server/index.js";
import { metersOf } from "../../src/server/metrics/meters.js";
import { RunMetrics } from "../../src/server/metrics/run-metrics.js";
import { httpError, saying } from "../support/fakes.js";

interface Registered {
  readonly name: string;
  readonly labelNames: readonly string[];
}

const price = { input: 1_000_000, output: 2_000_000 } as const; // dollars of a token

function appWith(more: Partial<AppOptions> = {}) {
  const broken = saying(...Array.from({ length: 9 }, () => httpError(500)));
  return createApp({
    graphs: {
      chain: createFallback({
        models: {
          broken: { model: broken, retry: false, price },
          steady: { model: new FakeListChatModel({ responses: ["An answer"] }), price },
        },
      }),
    },
    models: { "llama:3b": new FakeListChatModel({ responses: ["Hi"] }) },
    metrics: true,
    onError: () => {},
    ...more,
  });
}

const ask = (app: ReturnType<typeof appWith>, model: string) =>
  app.request("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hi" }] }),
  });

const metricsOf = async (app: ReturnType<typeof appWith>) => (await app.request("/metrics")).text();

afterEach(() => {
  vi.doUnmock("prom-client");
  vi.resetModules();
});

describe("createApp › metrics", () => {
  it("are off unless they are wanted", async () => {
    expect((await appWith({ metrics: false }).request("/metrics")).status).toBe(404);
  });

  it("count runs, calls, tokens, dollars and seconds in Prometheus' text format", async () => {
    const app = appWith();
    await ask(app, "chain");
    await ask(app, "llama:3b");
    const reply = await app.request("/metrics");
    expect(reply.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await reply.text()).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "# TYPE multimodel_runs_total counter",
        'multimodel_runs_total{model="chain",status="ok",code=""} 1',
        'multimodel_runs_total{model="llama:3b",status="ok",code=""} 1',
        'multimodel_runs_in_flight{model="chain"} 0',
        'multimodel_calls_total{entry="broken",model="broken",role="answer",status="error",error_class="server"} 1',
        'multimodel_calls_total{entry="steady",model="steady",role="answer",status="ok",error_class=""} 1',
        'multimodel_calls_total{entry="llama:3b",model="llama-3b",role="answer",status="ok",error_class=""} 1',
        'multimodel_unpriced_calls_total{entry="llama:3b",model="llama-3b"} 1',
        'multimodel_run_duration_seconds_count{model="chain"} 1',
        'multimodel_call_duration_seconds_count{entry="steady",model="steady"} 1',
        'multimodel_breaker_state{model="steady"} 0',
      ]),
    );
    const numberOf = (series: string) =>
      Number(
        lines
          .find((line) => line.startsWith(series))!
          .split(" ")
          .at(-1),
      );
    const tokens = (type: string) => numberOf(`multimodel_tokens_total{entry="steady",model="steady",type="${type}"}`);
    expect(tokens("input")).toBeGreaterThan(0);
    expect(numberOf('multimodel_cost_usd_total{entry="steady"')).toBe(tokens("input") + 2 * tokens("output"));
  });

  it("say which class of failure ended a run", async () => {
    const app = appWith({ graphs: { chain: createFallback({ models: { broken: saying(httpError(401)) } }) } });
    expect((await ask(app, "chain")).status).toBe(403);
    expect(await metricsOf(app)).toContain(
      'multimodel_runs_total{model="chain",status="error",code="authentication"} 1',
    );
  });

  it("show budgets and breakers as they are", async () => {
    const daily = budget({ usd: 20, per: "day", name: "metrics-team" });
    const empty = budget({ usd: 0, per: "month", name: "metrics-empty" });
    const model = (mine: typeof daily) => ({
      model: new FakeListChatModel({ responses: ["Hi"] }),
      budget: mine,
      price: { input: 1, output: 1 },
    });
    const app = appWith({ models: { none: model(empty), some: model(daily) } });
    await ask(app, "none");
    await ask(app, "some");
    const text = await metricsOf(app);
    expect(text).toContain('multimodel_budget_limit_usd{budget="metrics-team",per="day"} 20');
    expect(text).toMatch(/multimodel_budget_used_usd\{budget="metrics-team",per="day"\} [0-9.e-]*[1-9]/);
    expect(text).toContain('multimodel_budget_refusals_total{budget="metrics-empty"} 1');
    const failing = saying(...Array.from({ length: 5 }, () => httpError(503)));
    const other = appWith({ models: { "breaks-now": { model: failing, retry: false, coolDown: { maxMs: 0 } } } });
    for (let times = 0; times < 5; times++) await ask(other, "breaks-now");
    expect(await metricsOf(other)).toContain('multimodel_breaker_state{model="breaks-now"} 2');
  });

  it("have the endpoint's keys, keys of their own, or none", async () => {
    const status = async (app: ReturnType<typeof appWith>, key?: string) =>
      (await app.request("/metrics", key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } })).status;
    const usual = appWith({ apiKeys: ["endpoint"] });
    expect([await status(usual), await status(usual, "endpoint")]).toEqual([401, 200]);
    const own = appWith({ apiKeys: ["endpoint"], metrics: { apiKeys: ["scraper"] } });
    expect([await status(own), await status(own, "endpoint"), await status(own, "scraper")]).toEqual([401, 401, 200]);
    expect((await own.request("/v1/models", { headers: { authorization: "Bearer scraper" } })).status).toBe(401);
    expect(await status(appWith({ apiKeys: ["endpoint"], metrics: { apiKeys: false } }))).toBe(200);
  });

  it("refuse options that mean nothing", () => {
    expect(() => appWith({ metrics: 1 as never })).toThrow(/createApp\.metrics/);
    expect(() => appWith({ metrics: { keys: [] } as never })).toThrow(/createApp\.metrics\.keys.*apiKeys/);
    expect(() => appWith({ metrics: { apiKeys: [] } })).toThrow(/createApp\.metrics\.apiKeys/);
  });

  it("give names of models and entries a bounded number of series", async () => {
    const metrics = new RunMetrics(new Map());
    const run = { id: "1", model: "chain", caller: "no key", question: "", startedAt: 0 };
    for (let count = 0; count < 1_000; count++) {
      const place = { id: `${count}`, turnId: "1", path: "a", node: `node-${count}`, model: `model-${count}` };
      metrics.called(run, {
        ...place,
        role: "answer",
        status: "ok",
        attempt: 1,
        startedAt: 0,
        latencyMs: 1,
        costUsd: 1,
      });
    }
    const { text } = await metrics.text();
    const series = text.split("\n").filter((line) => line.startsWith("multimodel_calls_total{"));
    expect(series).toHaveLength(201);
    expect(series.at(-1)).toBe(
      'multimodel_calls_total{entry="(others)",model="(others)",role="answer",status="ok",error_class=""} 800',
    );
  });

  it("are all in docs/metrics.md", async () => {
    const page = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `multimodel_"));
    const documented = rows.flatMap((row) => {
      const [, names, type, labels] = row.split("|").map((cell) => cell.trim());
      const labelled = [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label);
      return [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => ({ name, type, labels: labelled }));
    });
    const { registry } = metersOf(await import("prom-client"));
    const registered = registry.getMetricsAsArray() as unknown as readonly Registered[];
    const known = registered.map((metric) => ({
      name: metric.name,
      type: metric.constructor.name.toLowerCase(),
      labels: metric.labelNames.filter((label) => label !== "le"),
    }));
    const byName = (one: { name?: string }, other: { name?: string }) => one.name!.localeCompare(other.name!);
    expect(documented.toSorted(byName)).toEqual(known.toSorted(byName));
  });

  it("name the package that is missing, at the start of a server and at the path", async () => {
    vi.doMock("prom-client", () => {
      throw new Error("Cannot find package 'prom-client'");
    });
    const options = { models: { small: new FakeListChatModel({ responses: ["Hi"] }) }, metrics: true };
    const expected = "createApp.metrics needs packages that are not installed; run: npm install prom-client";
    await expect(serve(options, { port: 0 })).rejects.toThrow(expected);
    const reply = await createApp(options).request("/metrics");
    expect(reply.status).toBe(501);
    expect(await reply.text()).toContain(expected);
  });
});
