import { ContextOverflowError, ModelRefusalError } from "@langchain/core/errors";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  ChatMessage,
  ChatMessageChunk,
  type ContentBlock,
  type MessageContent,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { InvalidModelError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { answerText } from "../text/answer-text.js";
import { isBlank, isThought } from "../text/thoughts.js";
import { endingOf, finishReason } from "./finish-reason.js";
import { readCalls } from "./read-calls.js";

/** Answer of a model. */
export interface Answer {
  readonly message: AIMessage;
  /** Path of the call that gave the answer. */
  readonly modelUsed: string;
  /** Tool calls and results of an agent before its answer. */
  readonly steps?: readonly BaseMessage[];
  readonly confidence?: number | null;
  /** Line of the ledger, of an answer from a chat model. */
  readonly call?: ModelCall;
}

class EmptyAnswerError extends Error {
  override readonly name: string = "EmptyAnswerError";
}

/** Error of an answer whose token limit was used up before the first word, for example by reasoning. */
export class SpentEmptyAnswerError extends EmptyAnswerError {
  override readonly name = "SpentEmptyAnswerError";
}

/** Names of the errors of `checkAnswer`, as they stand in the ledger. */
export const refusalNames = { refused: "RefusedAnswerError", filtered: "FilteredAnswerError" } as const;

function refusalError(kind: keyof typeof refusalNames, text: string): Error {
  return Object.assign(new ModelRefusalError(text), { name: refusalNames[kind] });
}

/**
 * Converts a model's output to one AI message, a streamed one with the same id.
 *
 * @throws {InvalidModelError} when the output is not a message
 */
export function toMessage(output: unknown, path: string): AIMessage {
  const message = toAIMessage(output);
  if (message !== undefined) return message;
  throw new InvalidModelError(
    `${path} returned ${describeOutput(output)} instead of a message; remove the parser behind the model`,
  );
}

/**
 * Returns a message unchanged if it holds an answer.
 *
 * @throws {ModelRefusalError} when the model or its filter refused
 * @throws {ContextOverflowError} when the conversation left the model no room to answer
 * @throws an error of class `empty`, when the answer broke off or has neither text nor a readable tool call
 */
export function checkAnswer(message: AIMessage): AIMessage {
  const { refusal: said } = message.additional_kwargs;
  if (typeof said === "string" && said !== "") throw refusalError("refused", said);
  const block = blocksOf(message).find(({ type }) => type === "refusal");
  if (block !== undefined) throw refusalError("refused", String((block as ContentBlock.Refusal).refusal));
  const ending = endingOf(message);
  if (ending === "refused") throw refusalError("filtered", `The provider stopped the answer: ${reasonIn(message)}`);
  if (ending === "broken_off") throw new EmptyAnswerError(`The provider broke the answer off: ${reasonIn(message)}`);
  const lack = emptyReason(message) ?? (isCutShort(message) ? cutToolCall(message) : undefined);
  if (lack === undefined) return message;
  if (ending === "window_limit") throw new ContextOverflowError(`The context window was full. ${lack}`);
  if (ending === "token_limit") throw new SpentEmptyAnswerError(`The token limit was used up. ${lack}`);
  throw new EmptyAnswerError(lack);
}

/** Returns the provider's finish reason, with its explanation if any (Gemini). */
function reasonIn(message: AIMessage): string {
  const { finishMessage } = message.response_metadata as { readonly finishMessage?: unknown };
  const { provider_error: error } = message.additional_kwargs;
  if (error !== undefined) return String((error as { readonly message?: unknown }).message ?? JSON.stringify(error));
  const reason = finishReason(message)!;
  return typeof finishMessage === "string" && finishMessage !== "" ? `${reason}, ${finishMessage}` : reason;
}

/** Returns true if a token limit or the context window ended the answer. */
export function isCutShort(message: Pick<AIMessage, "response_metadata" | "additional_kwargs">): boolean {
  const ending = endingOf(message);
  return ending === "token_limit" || ending === "window_limit";
}

/** Converts a chunk to an `AIMessageChunk`. LangChain makes a generic chunk if the provider omits the role. */
export function toAnswerChunk(chunk: BaseMessage): AIMessageChunk | undefined {
  if (AIMessageChunk.isInstance(chunk)) return chunk;
  if (!hasNoRole(chunk)) return undefined;
  const { content, id, additional_kwargs, response_metadata } = chunk;
  return new AIMessageChunk({ content, id, additional_kwargs, response_metadata });
}

function hasNoRole(message: unknown): message is ChatMessage | ChatMessageChunk {
  if (!ChatMessage.isInstance(message) && !ChatMessageChunk.isInstance(message)) return false;
  return !message.role || message.role === "assistant";
}

function toAIMessage(output: unknown): AIMessage | undefined {
  if (typeof output === "string") return new AIMessage(output);
  if (ToolMessage.isInstance(output)) return new AIMessage({ content: output.content }); // a tool with `returnDirect`
  if (hasNoRole(output)) return copyMessage(toAnswerChunk(output)!, {});
  if (!AIMessage.isInstance(output) && !AIMessageChunk.isInstance(output)) return undefined;
  const called = output.tool_calls?.length || output.invalid_tool_calls?.length;
  return called || AIMessageChunk.isInstance(output) ? copyMessage(output, readCalls(output)) : output;
}

/** Copies an AI message with some fields changed. */
export function copyMessage(
  message: AIMessage | AIMessageChunk,
  fields: Partial<
    Pick<AIMessage, "content" | "usage_metadata" | "response_metadata" | "id" | "tool_calls" | "invalid_tool_calls">
  >,
): AIMessage {
  const { content, id, name, response_metadata, invalid_tool_calls, usage_metadata } = message;
  const { tool_calls = message.tool_calls } = fields;
  const { tool_calls: written, ...others } = message.additional_kwargs;
  const readable = tool_calls !== undefined && tool_calls.length > 0; // LangChain warns if raw calls exist without parsed ones
  const additional_kwargs = readable && written !== undefined ? { ...others, tool_calls: written } : others;
  const copied = {
    content,
    id,
    name,
    additional_kwargs,
    response_metadata,
    tool_calls,
    invalid_tool_calls,
    usage_metadata,
  };
  return new AIMessage({ ...copied, ...fields });
}

/** Returns the messages a graph added to a conversation, which it may also have trimmed or summarized. */
export function newMessages(all: readonly BaseMessage[], given: readonly BaseMessage[]): readonly BaseMessage[] {
  const known = new Set<unknown>(
    given.flatMap((message) => [message, ...(message.id === undefined ? [] : [message.id])]),
  );
  return all.filter((message) => !known.has(message) && !known.has(message.id));
}

/** Returns true if a message has no text, no readable tool call and no other content. */
export function isEmpty(message: AIMessage): boolean {
  return emptyReason(message) !== undefined;
}

/**
 * Returns why the last tool call may be truncated although it parses: Claude's API sends arguments as an object, which stays valid
 * when the token limit ends it. In OpenAI's format, truncated arguments are invalid JSON.
 */
function cutToolCall(message: AIMessage): string | undefined {
  const last = message.tool_calls?.at(-1);
  const isObject = blocksOf(message).some(({ type }) => type === "tool_use");
  return last && isObject ? `The answer ends in the middle of a tool call: ${last.name}` : undefined;
}

/** Returns why a message is not an answer, or `undefined` if it is one. */
function emptyReason(message: AIMessage): string | undefined {
  const { text, additional_kwargs } = message; // `text` throws if tool calls are malformed, before anything below reads them
  const { tool_calls = [], invalid_tool_calls = [] } = message;
  if (tool_calls.length > 0) return undefined;
  if (invalid_tool_calls.length > 0) return describeUnreadable(invalid_tool_calls);
  if (!isBlank(answerText(message))) return undefined;
  const blocks = blocksOf(message);
  if (
    blocks.some((block) => !isThought(block) && !textBlockTypes.has(String(block.type))) ||
    hasOtherOutput(additional_kwargs)
  )
    return undefined;
  const { reasoning, reasoning_content = reasoning } = additional_kwargs; // OpenAI's Responses API; servers with chat completions
  return isBlank(text) && !blocks.some(isThought) && !reasoning_content
    ? "The answer holds neither text nor a tool call"
    : "The answer holds nothing but thoughts";
}

function blocksOf({ content }: AIMessage): readonly { readonly type?: unknown }[] {
  return typeof content === "string" ? [] : content;
}

/** Block types of text, marks of caches and tool calls; readable calls are also in `tool_calls`. */
const textBlockTypes: ReadonlySet<string> = new Set([
  ...["summary_text", "cachePoint", "cache_point"],
  ...["text", "tool_use", "tool_call", "tool_call_chunk", "invalid_tool_call", "input_json_delta", "functionCall"],
]);

/** Returns true for an answer outside the content: audio, a legacy `function_call`, or output of OpenAI's own tools, except searches and the like. */
function hasOtherOutput({ audio, function_call, tool_outputs }: AIMessage["additional_kwargs"]): boolean {
  const aids = /^((web_search|file_search|code_interpreter|tool_search|mcp)_call|mcp_list_tools|tool_search_output)$/;
  const outputs = Array.isArray(tool_outputs) ? (tool_outputs as { readonly type?: unknown }[]) : [];
  return Boolean(audio ?? function_call) || outputs.some(({ type }) => !aids.test(String(type)));
}

function describeUnreadable(calls: NonNullable<AIMessage["invalid_tool_calls"]>): string {
  const written = calls.map(({ name = "", args = "" }) => `${name}(${args})`).join(", ");
  return `The answer holds unreadable tool calls only: ${written.length > 200 ? `${written.slice(0, 199)}…` : written}`;
}

/** Puts instructions before a conversation, merged with an existing system message. */
export function withSystem(
  messages: readonly BaseMessage[],
  instructions: readonly (string | undefined)[],
): BaseMessage[] {
  const text = instructions.filter((part) => part !== undefined && part !== "").join("\n\n");
  if (text === "") return [...messages];
  const [first, ...rest] = messages;
  if (first?.type !== "system") return [new SystemMessage(text), ...messages];
  const content: MessageContent =
    typeof first.content === "string" ? `${text}\n\n${first.content}` : [{ type: "text", text }, ...first.content];
  return [new SystemMessage({ content }), ...rest];
}

function describeOutput(output: unknown): string {
  if (output === null || output === undefined) return "nothing";
  return typeof output === "object"
    ? `an object with ${Object.keys(output).slice(0, 4).join(", ") || "no keys"}`
    : typeof output;
}
