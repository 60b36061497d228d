import { type BaseMessage, isBaseMessage } from "@langchain/core/messages";
import { MessagesValue, messagesStateReducer, ReducedValue } from "@langchain/langgraph";
import { describeValue } from "../errors/describe-value.js";
import { InvalidInputError } from "../errors/index.js";
import { tooDeep } from "../text/depth.js";

/** Deeper than content is, and not so deep that clients and checkpointers run out of stack. */
const deepest = 100;

const forms = 'give a text, { role: "user", content: "…" } or a message of LangChain, or a list of these';
const roles: readonly string[] = ["user", "human", "assistant", "ai", "system", "developer", "tool"];
const partForms = 'a part is an object, as { type: "text", text: "…" }';

/**
 * Checks what a run is given as messages, before LangGraph reads it.
 *
 * @throws {InvalidInputError} that names the place and says what may stand there
 */
export function checkMessages(given: unknown): void {
  if (!Array.isArray(given)) checkMessage(given, "messages");
  else
    for (let index = 0; index < given.length; index++) {
      if (!isPlain(given[index])) checkMessage(given[index], `messages[${index}]`); // holes of the list, too
    }
}

/** True for a message of LangChain that is a text and nothing more: most of a long conversation. */
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
  const { role, fields } = formOf(given, at);
  if (role === "remove") {
    if (typeof fields.id !== "string") refuse(`${at}.id`, fields.id, "name the message to remove");
    return;
  }
  if (!roles.includes(role)) {
    const names = roles.map((name) => `"${name}"`).join(", ");
    throw new InvalidInputError(`${at} has the role ${describeValue(role)}; roles are ${names}`);
  }
  if (role === "tool" && typeof fields.tool_call_id !== "string") {
    refuse(`${at}.tool_call_id`, fields.tool_call_id, "a result names the tool call it is of");
  }
  const own = role === "assistant" || role === "ai";
  if (!(own && fields.content == null)) checkContent(fields.content, `${at}.content`);
  if (own && fields.tool_calls != null) checkCalls(fields.tool_calls, `${at}.tool_calls`);
  checkDepth({ content: fields.content, tool_calls: fields.tool_calls }, at);
}

interface Form {
  readonly role: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Finds the role and the fields of a message in one of the forms LangChain reads. */
function formOf(given: unknown, at: string): Form {
  if (Array.isArray(given) && given.length === 2 && typeof given[0] === "string") {
    return { role: given[0], fields: { content: given[1] } };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) refuse(at, given, forms);
  const { role, type, lc, id, kwargs } = given as Readonly<Record<string, unknown>>;
  if (lc === 1 && Array.isArray(id) && typeof kwargs === "object" && kwargs !== null) {
    const name = String(id.at(-1))
      .replace(/Message(Chunk)?$/, "")
      .toLowerCase(); // a message that was serialized
    return { role: name, fields: kwargs as Form["fields"] };
  }
  const named = typeof role === "string" ? role : type;
  if (typeof named !== "string") refuse(at, given, forms);
  return { role: named, fields: given as Form["fields"] };
}

function checkContent(content: unknown, at: string): void {
  if (typeof content === "string") return;
  if (!Array.isArray(content)) refuse(at, content, "give a text or a list of parts");
  for (const [index, part] of content.entries()) {
    const place = `${at}[${index}]`;
    if (typeof part !== "object" || part === null || Array.isArray(part) || Object.keys(part).length === 0) {
      refuse(place, part, partForms);
    }
    if (part.type === "text" && typeof part.text !== "string") refuse(`${place}.text`, part.text, "give a text");
  }
}

function checkCalls(calls: unknown, at: string): void {
  if (!Array.isArray(calls)) refuse(at, calls, "give a list of tool calls");
  for (const [index, call] of calls.entries()) {
    const place = `${at}[${index}]`;
    const { name, args, id, function: called } = Object(call) as Readonly<Record<string, unknown>>;
    if (typeof name === "string" && typeof args === "object" && args !== null) continue;
    const { name: calledName, arguments: text } = Object(called) as Readonly<Record<string, unknown>>;
    if (typeof id !== "string" || typeof calledName !== "string" || typeof text !== "string") {
      refuse(place, call, 'give { id, name, args }, or { id, type: "function", function: { name, arguments } }');
    }
    if (!isJson(text)) refuse(`${place}.function.arguments`, text, "give JSON");
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

function refuse(at: string, value: unknown, expected: string): never {
  throw new InvalidInputError(`${at} is ${describeValue(value)}; ${expected}`);
}

/** Refuses an input that is no object with messages. */
export function refuseInput(given: unknown): never {
  throw new InvalidInputError(
    `The input is ${describeValue(given)}; invoke the graph with { messages: "a question" }, or with { messages: [ … ] }`,
  );
}

/**
 * Checks what a function that takes a list of messages is given; a text would be read letter by letter.
 *
 * @throws {InvalidInputError} as `checkMessages`
 */
export function checkConversation(given: unknown, taker: string): void {
  if (!Array.isArray(given)) {
    throw new InvalidInputError(`${taker} was given ${describeValue(given)}; give a list of messages`);
  }
  checkMessages(given);
}

/**
 * Checks what a chat model is given.
 *
 * @throws {InvalidInputError} as `checkMessages`
 */
export function checkPrompt(given: unknown): void {
  if (Array.isArray(given)) checkMessages(given);
  else if (typeof given !== "string" && typeof Object(given).toChatMessages !== "function") {
    refuse("The input", given, "give a text, a list of messages or a prompt value");
  }
}

type Given = Parameters<typeof messagesStateReducer>[1];

/** Adds messages to a conversation as LangGraph does, and says by name what cannot be one. */
export const messagesReducer: typeof messagesStateReducer = (current, added) => {
  checkMessages(added);
  try {
    return messagesStateReducer(current, added);
  } catch (error) {
    throw new InvalidInputError(`messages: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** The conversation of a run: LangGraph's `MessagesValue`, with errors that say what is wrong with what was given. */
export const Conversation: typeof MessagesValue = new ReducedValue<BaseMessage[], Given>(MessagesValue.valueSchema, {
  inputSchema: MessagesValue.inputSchema,
  reducer: messagesReducer,
  jsonSchemaExtra: MessagesValue.jsonSchemaExtra,
});
