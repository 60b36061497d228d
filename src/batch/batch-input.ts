import { type BaseMessage, coerceMessageLikeToMessage, HumanMessage, isBaseMessage } from "@langchain/core/messages";
import { describeValue } from "../errors/describe-value.js";
import { InvalidInputError } from "../errors/index.js";
import { checkContext } from "../state/check-context.js";
import { checkMessages } from "../state/message-input.js";
import type { RunContext } from "../state/run-context.js";

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
  if (!isBaseMessage(message)) return message;
  const { content, id, name, tool_calls, tool_call_id } = message as BaseMessage & {
    readonly tool_calls?: readonly unknown[];
    readonly tool_call_id?: string;
  };
  const role = roles[message.getType()] ?? message.getType();
  const known = { id, name, tool_call_id, tool_calls: tool_calls?.length ? tool_calls : undefined };
  return { role, content, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}

const roles: Readonly<Record<string, string>> = { human: "user", ai: "assistant" };

/** Makes the messages of a question. */
export function messagesOf(asked: Asked): BaseMessage[] {
  if ("prompt" in asked) return [new HumanMessage(asked.prompt)];
  return asked.messages.map((message) => coerceMessageLikeToMessage(message as { role: string; content: string }));
}
