import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import type { AIMessageChunk, ContentBlock } from "@langchain/core/messages";
import { isCutShort } from "../calls/answer.js";
import { type Block, type Piece, piecesOf } from "./answer-pieces.js";

/** A content block in progress. */
interface Open {
  readonly index: number;
  /** The provider's index of the block. */
  readonly place: number | undefined;
  chunk: AIMessageChunk;
  block: Block;
}

/**
 * Converts chunks to events of LangChain's content-block protocol. Blocks are numbered in order of appearance, because providers
 * number texts and tool calls separately.
 *
 * @param chunks a new id means that the previous message was abandoned and another one begins
 */
export async function* answerEvents(chunks: AsyncIterable<AIMessageChunk>): AsyncGenerator<ChatModelStreamEvent> {
  let open: Open[] = [];
  let last: AIMessageChunk | undefined;
  for await (const chunk of chunks) {
    if (last !== undefined && chunk.id !== last.id) {
      yield* finished(open);
      yield { event: "message-finish" };
      open = [];
    }
    if (chunk.id !== last?.id || last === undefined) {
      yield { event: "message-start", ...(chunk.id === undefined ? {} : { id: chunk.id }) };
    }
    last = chunk;
    for (const piece of piecesOf(chunk)) yield* added(piece, chunk, open);
  }
  if (last === undefined) return;
  const { usage_metadata: usage, response_metadata: responseMetadata } = last;
  if (usage !== undefined) yield { event: "usage", usage };
  yield* finished(open);
  const reason = reasonOf(last, open);
  yield { event: "message-finish", reason, ...(usage && { usage }), responseMetadata };
}

function* added(piece: Piece, chunk: AIMessageChunk, all: Open[]): Generator<ChatModelStreamEvent> {
  const { grows, sets, block } = piece;
  let open = all.findLast((known) => isPartOf(piece, known, chunk, all.at(-1)));
  if (open === undefined) {
    const begun = { ...block, ...(grows && { [grows[0]]: "" }) };
    open = { index: all.length, place: piece.index, chunk, block: begun };
    all.push(open);
    yield { event: "content-block-start", index: open.index, content: begun as ContentBlock };
  } else if (grows === undefined) {
    const value = { ...(open.block.value as object | undefined), ...(block.value as object | undefined) };
    const fields = block.type === "non_standard" ? { type: block.type, value } : block;
    open.block = { ...open.block, ...fields };
    yield { event: "content-block-delta", index: open.index, delta: { type: "block-delta", fields } };
  }
  open.chunk = chunk;
  open.block = { ...open.block, ...known(block) };
  const { index } = open;
  if (grows !== undefined && grows[1] !== "") {
    const [field, by] = grows;
    open.block = { ...open.block, [field]: `${open.block[field] ?? ""}${by}` };
    yield { event: "content-block-delta", index, delta: deltaOf(field, by) };
  }
  if (sets !== undefined) {
    const joined = Object.entries(sets).map(([key, value]) => [key, join(open.block[key], value)]);
    const fields = { type: open.block.type, ...Object.fromEntries(joined) };
    open.block = { ...open.block, ...fields };
    yield { event: "content-block-delta", index, delta: { type: "block-delta", fields } };
  }
}

/** Returns the non-empty fields of a part, since ids and names may arrive late. */
function known({ type: _kept, ...block }: Block): Partial<Block> {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined && value !== ""));
}

/**
 * Returns true when a piece continues a block. Tool calls with one index but different ids are distinct, since some providers do
 * not number them.
 */
function isPartOf({ index, block, sets, grows }: Piece, known: Open, chunk: AIMessageChunk, last?: Open): boolean {
  const { id } = block;
  if (block.type === "tool_call_chunk" && !id && !block.name && known.block.type === "server_tool_call_chunk") {
    return index === known.place;
  }
  if (block.type !== known.block.type) return false;
  if (id && known.block.id && id !== known.block.id) return false;
  if (block.name && known.chunk === chunk) return false;
  if (index !== undefined || known.place !== undefined) return index === known.place;
  if (grows?.[0] === "text")
    return known === last ? sets === undefined && !("annotations" in known.block) : isText(chunk);
  return known.chunk !== chunk || (id !== undefined && id === known.block.id);
}

function isText({ content }: AIMessageChunk): boolean {
  return typeof content === "string";
}

function join(before: unknown, more: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(more)) return [...before, ...more];
  return typeof before === "string" && typeof more === "string" ? before + more : more;
}

type Delta = Extract<ChatModelStreamEvent, { event: "content-block-delta" }>["delta"];

function deltaOf(field: NonNullable<Piece["grows"]>[0], by: string): Delta {
  switch (field) {
    case "text":
      return { type: "text-delta", text: by };
    case "reasoning":
      return { type: "reasoning-delta", reasoning: by };
    case "args":
      return { type: "tool-call-delta", args: by };
    case "data":
      return { type: "data-delta", data: by, encoding: "base64" };
  }
}

function* finished(all: readonly Open[]): Generator<ChatModelStreamEvent> {
  for (const { index, block } of all) {
    yield { event: "content-block-finish", index, content: whole(block) as ContentBlock };
  }
}

/** Finishes a block; parses the arguments of a tool call. */
function whole(block: Block): Block {
  if (block.type !== "tool_call_chunk" && block.type !== "server_tool_call_chunk") return block;
  const { id, name, args } = block;
  const type = block.type === "tool_call_chunk" ? "tool_call" : "server_tool_call";
  try {
    return { type, id, name, args: JSON.parse(String(args || "{}")) };
  } catch (error) {
    return { type: "invalid_tool_call", id, name, args, error: `The arguments are not JSON: ${String(error)}` };
  }
}

function reasonOf(answer: AIMessageChunk, blocks: readonly Open[]): "stop" | "length" | "tool_use" {
  if (isCutShort(answer)) return "length";
  return blocks.some(({ block }) => block.type === "tool_call_chunk") ? "tool_use" : "stop";
}
