import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { record, replay } from "../../../src/evaluation/index.js";
import {
  agreement,
  classifyError,
  classifyWith,
  createCascade,
  createFallback,
  createRouter,
  RecordingMissError,
} from "../../../src/index.js";
import { httpError, saying } from "../../support/fakes.js";
import { useLoopback } from "../../support/use-loopback.js";
import { AnsweringModel, pricedModel } from "../runs/support/priced-model.js";
import { useScratch } from "./support/scratch.js";

const scratch = useScratch();
const answering = (text = "18") => new AnsweringModel("gpt-4o-mini", () => text);
const weather = tool(() => "sunny", {
  name: "weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});

describe("record", () => {
  it("appends a line a call, which replays with text, usage and the id of the model", async () => {
    const model = answering();
    const file = scratch.file("a.jsonl");
    await record(model, file).invoke("What is 3 * 6?");
    const [line] = scratch.lines("a.jsonl");
    expect(line).toMatchObject({ input: "What is 3 * 6?", answers: { "gpt-4o-mini": { text: "18" } } });
    const answer = await replay(file).invoke("What is 3 * 6?");
    expect(answer.text).toBe("18");
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 10, output_tokens: 5 });
    expect(model.calls).toBe(1);
  });

  it("leaves the given model alone, and keeps its class", async () => {
    const model = answering();
    const recording = record(model, scratch.file("a.jsonl"));
    expect(recording).toBeInstanceOf(AnsweringModel);
    await model.invoke("Hi");
    expect(() => scratch.lines("a.jsonl")).toThrow("ENOENT");
  });

  it("names the models of a record by their keys, those of entries with parameters too", async () => {
    const file = scratch.file("a.jsonl");
    const models = record(
      { small: pricedModel("s", () => "a"), large: { model: answering("b"), timeout: 9_000 } },
      file,
    );
    expect(models.large).toMatchObject({ timeout: 9_000 });
    const graph = createCascade({ models, verify: agreement() }).compile();
    const { messages } = await graph.invoke({ messages: "Hi" });
    expect(scratch.lines("a.jsonl").map(({ answers }) => Object.keys(answers as object))).toEqual([
      ["small"],
      ["large"],
    ]);
    const replayed = { small: replay(file, { model: "small" }), large: replay(file, { model: "large" }) };
    const again = await createCascade({ models: replayed, verify: agreement() }).compile().invoke({ messages: "Hi" });
    expect(again.messages.at(-1)!.text).toBe(messages.at(-1)!.text);
    expect(again.calls.map(({ usage }) => usage)).toEqual(
      again.calls.map(() => ({ inputTokens: 10, outputTokens: 5 })),
    );
  });

  it("records each attempt that a retry repeats, and replays the failure before the answer", async () => {
    const file = scratch.file("a.jsonl");
    const flaky = saying(httpError(429, "slow down", { headers: { "retry-after": "7" } }), "fine");
    const model = record(flaky, file, { name: "flaky" });
    await expect(model.invoke("Hi")).rejects.toThrow("slow down");
    await model.invoke("Hi");
    const replayed = replay(file);
    const error = await replayed.invoke("Hi").catch((thrown: unknown) => thrown);
    expect(classifyError(error)).toMatchObject({ class: "rate_limit", status: 429, retryAfterMs: 7_000 });
    expect((await replayed.invoke("Hi")).text).toBe("fine");
  });

  it("gives equal requests their recordings in turn, and from the first again", async () => {
    const file = scratch.file("a.jsonl");
    const model = record(saying("one", "two"), file, { name: "m" });
    for (const _ of [1, 2]) await model.invoke("Hi");
    const replayed = replay(file);
    const texts = [];
    for (const _ of [1, 2, 3]) texts.push((await replayed.invoke("Hi")).text);
    expect(texts).toEqual(["one", "two", "one"]);
  });

  it("redacts keys in what is asked and answered, and still finds the request", async () => {
    const file = scratch.file("a.jsonl");
    const key = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD";
    const asked = `My key is ${key}`;
    const call = { name: "login", args: { password: "hunter2-hunter2" }, id: "c1" };
    const said = new AIMessage({ content: `Never post ${key}`, tool_calls: [call] });
    await record(saying(said), file, { name: "m" }).invoke(asked);
    const text = readFileSync(file, "utf8");
    expect(text).not.toContain(key);
    expect(text).not.toContain("hunter2");
    expect((await replay(file).invoke(asked)).text).toBe("Never post [redacted]");
  });

  it("goes on behind a line that a kill cut off", async () => {
    const file = scratch.file("a.jsonl");
    await record(answering(), file).invoke("one");
    appendFileSync(file, '{"request":"abc","input":"cut o');
    await record(answering(), file).invoke("two");
    expect((await replay(file).invoke("two")).text).toBe("18");
    expect((await replay(file).invoke("one")).text).toBe("18");
  });

  it("refuses a graph, whose models it could not see", () => {
    const graph = createFallback({ models: { a: answering() } });
    expect(() => record(graph, scratch.file("a.jsonl"))).toThrow("record the models inside it");
  });
});

