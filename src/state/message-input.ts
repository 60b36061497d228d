import {
  type BaseMessage,
  type BaseMessageLike,
  coerceMessageLikeToMessage,
  isBaseMessage,
} from "@langchain/core/messages";
import { MessagesValue, messagesStateReducer, ReducedValue } from "@langchain/langgraph";
import { describeValue } from "../errors/describe-value.js";
import { InvalidInputError } from "../errors/index.js";
import { tooDeep } from "../text/depth.js";

/** Maximum nesting depth of content; clients and checkpointers run out of stack on far deeper values. */
const deepest = 100;

const forms = 'give a text, { role: "user", content: "…" } or a message of LangChain, or a list of these';
const roles: readonly string[] = ["user", "human", "assistant", "ai", "system", "developer", "tool"];
const partForms = 'a part is an object, as { type: "text", text: "…" }';

/**
 * Checks the input messages of a run before LangGraph reads them.
 *
 * @throws {InvalidInputError} with the position of the invalid value and the valid forms
 */
export function checkMessages(given: unknown): void {
  if (!Array.isArray(given)) checkMessage(given, "messages");
  else
    for (let index = 0; index < given.length; index++) {
      if (!isPlain(given[index])) checkMessage(given[index], `messages[${index}]`); // an index also visits holes of the list
    }
}

/** Returns whether a LangChain message is only text, as most of a long conversation are, so that it needs no check. */
function isPlain(given: unknown): boolean {
  if (!isBaseMessage(given) || typeof given.content !== "string") return false;
  return !(given as { readonly tool_calls?: readonly unknown[] }).tool_calls?.length;
}

function checkMessage(given: unknown, at: string): void {
  if (typeof given === "string") return;
  if (isBaseMessage(given)) {
    checkDepth({ content: given.content, tool_calls: (given as { readonly tool_calls?: unknown }).tool_calls }, at);
    return;
  }
  const { role, fields } = parseMessage(given, at);
  if (role === "remove") {
    if (typeof fields.id !== "string") fail(`${at}.id`, fields.id, "name the message to remove");
    return;
  }
  if (!roles.includes(role)) {
    const names = roles.map((name) => `"${name}"`).join(", ");
    throw new InvalidInputError(`${at} has the role ${describeValue(role)}; roles are ${names}`);
  }
  if (role === "tool" && typeof fields.tool_call_id !== "string") {
    fail(`${at}.tool_call_id`, fields.tool_call_id, "a result names the tool call it is of");
  }
  const own = role === "assistant" || role === "ai";
  if (!(own && fields.content == null)) checkContent(fields.content, `${at}.content`);
  if (own && fields.tool_calls != null) checkCalls(fields.tool_calls, `${at}.tool_calls`);
  checkDepth({ content: fields.content, tool_calls: fields.tool_calls }, at);
}

interface ParsedMessage {
  readonly role: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads the role and the fields of a message in any form that LangChain accepts. */
function parseMessage(given: unknown, at: string): ParsedMessage {
  if (Array.isArray(given) && given.length === 2 && typeof given[0] === "string") {
    return { role: given[0], fields: { content: given[1] } };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) fail(at, given, forms);
  const { role, type, lc, id, kwargs } = given as Readonly<Record<string, unknown>>;
  if (lc === 1 && Array.isArray(id) && typeof kwargs === "object" && kwargs !== null) {
    const name = String(id.at(-1))
      .replace(/Message(Chunk)?$/, "")
      .toLowerCase(); // a serialized message
    return { role: name, fields: kwargs as ParsedMessage["fields"] };
  }
  const named = typeof role === "string" ? role : type;
  if (typeof named !== "string") fail(at, given, forms);
  return { role: named, fields: given as ParsedMessage["fields"] };
}

function checkContent(content: unknown, at: string): void {
  if (typeof content === "string") return;
  if (!Array.isArray(content)) fail(at, content, "give a text or a list of parts");
  for (const [index, part] of content.entries()) {
    const place = `${at}[${index}]`;
    if (typeof part !== "object" || part === null || Array.isArray(part) || Object.keys(part).length === 0) {
      fail(place, part, partForms);
    }
    if (part.type === "text" && typeof part.text !== "string") fail(`${place}.text`, part.text, "give a text");
  }
}

function checkCalls(calls: unknown, at: string): void {
  if (!Array.isArray(calls)) fail(at, calls, "give a list of tool calls");
  for (const [index, call] of calls.entries()) {
    const place = `${at}[${index}]`;
    const { name, args, id, function: called } = Object(call) as Readonly<Record<string, unknown>>;
    if (typeof name === "string" && typeof args === "object" && args !== null) continue;
    const { name: calledName, arguments: text } = Object(called) as Readonly<Record<string, unknown>>;
    if (typeof id !== "string" || typeof calledName !== "string" || typeof text !== "string") {
      fail(place, call, 'give { id, name, args }, or { id, type: "function", function: { name, arguments } }');
    }
    if (!isJson(text)) fail(`${place}.function.arguments`, text, "give JSON");
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function checkDepth(parts: Readonly<Record<string, unknown>>, at: string): void {
  for (const [key, value] of Object.entries(parts)) {
    if (!tooDeep(value, deepest)) continue;
    throw new InvalidInputError(`${at}.${key} is nested deeper than ${deepest} levels, or holds itself`);
  }
}

function fail(at: string, value: unknown, expected: string): never {
  throw new InvalidInputError(`${at} is ${describeValue(value)}; ${expected}`);
}

export function refuseInput(given: unknown): never {
  throw new InvalidInputError(
    `The input is ${describeValue(given)}; invoke the graph with { messages: "a question" }, or with { messages: [ … ] }`,
  );
}

/**
 * Reads a list of messages in any form that LangChain accepts; a text is refused, because it would be read letter by letter.
 *
 * @param taker name of the function that was called, for the error message
 * @throws {InvalidInputError} as `checkMessages` does, and for an empty list
 */
export function readConversation(given: readonly BaseMessageLike[], taker: string): readonly BaseMessage[] {
  if (!Array.isArray(given) || given.length === 0) {
    const what = Array.isArray(given) ? "an empty list" : describeValue(given);
    throw new InvalidInputError(`${taker} was given ${what}; give a list of messages`);
  }
  checkMessages(given);
  return given.every((message) => isBaseMessage(message as BaseMessage))
    ? (given as BaseMessage[])
    : given.map(coerceMessageLikeToMessage);
}

/**
 * Checks the input of a chat model.
 *
 * @throws {InvalidInputError} as `checkMessages` does
 */
export function checkPrompt(given: unknown): void {
  if (Array.isArray(given)) checkMessages(given);
  else if (typeof given !== "string" && typeof Object(given).toChatMessages !== "function") {
    fail("The input", given, "give a text, a list of messages or a prompt value");
  }
}

type Given = Parameters<typeof messagesStateReducer>[1];

/** Adds messages as LangGraph's reducer does, with errors that name the invalid message. */
export const messagesReducer: typeof messagesStateReducer = (current, added) => {
  checkMessages(added);
  try {
    return messagesStateReducer(current, added);
  } catch (error) {
    throw new InvalidInputError(`messages: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Conversation of a run: LangGraph's `MessagesValue` with errors that name the invalid message. */
export const Conversation: typeof MessagesValue = new ReducedValue<BaseMessage[], Given>(MessagesValue.valueSchema, {
  inputSchema: MessagesValue.inputSchema,
  reducer: messagesReducer,
  jsonSchemaExtra: MessagesValue.jsonSchemaExtra,
});
