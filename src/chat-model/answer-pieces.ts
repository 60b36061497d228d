import type { AIMessageChunk } from "@langchain/core/messages";

/** A content block in any provider's form. */
export type Block = { readonly type: string } & Readonly<Record<string, unknown>>;

/** One addition to a content block: text to append, or fields to set. */
export interface Piece {
  /** Index among blocks of this type. Undefined means the latest block, or a new one within the same chunk. */
  readonly index?: number;
  readonly block: Block;
  /** A growing field and the text to append. */
  readonly grows?: readonly [field: "text" | "reasoning" | "args" | "data", by: string];
  readonly sets?: Readonly<Record<string, unknown>>;
}

type Call = Pick<NonNullable<AIMessageChunk["tool_call_chunks"]>[number], "id" | "name" | "args" | "index">;

/** Converts a chunk from its provider's form to LangChain's standard blocks. */
export function* piecesOf(chunk: AIMessageChunk): Generator<Piece> {
  const { content, additional_kwargs, tool_call_chunks = [] } = chunk;
  const { reasoning_content: thought, audio } = additional_kwargs as Record<string, unknown>;
  const calls = [...tool_call_chunks];
  if (isText(thought)) yield reasoning(thought, {});
  if (isText(content)) yield { block: { type: "text" }, grows: ["text", content] };
  for (const block of typeof content === "string" ? [] : (content as unknown as readonly Block[])) {
    if (!callTypes.has(block.type)) {
      yield pieceOf(block);
      continue;
    }
    const place = calls.findIndex(({ id }) => id !== undefined && id === block.id);
    if (place >= 0) yield callPiece(calls.splice(place, 1)[0]!);
    else if (tool_call_chunks.length === 0 && isText(block.name)) {
      yield callPiece({ ...(block as Call), args: written(block) });
    }
  }
  for (const call of calls) yield callPiece(call);
  if (audio !== null && typeof audio === "object") yield audioPiece(audio as Readonly<Record<string, unknown>>);
}

/** Block types that duplicate the tool calls of the message. */
export const callTypes: ReadonlySet<string> = new Set([
  ...[
    "tool_use",
    "input_json_delta",
    "tool_call",
    "tool_call_chunk",
    "invalid_tool_call",
    "functionCall",
    "function_call",
  ],
]);

/** Block types already in standard form. */
const standard: ReadonlySet<string> = new Set([
  ...["image", "audio", "video", "file", "text-plain", "citation", "non_standard"],
  ...["server_tool_call", "server_tool_call_chunk", "server_tool_call_result"],
]);

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function pieceOf({ index: place, ...block }: Block): Piece {
  const index = typeof place === "number" ? { index: place } : {};
  const { text, thinking, reasoning: said, reasoningText, signature, citations, annotations } = block;
  switch (block.type) {
    case "text": {
      const notes = [annotations, citations].find((list) => Array.isArray(list) && list.length > 0);
      const sets = notes === undefined ? {} : { sets: { annotations: notes } };
      return { ...index, block: { type: "text" }, grows: ["text", isText(text) ? text : ""], ...sets };
    }
    case "thinking":
      return reasoning(thinking, { ...index, signature });
    case "reasoning":
      return reasoning(said, { ...index, signature });
    case "reasoning_content": {
      const { text: words, signature: seal } = (reasoningText ?? {}) as Record<string, unknown>;
      return reasoning(words, { ...index, signature: seal });
    }
    case "server_tool_use": {
      const { id, name } = block;
      return { ...index, block: { type: "server_tool_call_chunk", id, name }, grows: ["args", written(block)] };
    }
    default:
      return { ...index, block: standard.has(block.type) ? block : { type: "non_standard", value: block } };
  }
}

function reasoning(text: unknown, { signature, ...index }: { index?: number; signature?: unknown }): Piece {
  const sets = signature === undefined ? {} : { sets: { signature } };
  return { ...index, block: { type: "reasoning" }, grows: ["reasoning", isText(text) ? text : ""], ...sets };
}

function callPiece({ index, id, name, args }: Call): Piece {
  return {
    ...(index === undefined ? {} : { index }),
    block: { type: "tool_call_chunk", id, name },
    grows: ["args", args ?? ""],
  };
}

/** Returns the arguments of a call as JSON text. */
function written({ input, args }: Block): string {
  const given = input ?? args ?? "";
  return typeof given === "string" ? given : JSON.stringify(given);
}

function audioPiece({ id, data, transcript, format }: Readonly<Record<string, unknown>>): Piece {
  return {
    block: { type: "audio", ...(isText(id) ? { id } : {}), mimeType: isText(format) ? `audio/${format}` : "audio/pcm" },
    grows: ["data", isText(data) ? data : ""],
    ...(isText(transcript) ? { sets: { transcript } } : {}),
  };
}
