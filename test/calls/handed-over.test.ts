import { type AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { createFallback, type Model } from "../../src/index.js";
import { startRawServer } from "../support/raw-server.js";
import { type WriterName, writers } from "./writers.js";

const names = Object.keys(writers) as WriterName[];
type Body = Record<string, unknown>;

/** Sends a question to one provider, and its call of a tool with the result to another one; returns what was sent. */
async function handOver(writer: WriterName, reader: WriterName) {
  const server = await startRawServer((body) => writers[writer].calls(body.stream === true));
  const other = await startRawServer((body) => writers[reader].calls(body.stream === true));
  try {
    const messages = [new HumanMessage("1 + 2?")];
    const answer = await answerOf(writers[writer].client(server.url), messages);
    const result = new ToolMessage({
      content: "3",
      tool_call_id: answer.tool_calls![0]!.id!,
      name: "add",
      id: "result",
    });
    const history = [...messages, answer, result];
    const before = JSON.stringify(history);
    await answerOf(writers[reader].client(writer === reader ? server.url : other.url), history);
    expect(JSON.stringify(history)).toBe(before); // what is kept is the original
    return (writer === reader ? server : other).requests.at(-1)!;
  } finally {
    await server.close();
    await other.close();
  }
}

async function answerOf(model: Model, messages: readonly BaseMessage[]): Promise<AIMessage> {
  const graph = createFallback({ models: { only: { model, retry: false } } }).compile();
  return (await graph.invoke({ messages: [...messages] })).messages.at(-1) as AIMessage;
}

interface Part {
  readonly type?: string;
  readonly text?: string;
  readonly functionCall?: { readonly name: string };
  readonly functionResponse?: { readonly name: string };
  readonly tool_use_id?: string;
}
interface Sent {
  readonly role?: string;
  readonly type?: string;
  readonly content?: string | readonly Part[];
  readonly parts?: readonly Part[];
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
  readonly call_id?: string;
}

/** What each provider refuses, as its reference has it: throws where a body breaks a rule. */
const rules: Record<WriterName, (body: Body, foreign: boolean) => void> = {
  openai: completions,
  azure: completions,
  responses({ input }) {
    const items = input as readonly Sent[];
    const [called, result] = [items.find(({ type }) => type === "function_call"), items.at(-1)!];
    expect(result).toMatchObject({ type: "function_call_output", call_id: called!.call_id });
    expect(called!.call_id!.length).toBeLessThanOrEqual(64);
    for (const { content } of items) if (content !== undefined) expect(content.length).toBeGreaterThan(0);
  },
  google({ contents }) {
    const [, answer, result] = contents as readonly Sent[];
    expect(answer!.parts!.at(-1)!.functionCall!.name).toBe(result!.parts![0]!.functionResponse!.name);
    for (const { text = "x" } of answer!.parts!) expect(text).toMatch(/\S/);
  },
  anthropic({ messages }, foreign) {
    const [, answer, result] = messages as readonly Sent[];
    const blocks = answer!.content as readonly Part[];
    const [{ tool_use_id: id }] = result!.content as readonly [Part];
    expect(blocks.at(-1)).toMatchObject({ type: "tool_use", id });
    expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    if (foreign) expect(blocks.filter(({ type }) => type !== "text" && type !== "tool_use")).toEqual([]);
    for (const { type, text } of blocks) if (type === "text") expect(text).toMatch(/\S/);
  },
  ollama({ messages }) {
    const [, answer, result] = messages as readonly Sent[];
    expect(answer).toMatchObject({ role: "assistant", tool_calls: [{ function: { name: "add" } }] });
    expect([typeof answer!.content, result]).toEqual(["string", { role: "tool", content: "3" }]);
  },
};

function completions({ messages }: Body) {
  const [, answer, result] = messages as readonly Sent[];
  expect(answer!.content).toBeTypeOf("string");
  expect(answer!.tool_calls!.map(({ id }) => id)).toEqual([result!.tool_call_id]);
  expect(result!.tool_call_id!.length).toBeLessThanOrEqual(40);
}

const secrets = /sig-claude|sealed|sig-gemini|rs_1|fc_1|"enc"|Add them|served_by/;

describe.each(names)("a tool turn of %s", (writer) => {
  it.each(names.filter((name) => name !== writer))("is handed to %s in a form it accepts", async (reader) => {
    const body = await handOver(writer, reader);
    rules[reader](body, true);
    expect(JSON.stringify(body)).not.toMatch(secrets);
    expect(JSON.stringify(body.messages ?? body.contents ?? body.input)).not.toMatch(/\[\]|"(?:content|parts)":null/);
    if (writer === "anthropic") expect(JSON.stringify(body)).toContain("Let me add.");
  });

  it("goes back to it with what it signed", async () => {
    const body = await handOver(writer, writer);
    rules[writer](body, false);
    const signed = {
      google: ["sig-gemini"],
      anthropic: ["sig-claude", "sealed", "toolu_01ABC"],
      responses: ["rs_1", '"enc"'],
    };
    for (const part of (signed as Record<string, readonly string[]>)[writer] ?? [])
      expect(JSON.stringify(body)).toContain(part);
  });
});
