import { type AIMessage, AIMessageChunk } from "@langchain/core/messages";
import type { ToolCallChunk } from "@langchain/core/messages/tool";

type Calls = Required<Pick<AIMessage, "tool_calls" | "invalid_tool_calls">>;

/**
 * Reads the tool calls of an answer, streamed or whole, by one rule.
 *
 * LangChain reads those of a stream as far as they were written, so that a call that was cut off runs with half of its arguments, and
 * does not read in a whole answer what it reads in a stream: a call without arguments, and line breaks within them.
 */
export function readCalls(message: AIMessage | AIMessageChunk): Calls {
  const { tool_calls = [], invalid_tool_calls = [] } = message;
  const chunks = AIMessageChunk.isInstance(message) ? (message.tool_call_chunks ?? []) : [];
  const streamed = chunks.length > 0;
  const readable = tool_calls.filter(({ name, args }) => name && isObject(args));
  const calls: Calls = { tool_calls: streamed ? [] : readable, invalid_tool_calls: [] };
  const others = tool_calls.filter((call) => !readable.includes(call));
  const unread = others.map((call) => ({ ...call, args: JSON.stringify(call.args) }));
  for (const { id, name, args = "" } of streamed ? joined(chunks) : [...unread, ...invalid_tool_calls]) {
    const custom = tool_calls.find(
      (call) => call.id === id && isObject(call.args) && call.args.input === args && isCustom(chunks, id),
    );
    const read = name ? (custom?.args ?? readArguments(args)) : undefined;
    if (name && read)
      calls.tool_calls.push({ type: "tool_call", id: id || `call_${crypto.randomUUID()}`, name, args: read });
    else calls.invalid_tool_calls.push({ type: "invalid_tool_call", id, name, args, error: "Malformed args." });
  }
  return calls;
}

/** Joins the parts of each call; a part that has no id belongs to the call its index names. */
function joined(chunks: readonly ToolCallChunk[]): Pick<ToolCallChunk, "id" | "name" | "args">[] {
  const calls: ToolCallChunk[] = [];
  for (const chunk of chunks) {
    const { id, index } = chunk;
    const at = calls.findLastIndex((call) => {
      if (!id) return index !== undefined && call.index === index;
      return call.id === id && (index === undefined || call.index === index);
    });
    const begun = calls[at];
    if (begun === undefined) calls.push(chunk);
    else calls[at] = { ...begun, name: begun.name || chunk.name, args: (begun.args ?? "") + (chunk.args ?? "") };
  }
  return calls;
}

/** True for a call of a tool that takes a text instead of arguments (OpenAI's custom tools). */
function isCustom(chunks: readonly ToolCallChunk[], id: string | undefined): boolean {
  return chunks.some((chunk) => chunk.id === id && (chunk as { isCustomTool?: boolean }).isCustomTool === true);
}

/** Reads arguments as an object; `undefined` where their text was cut off, or is no JSON object. */
function readArguments(text: string): Record<string, unknown> | undefined {
  if (text.trim() === "") return {};
  const value = parsed(text) ?? parsed(text.replace(/"(?:[^"\\]|\\.)*"/gs, withoutBreaks));
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Escapes the control characters of a JSON string, as they have to be. */
function withoutBreaks(string: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return string.replace(/[\u0000-\u001f]/g, (sign) => JSON.stringify(sign).slice(1, -1));
}
