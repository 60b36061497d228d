import { describe, expect, it } from "vitest";
import {
  createCascade,
  createEnsemble,
  createFallback,
  judgeWith,
  type ModelCall,
  majorityVote,
} from "../../src/index.js";
import { openTelemetry } from "../../src/tracing/index.js";
import { httpError, saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";
import { memoryMetrics, memoryTraces } from "./support/traced.js";

const { openai } = useLoopback({ reply: { text: "yes", usage: { inputTokens: 700, outputTokens: 30 } } });

interface Point {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: number | { readonly sum?: number; readonly count: number };
}

/** Runs with a meter and returns the ledger beside what an exporter got. */
async function metered(run: (callbacks: never[]) => Promise<readonly ModelCall[]>) {
  const { meterProvider, collect } = memoryMetrics();
  const calls = await run([openTelemetry({ meterProvider, tracerProvider: memoryTraces().tracerProvider }) as never]);
  const metrics = await collect();
  const points = (name: string) =>
    (metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []) as readonly Point[];
  const unit = (name: string) => metrics.find(({ descriptor }) => descriptor.name === name)?.descriptor.unit;
  return { calls, points, unit };
}

const amount = ({ value }: Point) => (typeof value === "number" ? value : (value.sum ?? 0));
const numberOf = ({ value }: Point) => (typeof value === "number" ? 1 : value.count);
const total = (points: readonly Point[]) => points.reduce((sum, point) => sum + amount(point), 0);
const count = (points: readonly Point[]) => points.reduce((sum, point) => sum + numberOf(point), 0);
const at = (points: readonly Point[], key: string, value: unknown) =>
  points.filter(({ attributes }) => attributes[key] === value);

describe("openTelemetry › metrics", () => {
  it("equal the ledger by model: durations, tokens, cost and errors", async () => {
    const entry = (id: string, input: number) => ({ model: openai(id), price: { input, output: input * 4 } });
    const down = {
      model: saying(httpError(503), httpError(503), httpError(429), httpError(429)),
      retry: { maxRetries: 1, backoff: [0] },
    };
    const lane = createFallback({ models: { down, fast: entry("gpt-4o-mini", 1) } });
    const team = createEnsemble({ models: { lane, large: entry("gpt-4o", 5) }, aggregate: majorityVote() });
    const graph = createCascade({
      models: { team, last: entry("gpt-4o", 5) },
      verify: judgeWith(openai("gpt-4.1")),
    }).compile();
    const { calls, points, unit } = await metered(async (callbacks) => {
      const runs = await Promise.all([
        graph.invoke({ messages: "Hi" }, { callbacks }),
        graph.invoke({ messages: "Ho" }, { callbacks }),
      ]);
      return runs.flatMap((run) => run.calls);
    });
    const durations = points("gen_ai.client.operation.duration");
    const tokens = points("gen_ai.client.token.usage");
    const costs = points("multimodel.cost");
    const errors = points("multimodel.errors");
    const models = new Set(calls.map(({ model }) => model));
    expect(models.size).toBeGreaterThanOrEqual(4);
    expect([
      unit("gen_ai.client.operation.duration"),
      unit("gen_ai.client.token.usage"),
      unit("multimodel.cost"),
    ]).toEqual([...["s", "{token}", "{USD}"]]);
    for (const model of models) {
      const own = calls.filter((call) => call.model === model);
      const of = (each: readonly Point[]) => at(each, "gen_ai.request.model", model);
      const sum = (value: (call: ModelCall) => number) => own.reduce((all, call) => all + value(call), 0);
      expect(count(of(durations))).toBe(own.length);
      expect(total(of(durations))).toBeCloseTo(
        sum(({ latencyMs }) => latencyMs / 1000),
        9,
      );
      expect(total(at(of(tokens), "gen_ai.token.type", "input"))).toBe(sum(({ usage }) => usage?.inputTokens ?? 0));
      expect(total(at(of(tokens), "gen_ai.token.type", "output"))).toBe(sum(({ usage }) => usage?.outputTokens ?? 0));
      expect(total(of(costs))).toBeCloseTo(
        sum(({ costUsd }) => costUsd ?? 0),
        12,
      );
      expect(total(of(errors))).toBe(own.filter(({ error }) => error !== undefined).length);
    }
    const failed = calls.filter(({ error }) => error !== undefined);
    const classes = new Set(failed.map(({ error }) => error!.class));
    expect([...classes].sort()).toEqual(["rate_limit", "server"]);
    for (const kind of classes) {
      expect(total(at(errors, "error.type", kind))).toBe(failed.filter(({ error }) => error!.class === kind).length);
    }
    expect(at(durations, "error.type", undefined).every(({ attributes }) => !("error.type" in attributes))).toBe(true);
    expect(at(durations, "multimodel.role", "judge").length).toBe(1);
  });
});