describe("replay", () => {
  it("streams a recorded answer in pieces, with usage at the end", async () => {
    const file = scratch.file("a.jsonl");
    await record(answering("one two three"), file).invoke("Hi");
    let whole: AIMessageChunk | undefined;
    let pieces = 0;
    for await (const chunk of await replay(file).stream("Hi")) {
      pieces++;
      whole = whole === undefined ? chunk : whole.concat(chunk);
    }
    expect(pieces).toBeGreaterThan(2);
    expect(whole).toMatchObject({ content: "one two three", usage_metadata: { total_tokens: 15 } });
  });

  it("replays tool calls to a conversation with new ids, streamed or not", async () => {
    const file = scratch.file("a.jsonl");
    const call = { name: "weather", args: { city: "Rome" }, id: "call_1" };
    const model = record(saying(new AIMessage({ content: "", tool_calls: [call] }), "It is sunny."), file, {
      name: "m",
    });
    const bound = model.bindTools!([weather]);
    await bound.invoke("Weather in Rome?");
    const called = (id: string) => [
      new HumanMessage("Weather in Rome?"),
      new AIMessage({ content: "", tool_calls: [{ ...call, id }] }),
      new ToolMessage({ content: "sunny", tool_call_id: id }),
    ];
    await bound.invoke(called("call_1"));
    const replayed = replay(file).bindTools([weather]);
    expect((await replayed.invoke("Weather in Rome?")).tool_calls).toMatchObject([call]);
    let streamed = new AIMessageChunk("");
    for await (const chunk of await replayed.stream("Weather in Rome?")) streamed = streamed.concat(chunk);
    expect(streamed.tool_calls).toMatchObject([call]);
    expect((await replayed.invoke(called("call_of_this_run"))).text).toBe("It is sunny.");
    expect(scratch.lines("a.jsonl")[0]).toMatchObject({ tools: ["weather"] });
  });

  it("throws RecordingMissError with the nearest recording, also through a graph", async () => {
    const file = scratch.file("a.jsonl");
    const model = record(answering(), file);
    for (const text of ["What is the capital of France?", "Name a colour"]) await model.invoke(text);
    const error = await replay(file)
      .invoke("What is the capital of Spain?")
      .catch((thrown: unknown) => thrown);
    expect(RecordingMissError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ nearest: "What is the capital of France?", model: "gpt-4o-mini", file });
    const spare = new AnsweringModel("spare", () => "never");
    const graph = createFallback({ models: { main: replay(file), spare } }).compile();
    await expect(graph.invoke({ messages: "What is the capital of Spain?" })).rejects.toThrow("capital of France?");
    expect(spare.calls).toBe(0);
  });

  it("answers lines with the answers of several models by the question, whatever the system prompt", async () => {
    const file = scratch.file("r.jsonl");
    const answers = {
      a: { text: "4", usage: { inputTokens: 7, outputTokens: 1 } },
      b: { text: "", error: "HTTP 500" },
    };
    writeFileSync(file, `${JSON.stringify({ id: "1", input: "2 + 2?", expected: 4, answers })}\n`);
    const asked = [new SystemMessage("Be short."), new HumanMessage("2 + 2?")];
    expect((await replay(file, { model: "a" }).invoke(asked)).text).toBe("4");
    await expect(replay(file, { model: "b" }).invoke("2 + 2?")).rejects.toThrow("HTTP 500");
    expect(() => replay(file)).toThrow("name one of a, b");
    expect(() => replay(file, { model: "aa" })).toThrow("has a, b");
  });

  it("waits as long as the recording took with speed, and not at all without", async () => {
    const file = scratch.file("r.jsonl");
    const line = { input: "Hi", answers: { a: { text: "Hello", latencyMs: 3_600_000 } } };
    writeFileSync(file, `${JSON.stringify(line)}\n`);
    expect((await replay(file).invoke("Hi")).text).toBe("Hello");
    const stop = AbortSignal.timeout(50);
    await expect(replay(file, { speed: 1 }).invoke("Hi", { signal: stop })).rejects.toThrow();
  });

  it("says what is wrong with a file", () => {
    writeFileSync(scratch.file("other.jsonl"), '{"text":"no recording"}\n');
    expect(() => replay(scratch.file("other.jsonl"))).toThrow("it has no recording");
    expect(() => replay(scratch.file("missing.jsonl"))).toThrow("there is no such file");
  });
});

