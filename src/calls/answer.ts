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
import { answerText } from "../text/answer-text.js";
import { isBlank, isThought } from "../text/thoughts.js";
import { endingOf, finishReason } from "./finish-reason.js";
import { readCalls } from "./read-calls.js";

/** What came back from a model. */
export interface Answer {
  readonly message: AIMessage;
  /** Path of the call that gave it. */
  readonly modelUsed: string;
  /** Tool calls and results an agent made on its way. */
  readonly steps?: readonly BaseMessage[];
  readonly confidence?: number | null;
}

class EmptyAnswerError extends Error {
  override readonly name: string = "EmptyAnswerError";
}

/** The token limit was used up before the first word, by reasoning for one. */
export class SpentEmptyAnswerError extends EmptyAnswerError {
  override readonly name = "SpentEmptyAnswerError";
}

/** What errors of `checkAnswer` are called: the ledger keeps their names. */
export const refusalNames = { refused: "RefusedAnswerError", filtered: "FilteredAnswerError" } as const;

function refusal(kind: keyof typeof refusalNames, text: string): Error {
  return Object.assign(new ModelRefusalError(text), { name: refusalNames[kind] });
}

/**
 * Reads an output as one AI message.
 *
 * @throws {InvalidModelError} when it is no message at all
 */
export function toMessage(output: unknown, path: string): AIMessage {
  const message = toAIMessage(output);
  if (message !== undefined) return message;
  throw new InvalidModelError(
    `${path} returned ${describe(output)} instead of a message; remove the parser behind the model`,
  );
}

/**
 * Passes a message on that holds an answer.
 *
 * @throws {ModelRefusalError} when the model or its filter refused
 * @throws {ContextOverflowError} when the conversation left the model no room to answer
 * @throws an error of the class `empty`, when it broke off or holds neither text nor a tool call that can be read
 */
export function checkAnswer(message: AIMessage): AIMessage {
  const { refusal: said } = message.additional_kwargs;
  if (typeof said === "string" && said !== "") throw refusal("refused", said);
  const block = blocksOf(message).find(({ type }) => type === "refusal");
  if (block !== undefined) throw refusal("refused", String((block as ContentBlock.Refusal).refusal));
  const ending = endingOf(message);
  if (ending === "refused") throw refusal("filtered", `The provider stopped the answer: ${reasonIn(message)}`);
  if (ending === "broken_off") throw new EmptyAnswerError(`The provider broke the answer off: ${reasonIn(message)}`);
  const lack = lackOf(message) ?? (isCutShort(message) ? cutCalls(message) : undefined);
  if (lack === undefined) return message;
  if (ending === "window_limit") throw new ContextOverflowError(`The context window was full. ${lack}`);
  if (ending === "token_limit") throw new SpentEmptyAnswerError(`The token limit was used up. ${lack}`);
  throw new EmptyAnswerError(lack);
}

/** Reads the provider's reason for the end, with its explanation (Gemini gives one). */
function reasonIn(message: AIMessage): string {
  const { finishMessage } = message.response_metadata as { readonly finishMessage?: unknown };
  const { provider_error: error } = message.additional_kwargs;
  if (error !== undefined) return String((error as { readonly message?: unknown }).message ?? JSON.stringify(error));
  const reason = finishReason(message)!;
  return typeof finishMessage === "string" && finishMessage !== "" ? `${reason}, ${finishMessage}` : reason;
}

/** True where a limit ended the answer. */
export function isCutShort(message: Pick<AIMessage, "response_metadata" | "additional_kwargs">): boolean {
  const ending = endingOf(message);
  return ending === "token_limit" || ending === "window_limit";
}

/**
 * A chunk of an answer; one whose provider left its role out, which LangChain then calls generic, is one, too.
 */
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

/** A plain message out of a streamed one, with the same id. */
function toAIMessage(output: unknown): AIMessage | undefined {
  if (typeof output === "string") return new AIMessage(output);
  if (ToolMessage.isInstance(output)) return new AIMessage({ content: output.content }); // a tool that answers itself: `returnDirect`
  if (hasNoRole(output)) return copyMessage(toAnswerChunk(output)!, {});
  if (!AIMessage.isInstance(output) && !AIMessageChunk.isInstance(output)) return undefined;
  const called = output.tool_calls?.length || output.invalid_tool_calls?.length;
  return called || AIMessageChunk.isInstance(output) ? copyMessage(output, readCalls(output)) : output;
}

