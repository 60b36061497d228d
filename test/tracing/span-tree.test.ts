import { AIMessage } from "@langchain/core/messages";
import { Command, interrupt, MemorySaver } from "@langchain/langgraph";
import { createAgent, tool } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  judgeWith,
  majorityVote,
} from "../../src/index.js";
import { openTelemetry } from "../../src/tracing/index.js";
import { httpError, saying } from "../support/fakes.js";
import { drawn, memoryTraces, treeOf } from "./support/traced.js";

const calls = (name: string, args: object = {}) =>
  new AIMessage({ content: "", tool_calls: [{ name, args: args as Record<string, unknown>, id: "call-1" }] });
const lookUp = tool(async ({ q }) => `found ${q}`, {
  name: "look_up",
  description: "Looks up",
  schema: z.object({ q: z.string() }),
});
const askPerson = tool(async () => String(interrupt("sure?")), {
  name: "ask_person",
  description: "Asks",
  schema: z.object({}),
});

/** Three deep: a router over an ensemble with a fall-back in one lane and an agent in another. */
function deep(agentTool: typeof lookUp | typeof askPerson) {
  const agent = createAgent({
    model: saying(agentTool === lookUp ? calls("look_up", { q: "x" }) : calls("ask_person"), "yes"),
    tools: [agentTool],
    name: "helper",
  });
  const safe = createFallback({ models: { down: { model: saying(httpError(500)), retry: false }, up: saying("yes") } });
  const team = createEnsemble({ models: { a: safe, b: agent as never, c: saying("no") }, aggregate: majorityVote() });
  return createRouter({ models: { team, small: saying("small") }, route: () => "team" });
}

async function traced(run: (config: object) => Promise<unknown>): Promise<string> {
  const { tracerProvider, spans } = memoryTraces();
  await run({ callbacks: [openTelemetry({ tracerProvider })] });
  return treeOf(spans().map(drawn));
}

async function drained(chunks: Promise<AsyncIterable<unknown>>): Promise<void> {
  for await (const _chunk of await chunks);
}

const whole = `
invoke_workflow createRouter
  routing_decision [path=router route]
  team
    invoke_workflow createEnsemble
      fan_out
      a
        invoke_workflow createFallback
          down [path=team/a/down fallback]
            chat down [path=team/a/down error error=server]
          up
            chat up [path=team/a/up]
      b
        invoke_agent helper
          model_request
            chat b [path=team/b/model_request]
          tools
            execute_tool look_up
          model_request
            chat b [path=team/b/model_request]
      c
        chat c [path=team/c]
      result_aggregation [path=team/aggregator vote]`;

