import { type BaseMessage, coerceMessageLikeToMessage, HumanMessage, isBaseMessage } from "@langchain/core/messages";
import { describeValue } from "../errors/describe-value.js";
import { InvalidInputError } from "../errors/index.js";
import { checkContext } from "../state/check-context.js";
import { checkMessages } from "../state/message-input.js";
import type { RunContext } from "../state/run-context.js";
import { toBase64 } from "../text/bytes.js";

/** A message of LangChain, or plain data: `{ role: "user", content: "Hi" }`. */
export type BatchMessage = BaseMessage | { readonly role: string; readonly content: unknown };

/** An item of a batch with a name or settings of its own. */
export interface BatchQuestion {
  /** Names the item in its row. @default its number, from 1 */
  readonly id?: string | number;
  /** Text of one human message. Give it or `messages`. */
  readonly prompt?: string;
  readonly messages?: readonly BatchMessage[];
  /** Run context of this item; its fields win over those of the batch. */
  readonly context?: RunContext;
}

/** What a batch answers: a text, a conversation, or either with an id. */
export type BatchInput = string | readonly BatchMessage[] | BatchQuestion;

/** The question as it stands in a row. */
export type Asked = { readonly prompt: string } | { readonly messages: readonly unknown[] };

/** An item that has been read. */
export interface BatchItem {
  readonly id: string | number;
  readonly asked: Asked;
  readonly context?: RunContext;
}

const fields: readonly string[] = ["id", "prompt", "messages", "context"];

/**
 * Reads an input.
 *
 * @param number its place in the batch, from 1
 * @throws {InvalidInputError} when it is neither a text nor a conversation
 */
export function readInput(input: unknown, number: number): BatchItem {
  if (typeof input === "string" || Array.isArray(input)) return { id: number, asked: askedBy(input) };
  if (typeof input !== "object" || input === null) refuse(`is ${describeValue(input)}; ${forms}`);
  const { id = number, prompt, messages, context } = input as BatchQuestion;
  const unknown = Object.keys(input).find((field) => !fields.includes(field));
  if (unknown !== undefined) refuse(`has the field ${JSON.stringify(unknown)}; there are ${fields.join(", ")}`);
  if (typeof id !== "string" && !Number.isFinite(id)) refuse("has an id that is neither a text nor a number");
  if ((prompt === undefined) === (messages === undefined))
    refuse(`has not exactly one of prompt and messages; ${forms}`);
  if (messages !== undefined && !Array.isArray(messages)) refuse(`has messages that are ${describeValue(messages)}`);
  checkContext(context);
  return { id, asked: askedBy((messages ?? prompt) as string | BatchMessage[]), ...(context && { context }) };
}

const forms = "give a text, a list of messages, or { id, prompt } or { id, messages }";

function refuse(why: string): never {
  throw new InvalidInputError(`The input ${why}`);
}

function askedBy(given: string | readonly BatchMessage[]): Asked {
  if (typeof given !== "string" && given.length === 0) refuse("has no messages");
  if (typeof given === "string" && given.trim() === "") refuse("is an empty text");
  if (typeof given === "string") return { prompt: given };
  checkMessages(given);
  return { messages: given.map(plain) };
}

/** Converts a message to data that a row, a queue and a file can hold. */
function plain(message: unknown): unknown {
  if (!isBaseMessage(message)) return written(message);
  const { content, id, name, ...fields } = message as BaseMessage & Fields;
  const { tool_calls, tool_call_id, status, additional_kwargs, response_metadata, role: own } = fields;
  const { model_provider } = response_metadata as { readonly model_provider?: unknown }; // whose thoughts these are: a provider refuses those of another
  const known = {
    ...{ id, name, tool_call_id, status, tool_calls: tool_calls?.length ? tool_calls : undefined },
    additional_kwargs: Object.keys(additional_kwargs).length > 0 ? additional_kwargs : undefined,
    response_metadata: model_provider === undefined ? undefined : { model_provider },
  };
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return written({ role: own ?? roles[message.getType()] ?? message.getType(), content, ...given });
}

/** What a message of some kind has beside its content. */
interface Fields {
  readonly tool_calls?: readonly unknown[];
  readonly tool_call_id?: string;
  readonly status?: string;
  readonly role?: string;
}

const roles: Readonly<Record<string, string>> = { human: "user", ai: "assistant" };

/** Writes the bytes in a value as base64, since JSON has no bytes. */
function written(value: unknown): unknown {
  if (value instanceof Uint8Array) return toBase64(value);
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, written(part)]));
}

/**
 * Makes the messages of a question.
 *
 * @throws {InvalidInputError} when one is of a kind that cannot be written as data
 */
export function messagesOf(asked: Asked): BaseMessage[] {
  if ("prompt" in asked) return [new HumanMessage(asked.prompt)];
  try {
    return asked.messages.map((message) => coerceMessageLikeToMessage(message as { role: string; content: string }));
  } catch (error) {
    throw new InvalidInputError(`The input has a message that is none: ${(error as Error).message.split("\n")[0]}`);
  }
}
