import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { MemorySaver } from "@langchain/langgraph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asChatModel,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  majorityVote,
} from "../../src/index.js";
import { checkMessages, checkPrompt } from "../../src/state/message-input.js";
import { saying } from "../support/fakes.js";

const itself: Record<string, unknown> = { type: "image" };
itself.self = itself;
let deep: unknown = "x";
for (let level = 0; level < 5_000; level++) deep = [deep];

/** What is no messages, and what the error says of it. */
const wrong: readonly (readonly [messages: unknown, says: RegExp])[] = [
  [null, /^messages is null; give a text/],
  [undefined, /^messages is undefined/],
  [5, /^messages is 5/],
  [true, /^messages is true/],
  [{}, /^messages is an empty object/],
  [{ text: "Hi" }, /^messages is an object with text/],
  [() => "Hi", /^messages is a function/],
  [[null], /^messages\[0\] is null; give a text, \{ role: "user"/],
  [["Hi", 5], /^messages\[1\] is 5/],
  [[undefined], /^messages\[0\] is undefined/],
  [new Array(2), /^messages\[0\] is undefined/],
  [[{}], /^messages\[0\] is an empty object/],
  [[[]], /^messages\[0\] is an array of 0/],
  [[{ role: "nobody", content: "x" }], /^messages\[0\] has the role "nobody"; roles are "user", "human", "assistant"/],
  [[{ type: "nobody", content: "x" }], /role "nobody"/],
  [[["nobody", "x"]], /role "nobody"/],
  [[{ role: "Human", content: "x" }], /role "Human"/],
  [[{ role: "__proto__", content: "x" }], /role "__proto__"/],
  [[{ role: 5, content: "x" }], /^messages\[0\] is an object with role, content/],
  [[{ role: "user", content: null }], /^messages\[0\]\.content is null; give a text or a list of parts/],
  [[{ role: "user" }], /^messages\[0\]\.content is undefined/],
  [[{ role: "user", parts: [{ text: "x" }] }], /^messages\[0\]\.content is undefined/],
  [[{ role: "user", content: 5 }], /^messages\[0\]\.content is 5/],
  [[{ role: "user", content: {} }], /^messages\[0\]\.content is an empty object/],
  [[{ role: "user", content: [null] }], /^messages\[0\]\.content\[0\] is null; a part is an object/],
  [[{ role: "user", content: ["x"] }], /^messages\[0\]\.content\[0\] is "x"/],
  [[{ role: "user", content: [{}] }], /^messages\[0\]\.content\[0\] is an empty object/],
  [[{ role: "user", content: [{ type: "text", text: null }] }], /^messages\[0\]\.content\[0\]\.text is null/],
  [
    [{ role: "user", content: [{ type: "image", data: deep }] }],
    /^messages\[0\]\.content is nested deeper than 100 levels/,
  ],
  [[{ role: "user", content: [itself] }], /^messages\[0\]\.content is nested .* or holds itself/],
  [[new HumanMessage({ content: [itself] as never })], /^messages\[0\]\.content is nested/],
  [[{ role: "tool", content: "r" }], /^messages\[0\]\.tool_call_id is undefined/],
  [[{ role: "assistant", content: "", tool_calls: 5 }], /^messages\[0\]\.tool_calls is 5/],
  [
    [{ role: "assistant", content: "", tool_calls: [null] }],
    /^messages\[0\]\.tool_calls\[0\] is null; give \{ id, name, args \}/,
  ],
  [
    [{ role: "assistant", content: "", tool_calls: [{ id: "1", function: { name: "f", arguments: "{" } }] }],
    /^messages\[0\]\.tool_calls\[0\]\.function\.arguments is "\{"; give JSON/,
  ],
  [[{ role: "remove" }], /^messages\[0\]\.id is undefined/],
  [[{ role: "remove", id: "x" }], /^messages: .*doesn't exist/],
  [
    [{ lc: 1, type: "constructor", id: ["langchain_core", "messages", "FunctionMessage"], kwargs: {} }],
    /role "function"/,
  ],
];

const right: readonly unknown[] = [
  "Hi",
  ["Hi"],
  { role: "user", content: "Hi" },
  [
    { role: "developer", content: "Be kind." },
    { role: "user", content: [{ type: "text", text: "Hi" }] },
  ],
  [["user", "Hi"]],
  [new SystemMessage("Be kind."), new HumanMessage("Hi"), new AIMessageChunk("Yes?"), { type: "human", content: "Hi" }],
  [
    "Hi",
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "1", content: "r" },
  ],
  [
    new HumanMessage("Hi"),
    new AIMessage({ content: "", tool_calls: [{ id: "1", name: "f", args: {} }] }),
    new ToolMessage({ content: "r", tool_call_id: "1" }),
  ],
  [{ lc: 1, type: "constructor", id: ["langchain_core", "messages", "HumanMessage"], kwargs: { content: "Hi" } }],
  [
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "data:image/png;base64,xx" } },
        { cachePoint: { type: "default" } },
      ],
    },
  ],
];

const patterns = {
  fallback: () => createFallback({ models: { a: saying("whole") } }),
  cascade: () => createCascade({ models: { a: saying("whole"), b: saying("x") }, verify: () => ({ pass: true }) }),
  ensemble: () => createEnsemble({ models: { a: saying("whole"), b: saying("whole") }, aggregate: majorityVote() }),
  pipeline: () => createPipeline({ stages: { a: saying("whole") } }),
};

/** Rows by number: a title cannot show what holds itself. */
const titles = (rows: typeof wrong) => rows.map(([, says], index) => [says.source, index] as const);

