import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCalls } from "../../src/calls/read-calls.js";

const whole = (args: string, name = "f") =>
  new AIMessage({
    content: "",
    invalid_tool_calls: [{ type: "invalid_tool_call", id: "1", name, args, error: "Malformed args." }],
  });

/** The same call as a stream gives it, in pieces. */
function streamed(args: string, name = "f", pieces = 2): AIMessageChunk {
  const size = Math.max(1, Math.ceil(args.length / pieces));
  const parts = Array.from({ length: Math.ceil(args.length / size) }, (_, at) =>
    args.slice(at * size, (at + 1) * size),
  );
  const chunk = (fields: { id?: string; name?: string; args: string }) =>
    new AIMessageChunk({ content: "", tool_call_chunks: [{ type: "tool_call_chunk", index: 0, ...fields }] });
  return parts.reduce((all, part) => all.concat(chunk({ args: part })), chunk({ id: "1", name, args: "" }));
}

const read = (message: AIMessage | AIMessageChunk) => {
  const { tool_calls, invalid_tool_calls } = readCalls(message);
  return [...tool_calls.map(({ args }) => args), ...invalid_tool_calls.map(({ args }) => args)];
};

describe("readCalls", () => {
  it.each([[[1]], ["x"], [null], [5]])("reads no call whose arguments are JSON but no object: %j", (args) => {
    const call = { id: "1", name: "f", args: args as unknown as Record<string, unknown> };
    const message = new AIMessage({ content: "", tool_calls: [call] });
    expect(readCalls(message)).toMatchObject({ tool_calls: [], invalid_tool_calls: [{ id: "1", name: "f" }] });
    expect(readCalls(streamed(JSON.stringify(args))).tool_calls).toEqual([]);
  });

  it.each([
    ["nothing at all", "", {}],
    ["blanks", " \n", {}],
    ["an object", '{"a": 1}', { a: 1 }],
    ["a line break in a string", '{"text": "one\ntwo\tthree"}', { text: "one\ntwo\tthree" }],
    ["a quotation in a string", '{"text": "say \\"no\\"\nnow"}', { text: 'say "no"\nnow' }],
  ])("reads %s, whole and streamed", (_what, text, args) => {
    for (const message of [whole(text), streamed(text)]) {
      expect(readCalls(message)).toMatchObject({ tool_calls: [{ id: "1", name: "f", args }], invalid_tool_calls: [] });
    }
  });

  it.each([
    '{"path": "/home/us',
    '{"a": 1, "b": ',
    '{"a": 1',
    '{"city": Oslo}',
    "[1, 2]",
    "null",
    '"text"',
    "{}}",
    "{'a': 1}",
  ])("does not read %j, whole or streamed", (text) => {
    for (const message of [whole(text), streamed(text)]) {
      expect(readCalls(message)).toMatchObject({ tool_calls: [], invalid_tool_calls: [{ name: "f", args: text }] });
    }
  });

  it("does not read a call without a name", () => {
    const named = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "", args: { a: 1 } }] });
    for (const message of [whole("{}", ""), streamed("{}", ""), named]) {
      expect(readCalls(message)).toMatchObject({ tool_calls: [], invalid_tool_calls: [{ id: "1" }] });
    }
  });

  it("keeps calls apart that a stream mixes, and gives an id to those without one", () => {
    const chunk = new AIMessageChunk({
      content: "",
      tool_call_chunks: [
        { type: "tool_call_chunk", index: 0, id: "a", name: "f", args: '{"n"' },
        { type: "tool_call_chunk", index: 1, id: "b", name: "g", args: '{"m"' },
        { type: "tool_call_chunk", index: 0, args: ": 1}" },
        { type: "tool_call_chunk", index: 1, args: ": 2}" },
        { type: "tool_call_chunk", name: "h", args: "{}" },
      ],
    });
    const { tool_calls, invalid_tool_calls } = readCalls(chunk);
    expect(tool_calls.map(({ name, args }) => [name, args])).toEqual([
      ["f", { n: 1 }],
      ["g", { m: 2 }],
      ["h", {}],
    ]);
    expect(tool_calls[2]!.id).toMatch(/^call_/);
    expect(invalid_tool_calls).toEqual([]);
  });

  it("leaves the text of OpenAI's custom tools as it is", () => {
    const chunk = new AIMessageChunk({
      content: "",
      tool_call_chunks: [
        { type: "tool_call_chunk", index: 0, id: "a", name: "sql", args: "SELECT 1", isCustomTool: true } as never,
      ],
    });
    expect(readCalls(chunk)).toMatchObject({ tool_calls: [{ name: "sql", args: { input: "SELECT 1" } }] });
  });

  it("reads of any arguments the same, whole and streamed in any pieces, or nothing of any part of them", () => {
    const args = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(args, fc.integer({ min: 1, max: 6 }), fc.nat(), (value, pieces, at) => {
        const text = JSON.stringify(value);
        const parsed = JSON.parse(text) as unknown;
        expect(read(streamed(text, "f", pieces))).toEqual([parsed]);
        const part = text.slice(0, 1 + (at % (text.length - 1)));
        for (const message of [whole(part), streamed(part, "f", pieces)]) expect(read(message)).toEqual([part]);
      }),
      { numRuns: 200 },
    );
  });
});
