import { type AIMessage, AIMessageChunk } from "@langchain/core/messages";
import type { ToolCallChunk } from "@langchain/core/messages/tool";

type Calls = Required<Pick<AIMessage, "tool_calls" | "invalid_tool_calls">>;

/**
 * Parses the tool calls of an answer, streamed or not, by one rule.
 *
 * LangChain completes truncated arguments in a stream, so that a cut-off call would run with part of them; in a whole answer it rejects
 * calls without arguments or with line breaks in them, which it accepts in a stream.
 */
export function readCalls(message: AIMessage | AIMessageChunk): Calls {
  const { tool_calls = [], invalid_tool_calls = [] } = message;
  const chunks = AIMessageChunk.isInstance(message) ? (message.tool_call_chunks ?? []) : [];
  const streamed = chunks.length > 0;
  const readable = tool_calls.filter(({ name, args }) => name && isObject(args));
  const calls: Calls = { tool_calls: streamed ? [] : readable, invalid_tool_calls: [] };
  const others = tool_calls.filter((call) => !readable.includes(call));
  const unread = others.map((call) => ({ ...call, args: JSON.stringify(call.args) }));
  for (const { id, name, args = "" } of streamed ? joinChunks(chunks) : [...unread, ...invalid_tool_calls]) {
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

/** Joins the chunks of each call, by id, or by index if a chunk has no id. */
function joinChunks(chunks: readonly ToolCallChunk[]): Pick<ToolCallChunk, "id" | "name" | "args">[] {
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

/** Returns true for a call of an OpenAI custom tool, whose input is plain text. */
function isCustom(chunks: readonly ToolCallChunk[], id: string | undefined): boolean {
  return chunks.some((chunk) => chunk.id === id && (chunk as { isCustomTool?: boolean }).isCustomTool === true);
}

/** Parses arguments; `undefined` if the text is truncated or not a JSON object. */
function readArguments(text: string): Record<string, unknown> | undefined {
  if (text.trim() === "") return {};
  const value = parseOrUndefined(text) ?? parseOrUndefined(text.replace(/"(?:[^"\\]|\\.)*"/gs, withoutBreaks));
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Escapes the control characters of a JSON string. */
function withoutBreaks(string: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the target
  return string.replace(/[\u0000-\u001f]/g, (sign) => JSON.stringify(sign).slice(1, -1));
}