const caught = (run: () => Promise<unknown>) => run().catch((error: unknown) => error);

describe("messages that cannot be read", () => {
  it.each(titles(wrong))("are refused by name before any model is asked: %s", async (_title, index) => {
    const [messages, says] = wrong[index]!;
    const input = { messages } as never;
    const named = { name: "InvalidInputError", message: expect.stringMatching(says) };
    for (const make of Object.values(patterns))
      expect(await caught(() => make().compile().invoke(input))).toMatchObject(named);
    const graph = patterns.fallback().compile();
    const drained = async (events: AsyncIterable<unknown>) => {
      for await (const _ of events);
    };
    expect(await caught(async () => drained(await graph.stream(input)))).toMatchObject(named);
    expect(await caught(async () => drained(graph.streamEvents(input, { version: "v2" })))).toMatchObject(named);
    expect(await caught(() => graph.batch([input]))).toMatchObject(named);
  });

  it.each(titles(wrong).filter(([, index]) => Array.isArray(wrong[index]![0])))(
    "are refused by a chat model, too: %s",
    async (_title, index) => {
      const [messages, says] = wrong[index]!;
      const model = asChatModel(patterns.fallback());
      const named = { name: "InvalidInputError", message: expect.stringMatching(says) };
      expect(await caught(() => model.invoke(messages as never))).toMatchObject(named);
      expect(await caught(() => model.batch([messages as never]))).toMatchObject(named);
      const streamed = async () => {
        for await (const _ of await model.stream(messages as never));
      };
      expect(await caught(streamed)).toMatchObject(named);
    },
  );

  it.each([null, undefined, 5, {}, { role: "user", content: "Hi" }])("a chat model is not given %j", async (input) => {
    const error = await caught(() => asChatModel(patterns.fallback()).invoke(input as never));
    expect(error).toMatchObject({
      name: "InvalidInputError",
      message: expect.stringMatching(/give a text, a list of messages/),
    });
  });

  it.each(["Hi", 5, [], ["Hi"]])("a graph is not given %j as its input", async (input) => {
    const error = await caught(() =>
      patterns
        .fallback()
        .compile()
        .invoke(input as never),
    );
    expect(error).toMatchObject({
      name: "InvalidInputError",
      message: expect.stringMatching(/^The input is .*messages: "a question"/),
    });
  });

  it.each([
    ["Is it right?", /^verifier\.ask was given "Is it right\?"; give a list of messages/],
    [[null], /^messages\[0\] is null/],
    [[], /^verifier\.ask was given an empty list; give a list of messages/],
  ])("a strategy that asks with %j is told so", async (question, says) => {
    const judge = saying("yes");
    const graph = createCascade({
      models: { a: saying("whole"), b: saying("x") },
      verify: async ({ ask }) => ({ pass: (await ask(question as never, { model: judge })).text === "yes" }),
    }).compile();
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow(says);
    expect(judge.callCount).toBe(0);
  });

  it.each([[{ role: "user", content: "Is it right?" }], [["user", "Is it right?"]], ["Is it right?"]])(
    "a strategy may ask with messages in any form of LangChain: %j",
    async (...question) => {
      const judge = saying("no");
      const graph = createCascade({
        models: { a: saying("whole"), b: saying("x") },
        verify: async ({ ask, last }) => ({
          pass: last === true || (await ask(question as never, { model: judge })).text === "yes",
        }),
      }).compile();
      expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("b");
      expect(judge.calls[0]!.messages.map(({ type, text }) => [type, text])).toEqual([["human", "Is it right?"]]);
    },
  );

  it("are refused where a thread is edited, which stays as it was", async () => {
    const graph = patterns.fallback().compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "Hi" }, config);
    const error = await caught(() =>
      graph.updateState(config, { messages: [{ role: "nobody", content: "x" }] as never }),
    );
    expect(error).toMatchObject({ name: "InvalidInputError" });
    expect((await graph.getState(config)).values.messages).toHaveLength(2);
  });
});

describe("checkMessages", () => {
  it.each(right)("%# lets pass what LangChain reads: %j", async (messages) => {
    expect(() => checkMessages(messages)).not.toThrow();
    const { messages: all } = await patterns
      .fallback()
      .compile()
      .invoke({ messages } as never);
    expect(all.at(-1)!.text).toBe("whole");
  });

  it("walks once through what stands in many places", () => {
    let wide: unknown = "x";
    for (let level = 0; level < 60; level++) wide = { one: wide, other: wide };
    expect(() => checkMessages([{ role: "user", content: [{ type: "image", data: wide }] }])).not.toThrow();
  });

  it("throws nothing but its own error, whatever it is given", () => {
    const keys = { role: fc.anything(), content: fc.anything(), tool_calls: fc.anything(), type: fc.anything() };
    const message = fc.oneof(fc.anything(), fc.record(keys, { requiredKeys: [] }));
    fc.assert(
      fc.property(fc.oneof(message, fc.array(message, { maxLength: 3 })), (messages) => {
        try {
          checkMessages(messages);
        } catch (error) {
          expect((error as Error).name).toBe("InvalidInputError");
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("checkPrompt", () => {
  it("lets a prompt value pass", async () => {
    const prompt = await ChatPromptTemplate.fromMessages([["user", "Hi"]]).invoke({});
    expect(() => checkPrompt(prompt)).not.toThrow();
    expect((await asChatModel(patterns.fallback()).invoke(prompt)).text).toBe("whole");
  });
});
