import type { BaseMessage } from "@langchain/core/messages";
import { estimateMessages } from "../ledger/usage.js";
import { cutText } from "../text/cut-text.js";
import { partsOf } from "./exchanges.js";
import { tokensOf } from "./tokens.js";

/** Messages that fit, and what that took. */
export interface Fitted {
  readonly messages: readonly BaseMessage[];
  /** Messages left out. */
  readonly left: number;
  /** Messages whose middle was cut out. */
  readonly cut: number;
  /** What they take, by estimate: more than the window where even the shortest form does not fit. */
  readonly tokens: number;
}

/** The share of a window messages may fill: a quarter is left for the answer, and for what an estimate misses. */
const share = 0.75;

/**
 * Cuts messages to three quarters of a window of so many tokens. Whole exchanges go, oldest first, until the user speaks first;
 * the opening system messages, the user's last message and the newest one stay. Where these alone are too long, the middle of
 * the longest texts is cut out.
 *
 * Arguments of tool calls are never cut; what cannot be made to fit is as short as it gets, and `tokens` says so.
 */
export function fitWindow(messages: readonly BaseMessage[], tokens: number): Fitted {
  const room = tokens * share;
  let size = estimateMessages(messages);
  if (size <= room) return { messages, left: 0, cut: 0, tokens: size };
  const { system, older } = partsOf(messages);
  const gone = new Set<BaseMessage>();
  let first = system.length;
  for (const exchange of older) {
    while (gone.has(messages[first]!)) first++;
    if (size <= room && messages[first]?.type === "human") break;
    size -= tokensOf(exchange);
    for (const message of exchange) gone.add(message);
  }
  const kept = messages.filter((message) => !gone.has(message));
  const fitted = size <= room ? kept : cutLongest(kept, room);
  const cut = fitted.filter((message, index) => message !== kept[index]).length;
  return { messages: fitted, left: messages.length - kept.length, cut, tokens: estimateMessages(fitted) };
}

/** Messages without some of them, in their order. */
export function without(messages: readonly BaseMessage[], gone: readonly BaseMessage[]): readonly BaseMessage[] {
  const set = new Set(gone);
  return messages.filter((message) => !set.has(message));
}

/** Cuts every text that is longer than a common length: the greatest that fits. */
function cutLongest(messages: readonly BaseMessage[], room: number): readonly BaseMessage[] {
  const cutTo = (length: number) => messages.map((message) => cutMessage(message, length));
  let [low, high] = [0, Math.max(...messages.map(({ text }) => text.length))];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (estimateMessages(cutTo(middle)) <= room) low = middle;
    else high = middle;
  }
  return cutTo(low);
}

/** A message with the middle of its long texts cut out; the same message where none is long. */
function cutMessage(message: BaseMessage, length: number): BaseMessage {
  const { content } = message;
  if (typeof content === "string") return withContent(message, cutText(content, length));
  const blocks = content.map((block) => {
    const text = block.type === "text" ? String(block.text) : "";
    const cut = cutText(text, length);
    return cut === text ? block : { ...block, text: cut };
  });
  return blocks.every((block, index) => block === content[index]) ? message : withContent(message, blocks);
}

function withContent(message: BaseMessage, content: BaseMessage["content"]): BaseMessage {
  if (content === message.content) return message;
  const copy: BaseMessage = Object.assign(Object.create(Object.getPrototypeOf(message)), message);
  copy.content = content;
  return copy;
}
