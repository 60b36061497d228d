import type { AIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";

/** Tool call with arguments as text. */
export interface WrittenCall {
  readonly id?: string;
  readonly name?: string;
  readonly args?: string;
}

/** Returns the tool calls with their original argument text, because parsing changes integers above 2^53. */
export function writtenCalls({
  tool_calls = [],
  invalid_tool_calls = [],
  additional_kwargs,
}: AIMessage): WrittenCall[] {
  const left: RawCall[] = Array.isArray(additional_kwargs.tool_calls) ? [...additional_kwargs.tool_calls] : [];
  const textOf = ({ id, args }: ToolCall): string => {
    const plain = JSON.stringify(args);
    const found = left.findIndex((raw) => (raw?.id || id) === id && isWritten(raw?.function?.arguments, plain));
    const [raw] = found < 0 ? [] : left.splice(found, 1); // each text belongs to one call
    return raw?.function?.arguments ?? plain;
  };
  return [
    ...tool_calls.map((call) => ({ id: call.id, name: call.name, args: textOf(call) })),
    ...invalid_tool_calls.map(({ id, name, args }) => ({ id, name, args })),
  ];
}

/** Tool call in OpenAI's format; providers may send any shape. */
type RawCall = { readonly id?: string; readonly function?: { readonly arguments?: string } } | null;

/** Returns true if the text parses to `plain` without repair. */
function isWritten(text: unknown, plain: string): boolean {
  if (typeof text !== "string" || text.trim() === "") return false;
  try {
    return JSON.stringify(JSON.parse(text)) === plain;
  } catch {
    return false;
  }
}