/** Copies an AI message with some fields changed; messages are never changed in place. */
export function copyMessage(
  message: AIMessage | AIMessageChunk,
  fields: Partial<
    Pick<AIMessage, "content" | "usage_metadata" | "response_metadata" | "id" | "tool_calls" | "invalid_tool_calls">
  >,
): AIMessage {
  const { content, id, name, response_metadata, invalid_tool_calls, usage_metadata } = message;
  const { tool_calls = message.tool_calls } = fields;
  const { tool_calls: written, ...others } = message.additional_kwargs;
  const readable = tool_calls !== undefined && tool_calls.length > 0; // LangChain warns of calls that are there unread only
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

/** What a graph added to a conversation, which it may also have cut or summed up. */
export function newMessages(all: readonly BaseMessage[], given: readonly BaseMessage[]): readonly BaseMessage[] {
  const known = new Set<unknown>(
    given.flatMap((message) => [message, ...(message.id === undefined ? [] : [message.id])]),
  );
  return all.filter((message) => !known.has(message) && !known.has(message.id));
}

/** True where there is nothing to show: no text, no tool call that can be read, no picture. */
export function isEmpty(message: AIMessage): boolean {
  return lackOf(message) !== undefined;
}

/**
 * Reports a tool call that the token limit may have cut although its arguments can be read: Claude's API sends them as an object
 * that ends where the tokens did. In OpenAI's format they are a text, which is no JSON once it is cut.
 */
function cutCalls(message: AIMessage): string | undefined {
  const last = message.tool_calls?.at(-1);
  const isObject = blocksOf(message).some(({ type }) => type === "tool_use");
  return last && isObject ? `The answer ends in the middle of a tool call: ${last.name}` : undefined;
}

/** Says what keeps a message from being an answer. */
function lackOf(message: AIMessage): string | undefined {
  const { text, additional_kwargs } = message; // `text` throws where a provider's tool calls have no shape at all, and nothing after could read them
  const { tool_calls = [], invalid_tool_calls = [] } = message;
  if (tool_calls.length > 0) return undefined;
  if (invalid_tool_calls.length > 0) return unreadable(invalid_tool_calls);
  if (!isBlank(answerText(message))) return undefined;
  const blocks = blocksOf(message);
  if (blocks.some((block) => !isThought(block) && !textual.has(String(block.type))) || holdsMore(additional_kwargs))
    return undefined;
  const { reasoning, reasoning_content = reasoning } = additional_kwargs; // of OpenAI's Responses; of servers that speak its other API
  return isBlank(text) && !blocks.some(isThought) && !reasoning_content
    ? "The answer holds neither text nor a tool call"
    : "The answer holds nothing but thoughts";
}

function blocksOf({ content }: AIMessage): readonly { readonly type?: unknown }[] {
  return typeof content === "string" ? [] : content;
}

/** Blocks that are text, or stand for a tool call, which is in `tool_calls` where it can be read. */
const textual: ReadonlySet<string> = new Set([
  ...["text", "tool_use", "tool_call", "tool_call_chunk", "invalid_tool_call", "input_json_delta", "functionCall"],
]);

/** Finds an answer beside the content: a voice, a call by OpenAI's first API for it, what a tool of OpenAI's own made (its aids aside). */
function holdsMore({ audio, function_call, tool_outputs }: AIMessage["additional_kwargs"]): boolean {
  const aids = /^((web_search|file_search|code_interpreter|tool_search|mcp)_call|mcp_list_tools|tool_search_output)$/;
  const outputs = Array.isArray(tool_outputs) ? (tool_outputs as { readonly type?: unknown }[]) : [];
  return Boolean(audio ?? function_call) || outputs.some(({ type }) => !aids.test(String(type)));
}

/** Names calls that cannot be read, with what was written of them. */
function unreadable(calls: NonNullable<AIMessage["invalid_tool_calls"]>): string {
  const written = calls.map(({ name = "", args = "" }) => `${name}(${args})`).join(", ");
  return `The answer holds unreadable tool calls only: ${written.length > 200 ? `${written.slice(0, 199)}…` : written}`;
}

/** Puts instructions before a conversation, joined with a system message that is there already. */
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

function describe(output: unknown): string {
  if (output === null || output === undefined) return "nothing";
  return typeof output === "object"
    ? `an object with ${Object.keys(output).slice(0, 4).join(", ") || "no keys"}`
    : typeof output;
}
