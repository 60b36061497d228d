import type { AIMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";

/** A tool call whose arguments are text. */
export interface WrittenCall {
  readonly id?: string;
  readonly name?: string;
  readonly args?: string;
}

/** The tool calls of an answer as its model wrote them: an integer above 2^53 is another one once it was parsed. */
export function writtenCalls({
  tool_calls = [],
  invalid_tool_calls = [],
  additional_kwargs,
}: AIMessage): WrittenCall[] {
  const left: RawCall[] = Array.isArray(additional_kwargs.tool_calls) ? [...additional_kwargs.tool_calls] : [];
  const textOf = ({ id, args }: ToolCall): string => {
    const plain = JSON.stringify(args);
    const found = left.findIndex((raw) => (raw?.id || id) === id && isWritten(raw?.function?.arguments, plain));
    const [raw] = found < 0 ? [] : left.splice(found, 1); // the next call with the same arguments has a text of its own
    return raw?.function?.arguments ?? plain;
  };
  return [
    ...tool_calls.map((call) => ({ id: call.id, name: call.name, args: textOf(call) })),
    ...invalid_tool_calls.map(({ id, name, args }) => ({ id, name, args })),
  ];
}

/** A call as OpenAI's API has it; what providers send may have any shape. */
type RawCall = { readonly id?: string; readonly function?: { readonly arguments?: string } } | null;

/** True where `plain` was read out of the text as it is, not mended. */
function isWritten(text: unknown, plain: string): boolean {
  if (typeof text !== "string" || text.trim() === "") return false;
  try {
    return JSON.stringify(JSON.parse(text)) === plain;
  } catch {
    return false;
  }
}