describe("openTelemetry › the tree of spans", () => {
  it("is that of the graph for invoke, three deep with lanes, a fall-back and an agent with a tool", async () => {
    expect(await traced((config) => deep(lookUp).compile().invoke({ messages: "Q" }, config))).toBe(whole.trim());
  });

  it.each(["values", "messages", "updates"] as const)("is the same when the run streams %s", async (streamMode) => {
    expect(
      await traced((config) =>
        drained(
          deep(lookUp)
            .compile()
            .stream({ messages: "Q" }, { ...config, streamMode }),
        ),
      ),
    ).toBe(whole.trim());
  });

  it("shows where an interrupt paused, and that of the run that goes on, which links to the first", async () => {
    const { tracerProvider, spans, reset } = memoryTraces();
    const graph = deep(askPerson).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "thread-of-a-pause" }, callbacks: [openTelemetry({ tracerProvider })] };
    await graph.invoke({ messages: "Q" }, config);
    expect(treeOf(spans().map(drawn))).toBe(
      `
invoke_workflow createRouter [paused]
  routing_decision [path=router route]
  team [paused]
    invoke_workflow createEnsemble [paused]
      fan_out
      a
        invoke_workflow createFallback
          down [path=team/a/down fallback]
            chat down [path=team/a/down error error=server]
          up
            chat up [path=team/a/up]
      b [paused]
        invoke_agent helper [paused]
          model_request
            chat b [path=team/b/model_request]
          tools [paused]
            execute_tool ask_person [paused]
      c
        chat c [path=team/c]`.trim(),
    );
    const first = spans().find(({ parentSpanContext }) => parentSpanContext === undefined)!;
    reset();
    await graph.invoke(new Command({ resume: "yes" }), config);
    expect(treeOf(spans().map(drawn))).toBe(
      `
invoke_workflow createRouter
  team
    invoke_workflow createEnsemble
      b
        invoke_agent helper
          tools
            execute_tool ask_person
          model_request
            chat b [path=team/b/model_request]
      result_aggregation [path=team/aggregator vote]`.trim(),
    );
    const second = spans().find(({ parentSpanContext }) => parentSpanContext === undefined)!;
    expect(second.links.map(({ context }) => context.spanId)).toEqual([first.spanContext().spanId]);
    expect(second.spanContext().traceId).not.toBe(first.spanContext().traceId);
  });

  it("links a run that goes on after a breakpoint, and no new question", async () => {
    const { tracerProvider, spans } = memoryTraces();
    const graph = createFallback({ models: { a: saying("A", "B") } }).compile({
      ...{ checkpointer: new MemorySaver(), interruptBefore: ["a"] as never },
    });
    const config = { configurable: { thread_id: "thread-left" }, callbacks: [openTelemetry({ tracerProvider })] };
    await graph.invoke({ messages: "Q" }, config);
    await graph.invoke({ messages: "another question" }, config);
    await graph.invoke(null, config);
    const roots = spans().filter(({ parentSpanContext }) => parentSpanContext === undefined);
    const ids = roots.map((root) => root.spanContext().spanId);
    expect(roots.map(({ links }) => links.map(({ context }) => context.spanId))).toEqual([[], [], [ids[1]]]);
  });

  it("has one span for each attempt, with judges below the verification", async () => {
    const flaky = { model: saying(httpError(503), "draft"), retry: { maxRetries: 1, backoff: [0] } };
    const graph = createCascade({
      models: { flaky, large: saying("large") },
      verify: judgeWith(saying("Score: 2/10")),
    });
    expect(await traced((config) => graph.compile().invoke({ messages: "Q" }, config))).toBe(
      `
invoke_workflow createCascade
  flaky
    chat flaky [path=flaky error error=server]
    chat flaky [path=flaky attempt=2]
  verification [path=verifier escalate]
    chat verifier [path=verifier role=judge]
  large
    chat large [path=large]
  verification [path=verifier accept]`.trim(),
    );
  });

  it("puts a pattern that is an agent's model below the agent, and one in a tool below the tool", async () => {
    const inner = createFallback({ models: { a: saying("from the tool") } });
    const consult = tool(async () => (await inner.compile().invoke({ messages: "Q" })).messages.at(-1)!.text, {
      ...{ name: "consult", description: "Asks another", schema: z.object({}) },
    });
    const model = asChatModel(createFallback({ models: { main: saying(calls("consult"), "done") } }), {
      name: "support",
    });
    const agent = createAgent({ model, tools: [consult], name: "helper" });
    expect(await traced((config) => agent.invoke({ messages: "Q" } as never, config))).toBe(
      `
invoke_agent helper
  model_request
    invoke_workflow support
      invoke_workflow createFallback
        main
          chat main [path=main]
  tools
    execute_tool consult
      invoke_workflow createFallback
        a
          chat a [path=a]
  model_request
    invoke_workflow support
      invoke_workflow createFallback
        main
          chat main [path=main]`.trim(),
    );
  });

  it("hangs on the span that is active around the run", async () => {
    const { tracerProvider, spans } = memoryTraces();
    const outside = tracerProvider.getTracer("user").startSpan("request");
    const { context, trace } = await import("@opentelemetry/api");
    const { AsyncLocalStorageContextManager } = await import("@opentelemetry/context-async-hooks");
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const graph = createFallback({ models: { a: saying("A") } }).compile();
      const callbacks = [openTelemetry({ tracerProvider })];
      await context.with(trace.setSpan(context.active(), outside), () =>
        graph.invoke({ messages: "Q" }, { callbacks }),
      );
      outside.end();
    } finally {
      context.disable();
    }
    expect(treeOf(spans().map(drawn))).toBe("request\n  invoke_workflow createFallback\n    a\n      chat a [path=a]");
  });
});