describe("a graph of real clients", () => {
  const loopback = useLoopback();

  it("runs from its recording without a request: classifier by tool call, answers streamed and not", async () => {
    const file = scratch.file("g.jsonl");
    const { server, openai, gemini } = loopback;
    const call = { name: "choose", args: { label: "large" } };
    server.reply("judge", ({ body }) => {
      const [tool] = (body as { tools: { function: { name: string } }[] }).tools;
      return { toolCalls: [{ ...call, name: tool!.function.name }] };
    });
    server.reply("big", { text: "Because it is so.", usage: { inputTokens: 9, outputTokens: 3, cachedTokens: 4 } });
    const models = record({ judge: openai("judge"), small: gemini("little"), large: openai("big") }, file);
    const build = ({ judge, small, large }: typeof models | Record<keyof typeof models, ReturnType<typeof replay>>) =>
      createRouter({ models: { small, large }, route: classifyWith(judge) }).compile();
    const graph = build(models);
    const first = await graph.invoke({ messages: "Prove it" });
    for await (const _ of await graph.stream({ messages: "Prove it again" }, { streamMode: "messages" }));
    const sent = server.requests.length;
    expect(sent).toBe(4);
    const [judge, large] = [replay(file, { model: "judge" }), replay(file, { model: "large" })];
    const again = build({ judge, small: large, large });
    const second = await again.invoke({ messages: "Prove it" });
    expect(first.modelUsed).toBe("large");
    expect(second).toMatchObject({ modelUsed: "large", route: "large" });
    expect(second.messages.at(-1)!.text).toBe("Because it is so.");
    expect(second.calls.map(({ usage }) => usage)).toEqual(first.calls.map(({ usage }) => usage));
    const tokens: string[] = [];
    for await (const [chunk] of await again.stream({ messages: "Prove it again" }, { streamMode: "messages" })) {
      tokens.push(chunk.text);
    }
    expect(tokens.join("")).toBe("Because it is so.");
    expect(server.requests.length).toBe(sent);
  });

  it("is recorded with settings that rebuild its client", async () => {
    const file = scratch.file("g.jsonl");
    const { openai, server } = loopback;
    const models = record({ a: { model: openai("a"), parameters: { temperature: 0.1 } } }, file);
    const graph = createFallback({ models }).compile();
    await graph.invoke({ messages: "Hi" }, { context: { parameters: { temperature: 0.9 } } });
    expect(server.requests.map(({ body }) => (body as { temperature: number }).temperature)).toEqual([0.9]);
    expect(scratch.lines("g.jsonl")).toHaveLength(1);
  });
});
