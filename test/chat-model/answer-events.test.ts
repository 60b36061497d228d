import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import { ChatModelStream } from "@langchain/core/language_models/stream";
import { AIMessageChunk } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerEvents } from "../../src/chat-model/answer-events.js";

type Fields = ConstructorParameters<typeof AIMessageChunk>[0] & object;

async function* given(chunks: readonly Fields[]) {
  for (const chunk of chunks) yield new AIMessageChunk({ id: "m", ...(chunk as object) } as Fields as never);
}

async function eventsOf(...chunks: readonly Fields[]): Promise<ChatModelStreamEvent[]> {
  const events: ChatModelStreamEvent[] = [];
  for await (const event of answerEvents(given(chunks))) events.push(event);
  return events;
}

const messageOf = async (...chunks: readonly Fields[]) => new ChatModelStream(answerEvents(given(chunks)));
const call = (fields: object) => ({ type: "tool_call_chunk" as const, ...fields });

describe("answerEvents", () => {
  it("numbers blocks as they begin: a text and a call that both count from 0 are two", async () => {
    const { content } = await messageOf(
      { content: "Let me " },
      { content: "look." },
      { content: "", tool_call_chunks: [call({ index: 0, id: "1", name: "time", args: "" })] },
      { content: "", tool_call_chunks: [call({ index: 0, args: '{"zone":' })] },
      { content: "", tool_call_chunks: [call({ index: 0, args: '"a"}' })] },
    );
    expect(content).toEqual([
      { type: "text", text: "Let me look." },
      { type: "tool_call", id: "1", name: "time", args: { zone: "a" } },
    ]);
  });

  it.each<[string, object[]]>([
    [
      "with a number each",
      [
        { index: 0, id: "1" },
        { index: 1, id: "2" },
      ],
    ],
    [
      "with one number and an id each",
      [
        { index: 0, id: "1" },
        { index: 0, id: "2" },
      ],
    ],
    ["with an id each", [{ id: "1" }, { id: "2" }]],
    ["with a name each", [{}, {}]],
  ])("keeps calls apart that come in one chunk %s", async (_how, [one, other]) => {
    const { tool_calls } = await messageOf({
      content: "",
      tool_call_chunks: [call({ ...one, name: "a", args: "{}" }), call({ ...other, name: "b", args: "{}" })],
    });
    expect(tool_calls!.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("takes an id and a name that come late, and says of arguments that are no JSON that they are not", async () => {
    const { content } = await messageOf(
      { content: "", tool_call_chunks: [call({ index: 0, args: "{" })] },
      { content: "", tool_call_chunks: [call({ index: 0, id: "1", name: "time" })] },
    );
    expect(content).toEqual([
      { type: "invalid_tool_call", id: "1", name: "time", args: "{", error: expect.stringContaining("not JSON") },
    ]);
  });

  it.each<[string, Fields, object[]]>([
    [
      "thoughts of an OpenAI-compatible server",
      { content: "4", additional_kwargs: { reasoning_content: "2 + 2" } },
      [
        { type: "reasoning", reasoning: "2 + 2" },
        { type: "text", text: "4" },
      ],
    ],
    [
      "thoughts that are sealed, and some that cannot be read",
      {
        content: [
          { type: "thinking", thinking: "2 + 2", signature: "seal" },
          { type: "redacted_thinking", data: "xx" },
        ],
      } as Fields,
      [
        { type: "reasoning", reasoning: "2 + 2", signature: "seal" },
        { type: "non_standard", value: { type: "redacted_thinking", data: "xx" } },
      ],
    ],
    [
      "Bedrock's thoughts",
      { content: [{ type: "reasoning_content", reasoningText: { text: "2 + 2", signature: "seal" } }] } as Fields,
      [{ type: "reasoning", reasoning: "2 + 2", signature: "seal" }],
    ],
    [
      "a call that is a block, too, where it stands",
      {
        content: [
          { type: "text", text: "One" },
          { type: "tool_use", id: "1", name: "time", input: { a: 1 } },
          { type: "text", text: "Two" },
        ],
        tool_call_chunks: [call({ index: 0, id: "1", name: "time", args: '{"a":1}' })],
      } as Fields,
      [
        { type: "text", text: "One" },
        { type: "tool_call", id: "1", name: "time", args: { a: 1 } },
        { type: "text", text: "Two" },
      ],
    ],
    [
      "pictures and citations",
      {
        content: [
          { type: "image", mimeType: "image/png", data: "AAAA" },
          { type: "text", text: "As said", citations: [{ url: "https://example.com" }] },
          { type: "text", text: " here" },
        ],
      } as Fields,
      [
        { type: "image", mimeType: "image/png", data: "AAAA" },
        { type: "text", text: "As said", annotations: [{ url: "https://example.com" }] },
        { type: "text", text: " here" },
      ],
    ],
    [
      "a search of the provider's own",
      {
        content: [
          { type: "server_tool_use", id: "s", name: "web_search", input: { query: "x" } },
          { type: "web_search_tool_result", tool_use_id: "s" },
        ],
      } as Fields,
      [
        { type: "server_tool_call", id: "s", name: "web_search", args: { query: "x" } },
        { type: "non_standard", value: { type: "web_search_tool_result", tool_use_id: "s" } },
      ],
    ],
    [
      "speech",
      { content: "", additional_kwargs: { audio: { id: "a", data: "AAAA", transcript: "Hi", format: "wav" } } },
      [{ type: "audio", id: "a", mimeType: "audio/wav", data: "AAAA", transcript: "Hi" }],
    ],
  ])("gives %s in the standard form", async (_what, chunk, blocks) => {
    expect((await messageOf(chunk)).content).toEqual(blocks);
  });

  it("joins the arguments of a provider's own tool as they come", async () => {
    const content = (block: object) => ({ content: [{ index: 1, ...block }] }) as Fields;
    const message = await messageOf(
      content({ type: "server_tool_use", id: "s", name: "web_search", input: "" }),
      {
        ...content({ type: "input_json_delta", input: '{"q":' }),
        tool_call_chunks: [call({ index: 1, args: '{"q":' })],
      } as Fields,
      {
        ...content({ type: "input_json_delta", input: "1}" }),
        tool_call_chunks: [call({ index: 1, args: "1}" })],
      } as Fields,
    );
    expect(message.content).toEqual([{ type: "server_tool_call", id: "s", name: "web_search", args: { q: 1 } }]);
    expect(message.tool_calls).toEqual([]);
  });

  it.each([
    [{ finish_reason: "stop" }, "stop"],
    [{ finish_reason: "length" }, "length"],
    [{ finishReason: "MAX_TOKENS" }, "length"],
  ])("ends with the reason that %o stands for", async (response_metadata, reason) => {
    const events = await eventsOf({ content: "Hi" }, { content: "", response_metadata });
    expect(events.at(-1)).toMatchObject({ event: "message-finish", reason, responseMetadata: response_metadata });
  });

  it("begins another message where an answer was given up", async () => {
    const events = await eventsOf({ content: "Half", id: "1" }, { content: "Whole", id: "2" });
    expect(events.map((event) => ("id" in event ? `${event.event} ${event.id}` : event.event))).toEqual([
      ...["message-start 1", "content-block-start", "content-block-delta", "content-block-finish", "message-finish"],
      ...["message-start 2", "content-block-start", "content-block-delta", "content-block-finish", "message-finish"],
    ]);
  });

  it("has of each block one start before its deltas and one finish after them, however an answer is cut", async () => {
    const text = fc.record({ content: fc.string() });
    const part = fc.record({
      content: fc.constant(""),
      tool_call_chunks: fc.array(
        fc.record(
          {
            type: fc.constant("tool_call_chunk" as const),
            index: fc.nat(2),
            id: fc.constantFrom("", "a", "b"),
            name: fc.constantFrom("", "f"),
            args: fc.string(),
          },
          { requiredKeys: ["type"] },
        ),
        { maxLength: 2 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(text, part), { minLength: 1, maxLength: 8 }), async (chunks) => {
        const events = await eventsOf(...(chunks as Fields[]));
        const state = new Map<number, "open" | "done">();
        let shown = "";
        for (const event of events) {
          if (event.event === "content-block-start") {
            expect(event.index).toBe(state.size);
            state.set(event.index, "open");
          }
          if (event.event === "content-block-delta") {
            expect(state.get(event.index)).toBe("open");
            if (event.delta.type === "text-delta") shown += event.delta.text;
          }
          if (event.event === "content-block-finish") {
            expect(state.get(event.index)).toBe("open");
            state.set(event.index, "done");
          }
        }
        expect([...state.values()].every((each) => each === "done")).toBe(true);
        expect(shown).toBe(chunks.map(({ content }) => content).join(""));
        expect([events[0]!.event, events.at(-1)!.event]).toEqual(["message-start", "message-finish"]);
      }),
      { numRuns: 200 },
    );
  });
});
