import { AIMessageChunk } from "@langchain/core/messages";

/**
 * Joins the chunks of an answer. Chunks that hold text and nothing else are joined as text, because LangChain's `concat` makes a whole
 * message for each of them.
 */
export function joinChunks(chunks: readonly AIMessageChunk[]): AIMessageChunk | undefined {
  let whole: AIMessageChunk | undefined;
  for (let start = 0, end = 0; start < chunks.length; start = end) {
    const first = chunks[start]!;
    end = start + 1;
    const isText = whole === undefined || typeof whole.content === "string"; // else each text becomes a block of its own
    if (isText && isBareText(first)) while (end < chunks.length && isMoreOf(first, chunks[end]!)) end++;
    const part = end === start + 1 ? first : withText(first, chunks.slice(start, end));
    whole = whole === undefined ? part : whole.concat(part);
  }
  return whole;
}

type Facts = Readonly<Record<string, unknown>>;

/** True for a chunk of text whose other fields stay as they are however often they are merged. */
function isBareText(chunk: AIMessageChunk): boolean {
  const { content, tool_call_chunks, usage_metadata, additional_kwargs, name, response_metadata } = chunk;
  return (
    typeof content === "string" &&
    !tool_call_chunks?.length &&
    usage_metadata === undefined &&
    name === undefined &&
    Object.keys(Object(additional_kwargs)).length === 0 &&
    Object.entries(Object(response_metadata)).every(([key, value]) => key === "model_provider" || isEmptyObject(value))
  );
}

function isMoreOf(first: AIMessageChunk, chunk: AIMessageChunk): boolean {
  const [one, other] = [first, chunk].map(({ response_metadata }) => Object(response_metadata)) as [Facts, Facts];
  const isAlike = first.id === chunk.id && one.model_provider === other.model_provider;
  return isAlike && Object.keys(other).every((key) => key in one) && isBareText(chunk);
}

const isEmptyObject = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

function withText({ id, response_metadata }: AIMessageChunk, chunks: readonly AIMessageChunk[]): AIMessageChunk {
  const content = chunks.map((chunk) => chunk.content as string).join("");
  return new AIMessageChunk({ content, ...(id !== undefined && { id }), response_metadata });
}
