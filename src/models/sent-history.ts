import { AIMessage, type BaseMessage, isToolMessage, type ToolMessage } from "@langchain/core/messages";
import { InvalidInputError } from "../errors/index.js";
import { toolCallsOf } from "../text/readable.js";
import { isThought } from "../text/thoughts.js";
import { withoutCacheMarks } from "./cache-marks.js";
import { CallIds } from "./call-ids.js";
import type { HistoryRules } from "./history-rules.js";
import { type Authorship, authorship, type HistoryReader } from "./message-author.js";

type Content = BaseMessage["content"];
type Block = Exclude<Content, string>[number];

/**
 * Rewrites what a provider would refuse in a conversation that others wrote: signed thoughts, blocks and tool call ids of theirs, names,
 * empty contents. Changes copies only, and nothing the provider wrote itself, so that its signatures hold.
 *
 * @throws {InvalidInputError} when the last message is an empty one of the user, and the provider accepts none
 */
export function sentHistory(messages: readonly BaseMessage[], reader: HistoryReader): BaseMessage[] {
  const ids = new CallIds(reader.history.callId);
  const answered = new Set(messages.filter(isToolMessage).map(({ tool_call_id: id }) => id));
  const sent = messages.flatMap((message, index): BaseMessage[] => {
    const last = index === messages.length - 1;
    if (isToolMessage(message)) return [resultFor(message, reader, ids)];
    const answer = AIMessage.isInstance(message) ? answerFor(message, reader, ids, answered) : undefined;
    const read = answer ?? { message: spokenFor(message, reader), foreign: false };
    if (message.type === "system") {
      return [
        reader.history.withoutCacheMarks ? edited(message, { content: withoutCacheMarks(message.content) }) : message,
      ];
    }
    if (last && message.type === "human" && reader.history.refusesEmpty && isNothing(read.message)) throw emptyTurn();
    return isNothing(read.message) && !last && (read.foreign || reader.history.refusesEmpty) ? [] : [read.message];
  });
  const history = sent.length === 0 ? [...messages] : sent;
  return reader.history.oneSystemMessage ? withOneSystemMessage(history) : history;
}

const emptyTurn = () =>
  new InvalidInputError(
    "The last message is empty, and this provider accepts no empty one: write a question or an instruction in it",
  );

/** Merges the system messages into one before the others; one that stands there already stays as it is. */
function withOneSystemMessage(messages: BaseMessage[]): BaseMessage[] {
  const system = messages.filter(({ type }) => type === "system");
  const [first] = system;
  if (first === undefined || (system.length === 1 && first === messages[0])) return messages;
  const others = messages.filter(({ type }) => type !== "system");
  return [edited(first, { content: system.map(contentAsText).join("\n\n") }), ...others];
}

function answerFor(message: AIMessage, reader: HistoryReader, ids: CallIds, answered: ReadonlySet<string>) {
  const { history } = reader;
  const by = authorship(message, reader);
  const calls = callsFor(message, by, history, ids, answered);
  if (by === "foreign") {
    const text = contentAsText(message) || spokenBeside(message);
    const content = text === "" && calls.length > 0 && history.bareCalls ? [] : text;
    const name = speakerFor(message.name, history);
    return { message: new AIMessage({ content, tool_calls: calls, ...(name && { name }) }), foreign: true };
  }
  const content = contentFor(message, history.blocks, history);
  const name = speakerFor(message.name, history);
  const { output_version: _, ...facts } = message.response_metadata;
  const isText = typeof content === "string" && content !== message.content; // of LangChain's standard blocks, which clients read in another way
  const rest = isText ? { response_metadata: facts } : {};
  return { message: edited(message, { content, name, tool_calls: calls, ...rest }), foreign: false };
}

