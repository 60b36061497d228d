import type { AIMessageChunk } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import {
  createFallback,
  createPipeline,
  createRouter,
  summarizeWith,
  totalTokens,
  untilApproved,
} from "../../src/index.js";
import { failWith, type ReplySource } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useOneLoopback } from "../support/use-loopback.js";

const { server } = useOneLoopback();
let models = 0;

const review = (approved: boolean, feedback: string) => ({
  toolCalls: [{ name: "review", args: { approved, feedback } }],
});
const thread = { configurable: { thread_id: "1" } };

describe.each(Object.keys(providers) as Provider[])("createPipeline over %s", (provider) => {
  const speaking = (...script: readonly ReplySource[]) => {
    const id = `m${++models}`;
    server.reply(id, ...script);
    return Object.assign(providers[provider](server, id), {
      requests: () => server.requests.filter(({ model }) => model === id),
    });
  };

  it("plans, codes, reviews by structured output and refines, each stage at its temperature", async () => {
    const plan = speaking("1. Add");
    const code = speaking("a - b", "a + b");
    const reviewer = speaking(review(false, "It subtracts."), review(true, ""));
    const refine = speaking("sum(a, b)");
    const graph = createPipeline({
      stages: {
        plan: { model: plan, parameters: { temperature: 0.7 } },
        code: { model: code, systemPrompt: "Write code.", parameters: { temperature: 0.2 } },
        review: { model: reviewer, parameters: { temperature: 0.3 }, next: untilApproved("code") },
        refine,
      },
      answer: "refine",
    });
    const result = await graph.compile().invoke({ messages: "Add two numbers" });
    expect(result.outputs.map(({ stage, message }) => `${stage}: ${message.text}`)).toEqual([
      ...["plan: 1. Add", "code: a - b", "review: Not approved. It subtracts."],
      ...["code: a + b", "review: Approved.", "refine: sum(a, b)"],
    ]);
    expect(result).toMatchObject({ modelUsed: "refine", verdict: { pass: true } });
    const body = ({ requests }: typeof plan) => requests()[0]!.body as Record<string, Record<string, unknown>>;
    const temperature = (model: typeof plan) => body(model).temperature ?? body(model).generationConfig?.temperature;
    expect([plan, code, reviewer].map(temperature)).toEqual([0.7, 0.2, 0.3]);
    expect([reviewer.requests()[0]!.tools, code.requests()[0]!.tools]).toEqual([["review"], []]);
    const again = code.requests()[1]!.messages;
    expect(again[0]).toEqual({ role: "system", text: "Write code." });
    expect(again.map(({ text }) => text).join()).toMatch(/Add two numbers.*1\. Add.*a - b.*It subtracts\./s);
    expect(again.at(-1)!.role).toBe("user");
  });

  it("asks a reviewer whose provider takes no tools in text, and does not offer them again", async () => {
    const reviewer = speaking(
      failWith.badRequest({ message: "this model does not support tools" }),
      "Not approved: no tests.",
      "**Approved.**",
    );
    const stages = { code: speaking("a", "b"), review: { model: reviewer, next: untilApproved("code") } };
    const result = await createPipeline({ stages, answer: "code" }).compile().invoke({ messages: "Q" });
    expect(result.messages.at(-1)!.text).toBe("b");
    expect(reviewer.requests().map(({ tools }) => tools.length)).toEqual([1, 0, 0]);
    expect(result.calls.map(({ path, status }) => `${path} ${status}`)).toEqual([
      ...["code ok", "review error", "review ok", "code ok", "review ok"],
    ]);
  });

  it("runs chains, agents and pipelines as stages, twice under a checkpointer, and counts each call once", async () => {
    const chain = createFallback({
      models: { large: speaking(failWith.unknownModel()), small: speaking("first", "second") },
    });
    const agent = createAgent({ model: speaking("Not approved.", "Approved."), tools: [] });
    const polish = createPipeline({ stages: { shorten: speaking("short"), translate: speaking("kurz") } });
    const graph = createPipeline({
      stages: { code: chain, review: { model: agent, next: untilApproved("code") }, polish },
    });
    const outer = createRouter({ models: { inner: graph }, route: () => "inner" });
    const app = outer.compile({ checkpointer: new MemorySaver() });
    const result = await app.invoke({ messages: "Q" }, thread);
    expect(result.messages.map(({ text }) => text)).toEqual(["Q", "kurz"]);
    expect(result.modelUsed).toBe("inner/polish/translate");
    const answered = result.calls.filter(({ status }) => status === "ok").map(({ path }) => path);
    expect(answered).toEqual(
      [
        "code/small",
        "review/model_request",
        "code/small",
        "review/model_request",
        "polish/shorten",
        "polish/translate",
      ].map((path) => `inner/${path}`),
    );
    expect(result.messages.at(-1)).toMatchObject({
      usage_metadata: { total_tokens: totalTokens(result.calls).totalTokens },
    });
    const nodes = Object.keys((await outer.compile().getGraphAsync({ xray: true })).nodes);
    expect(nodes).toEqual(
      expect.arrayContaining(["inner:code:large", "inner:polish:shorten", "inner:polish:translate"]),
    );
  });

  it("streams the last stage and nothing before it, in a pipeline in a pipeline too", async () => {
    const inner = createPipeline({ stages: { one: speaking("hidden one"), two: speaking("shown to the reader") } });
    const graph = createPipeline({ stages: { before: speaking("hidden too"), inner } });
    const pieces: string[] = [];
    for await (const [chunk] of await graph.compile().stream({ messages: "Q" }, { streamMode: "messages" })) {
      pieces.push((chunk as AIMessageChunk).text);
    }
    expect(pieces.join("")).toBe("shown to the reader");
    expect(pieces.filter((piece) => piece !== "").length).toBeGreaterThan(1);
  });

  it("lets a stage see a summary, billed as one", async () => {
    const last = speaking("done");
    const context = summarizeWith(speaking("a summary"), { maxTokens: 50 });
    const graph = createPipeline({
      stages: { one: speaking("a long text ".repeat(200)), two: speaking("a note"), three: { model: last, context } },
    });
    const result = await graph.compile().invoke({ messages: "Q" });
    expect(result.calls.map(({ path, role }) => `${path} ${role}`)).toEqual([
      ...["one answer", "two answer", "three summary", "three answer"],
    ]);
    const seen = last
      .requests()[0]!
      .messages.map(({ text }) => text)
      .join();
    expect(seen).toContain("a summary");
    expect(seen).not.toContain("a long text");
  });
});
