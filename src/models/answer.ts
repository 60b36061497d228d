import { ModelRefusalError } from "@langchain/core/errors";
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  ChatMessage,
  ChatMessageChunk,
  type MessageContent,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { InvalidModelError } from "../errors/index.js";
import { googleRefusals } from "./google-sdk.js";

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

/** Finish reasons with which providers say that a filter stopped the answer. */
const refused: ReadonlySet<string> = new Set(["content_filter", "refusal", ...googleRefusals]);

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
 */
export function checkAnswer(message: AIMessage): AIMessage {
  const { refusal: said } = message.additional_kwargs;
  if (typeof said === "string" && said !== "") throw refusal("refused", said);
  const reason = finishReason(message);
  if (reason !== undefined && refused.has(reason)) throw refusal("filtered", stopped(reason));
  if (!isEmpty(message)) return message;
  if (isCutShort(message)) throw new SpentEmptyAnswerError("The token limit was used up before the answer began");
  throw new EmptyAnswerError("The answer holds neither text nor a tool call");
}

const stopped = (reason: string) => `The provider stopped the answer: ${reason}`;

/** Why the model stopped, in the provider's words; OpenAI's Responses API says it with a status. */
export function finishReason({ response_metadata = {} }: Pick<AIMessage, "response_metadata">): string | undefined {
  const { finish_reason, finishReason, stop_reason, incomplete_details, status } = response_metadata as {
    readonly incomplete_details?: { readonly reason?: unknown } | null;
  } & Record<string, unknown>;
  const said = [finish_reason, finishReason, stop_reason, incomplete_details?.reason, status];
  return said.find((value): value is string => typeof value === "string" && value !== "");
}

/** True where the token limit ended the answer. */
export function isCutShort(message: Pick<AIMessage, "response_metadata">): boolean {
  return /^(length|max_?tokens|max_output_tokens)$/i.test(finishReason(message) ?? "");
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
  return AIMessageChunk.isInstance(output) ? copyMessage(output, {}) : output;
}

/** Copies an AI message with some fields changed; messages are never changed in place. */
export function copyMessage(
  message: AIMessage | AIMessageChunk,
  fields: Partial<Pick<AIMessage, "content" | "usage_metadata" | "response_metadata" | "id">>,
): AIMessage {
  const { content, id, name, response_metadata, tool_calls, invalid_tool_calls, usage_metadata } = message;
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

/** True where there is nothing to show: no text, no tool call, no picture. */
export function isEmpty(message: AIMessage): boolean {
  const { text } = message; // throws where a provider's tool calls have no shape at all: nobody after could read it either
  if (message.tool_calls?.length || message.invalid_tool_calls?.length) return false;
  if (typeof message.content === "string") return text.trim() === "";
  return message.content.every((block) => {
    return (
      (block.type === "text" && String(block.text).trim() === "") ||
      block.type === "reasoning" ||
      block.type === "thinking"
    );
  });
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
