import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Serialized } from "@langchain/core/load/serializable";
import type { LLMResult } from "@langchain/core/outputs";
import { RunnableLambda } from "@langchain/core/runnables";
import { describe, expect, it } from "vitest";
import { asChatModel, createEnsemble, createFallback, createRouter, synthesizeWith } from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai: model } = useLoopback({ reply: { text: "Hello there", chunks: 2 } });
const routed = () => asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }), { name: "support" });

interface Seen {
  readonly event: string;
  readonly name?: string;
  readonly runId: string;
  readonly parentRunId?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Record<string, unknown>;
  readonly text?: string;
}

/** Notes what happens, in order. */
class Notebook extends BaseCallbackHandler {
  readonly name = "notebook";
  override readonly awaitHandlers = true;
  readonly seen: Seen[] = [];

  override handleChatModelStart(
    _model: Serialized,
    _messages: unknown,
    runId: string,
    parentRunId?: string,
    _extra?: Record<string, unknown>,
    tags?: string[],
    metadata?: Record<string, unknown>,
    name?: string,
  ): void {
    this.seen.push({
      event: "start",
      runId,
      parentRunId,
      tags,
      metadata,
      name: String(metadata?.ls_model_name ?? name),
    });
  }
  override handleLLMNewToken(text: string, _indices: unknown, runId: string): void {
    this.seen.push({ event: "token", runId, text });
  }
  override handleLLMEnd({ generations }: LLMResult, runId: string): void {
    this.seen.push({ event: "end", runId, text: generations[0]![0]!.text });
  }
  override handleLLMError(error: Error, runId: string): void {
    this.seen.push({ event: "error", runId, name: error.name });
  }
  override handleChainStart(
    _chain: Serialized,
    _inputs: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    _metadata?: unknown,
    _type?: string,
    name?: string,
  ): void {
    this.seen.push({ event: "chain", runId, parentRunId, name });
  }
  of(runId: string): string[] {
    return this.seen.filter((each) => each.runId === runId).map(({ event }) => event);
  }
}

describe("callbacks of a pattern as a chat model", () => {
  it("tell of its own run first, and of those inside it as its children", async () => {
    const notebook = new Notebook();
    const runId = "01234567-89ab-4def-8123-456789abcdef";
    await routed().invoke("Hi", { callbacks: [notebook], runId, runName: "mine" });
    const [first, graph] = notebook.seen;
    expect(first).toMatchObject({ event: "start", runId, name: "support" });
    expect(graph).toMatchObject({ event: "chain", parentRunId: runId });
    expect(notebook.of(runId)).toEqual(["start", "end"]);
    const inner = notebook.seen.filter(({ event, name }) => event === "start" && name === "a");
    expect(inner).toHaveLength(1);
    expect(inner[0]!.runId).not.toBe(runId);
    expect(notebook.seen.at(-1)).toMatchObject({ event: "end", runId, text: "Hello there" });
  });

  it("tell of the tokens it shows when it streams", async () => {
    const notebook = new Notebook();
    const runId = "01234567-89ab-4def-8123-456789abcdef";
    for await (const _chunk of await routed().stream("Hi", { callbacks: [notebook], runId })) {
      // only the callbacks matter
    }
    expect(notebook.of(runId)).toEqual(["start", "token", "token", "token", "end"]);
    const own = notebook.seen.filter((each) => each.runId === runId && each.event === "token");
    expect(own.map(({ text }) => text).join("")).toBe("Hello there");
  });

  it("tell of its error, with its class", async () => {
    server.reply("a", failWith.badRequest());
    const notebook = new Notebook();
    const runId = "01234567-89ab-4def-8123-456789abcdef";
    await expect(routed().invoke("Hi", { callbacks: [notebook], runId })).rejects.toThrow("invalid_request");
    expect(notebook.of(runId)).toEqual(["start", "error"]);
    expect(notebook.seen.at(-1)).toMatchObject({ event: "error", runId, name: "ModelCallError" });
  });

  it("carry tags and metadata of withConfig to it and to the models inside it", async () => {
    const notebook = new Notebook();
    const chat = routed().withConfig({ tags: ["blue"], metadata: { tenant: "x" }, callbacks: [notebook] });
    await chat.invoke("Hi");
    const starts = notebook.seen.filter(({ event }) => event === "start");
    expect(starts).toHaveLength(2);
    for (const { tags, metadata } of starts) {
      expect(tags).toContain("blue");
      expect(metadata).toMatchObject({ tenant: "x" });
    }
    expect(starts.map(({ metadata }) => metadata?.ls_provider)).toEqual(["langgraph-multimodel", "openai"]);
  });

  it("are those of the chain around it", async () => {
    const notebook = new Notebook();
    const chain = RunnableLambda.from((question: string) => `${question}?`).pipe(routed());
    await chain.invoke("Hi", { callbacks: [notebook] });
    const [sequence] = notebook.seen;
    const own = notebook.seen.find(({ name }) => name === "support");
    expect(own?.parentRunId).toBe(sequence!.runId);
  });

  it("show in a stream of events the tokens of the answer once, and every run that begins and ends", async () => {
    server.reply("s", { text: "Both", chunks: 1 });
    const models = { a: model("a"), b: model("b") };
    const chat = asChatModel(createEnsemble({ models, aggregate: synthesizeWith(model("s")) }), { name: "team" });
    const texts = new Map<string, string>();
    const ended: string[] = [];
    for await (const { event, name, data } of chat.streamEvents("Hi", { version: "v2" })) {
      if (event === "on_chat_model_end") ended.push(`${name}: ${(data.output as { text: string }).text}`);
      if (event !== "on_chat_model_stream") continue;
      texts.set(name, (texts.get(name) ?? "") + (data.chunk as { text: string }).text);
    }
    expect([...texts]).toEqual([["team", "Both"]]);
    expect(ended.sort()).toEqual(
      [...Array(2).fill("ChatOpenAI: Hello there"), "ChatOpenAI: Both", "team: Both"].sort(),
    );
  });

  it("reach functions of the graph with tags, metadata and configurable of the call", async () => {
    const seen: unknown[] = [];
    const graph = createRouter({
      models: { a: model("a") },
      route: ({ config }) => {
        const { tags, metadata, configurable } = config as unknown as Record<string, Record<string, unknown>>;
        seen.push([(tags as unknown as string[]).includes("blue"), metadata!.tenant, configurable!.user]);
        return "a";
      },
    });
    const call = { tags: ["blue", "nostream"], metadata: { tenant: "x" }, configurable: { user: "y" } };
    await asChatModel(graph).invoke("Hi", call);
    expect(seen).toEqual([[true, "x", "y"]]);
  });

  it("name it by its graph where it was given no name", async () => {
    const graph = createFallback({ models: { a: model("a") } });
    expect(asChatModel(graph.compile({ name: "chain" })).getName()).toBe("chain");
    expect(asChatModel(graph, { name: "mine" }).getName()).toBe("mine");
    expect(asChatModel(graph)._llmType()).toBe("langgraph_multimodel");
  });
});