/** Calls as the reader accepts them; an unreadable one that has a result stays, so that no result is without a call. */
function callsFor(
  { tool_calls = [], invalid_tool_calls = [] }: AIMessage,
  by: Authorship,
  history: HistoryRules,
  ids: CallIds,
  answered: ReadonlySet<string>,
) {
  const own = by === "own";
  const broken = by !== "foreign" ? [] : invalid_tool_calls.filter(({ id }) => id !== undefined && answered.has(id));
  const all = [
    ...tool_calls,
    ...broken.map(({ id, name = "" }) => ({ id, name, args: {}, type: "tool_call" as const })),
  ];
  const calls = all.map((call) => {
    const id = ids.forCall(call.id, own);
    const name = own ? call.name : toolNameFor(call.name, history);
    return id === call.id && name === call.name ? call : { ...call, name, ...(id !== undefined && { id }) };
  });
  return calls.length === tool_calls.length && calls.every((call, at) => call === tool_calls[at]) ? tool_calls : calls;
}

function resultFor(message: ToolMessage, { history }: HistoryReader, ids: CallIds): ToolMessage {
  const content = contentFor(message, history.resultBlocks, history);
  const name = message.name === undefined ? undefined : toolNameFor(message.name, history);
  return edited(message, { content, name, tool_call_id: ids.forResult(message.tool_call_id) });
}

function spokenFor(message: BaseMessage, { history }: HistoryReader): BaseMessage {
  const filled = history.refusesEmpty ? withoutBlanks(message.content) : message.content;
  const content = history.withoutCacheMarks ? withoutCacheMarks(filled) : filled;
  return edited(message, { content, name: speakerFor(message.name, history) });
}

/** Content the client can send: blocks it knows, else all of it as text. */
function contentFor(message: BaseMessage, known: HistoryRules["blocks"], { refusesEmpty }: HistoryRules): Content {
  const { content } = message;
  if (typeof content === "string") return content;
  if (known === undefined || (content.length > 0 && content.every(({ type }) => known.has(String(type))))) {
    return refusesEmpty ? withoutBlanks(content) : content;
  }
  return contentAsText(message);
}

function withoutBlanks(content: Content): Content {
  if (typeof content === "string") return content;
  const filled = content.filter((block) => !isBlankText(block));
  return filled.length === content.length ? content : filled;
}

const isBlankText = ({ type, text }: Block) => type === "text" && String(text ?? "").trim() === "";

/** Joins the text of all blocks, and names pictures and sounds: `[image_url]`. */
function contentAsText({ content }: BaseMessage): string {
  if (typeof content === "string") return content;
  const parts = content.map((block) => {
    if (isThought(block)) return "";
    if (typeof block.text === "string") return block.text;
    return media.test(String(block.type)) ? `[${String(block.type)}]` : structured(block);
  });
  return parts.join("");
}

const media = /image|audio|video|file|media|inlineData|document/i;

/** JSON a tool gave as a block of its own. */
function structured(block: Block): string {
  return block.type === "json" ? JSON.stringify(block) : "";
}

/** What an answer without text says all the same: a refusal, or the words of a voice. */
function spokenBeside({ additional_kwargs: { refusal, audio } }: AIMessage): string {
  const { transcript } = Object(audio) as { readonly transcript?: unknown };
  return [refusal, transcript].find((said): said is string => typeof said === "string") ?? "";
}

function toolNameFor(name: string, { toolNames }: HistoryRules): string {
  return toolNames === undefined ? name : name.replace(toolNames.without, "_").slice(0, toolNames.length);
}

function speakerFor(name: string | undefined, { speakersWithout }: HistoryRules): string | undefined {
  return speakersWithout === undefined ? name : name?.replace(speakersWithout, "_").slice(0, 64);
}

function isNothing(message: BaseMessage): boolean {
  const { content, additional_kwargs: kept } = message;
  if (toolCallsOf(message).length > 0 || kept.audio || kept.function_call || kept.tool_outputs) return false;
  return typeof content === "string" ? content.trim() === "" : content.every(isBlankText);
}

/** A copy with other fields; the message itself where none of them differs. */
function edited<Kind extends BaseMessage>(message: Kind, fields: Partial<Record<keyof Kind, unknown>>): Kind {
  const names = Object.keys(fields) as (keyof Kind)[];
  if (names.every((name) => message[name] === fields[name])) return message;
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, fields);
}
