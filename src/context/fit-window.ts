import type { BaseMessage } from "@langchain/core/messages";
import { estimateMessages } from "../ledger/usage.js";
import { cutText } from "../text/cut-text.js";
import { splitConversation } from "./exchanges.js";
import { tokensOf } from "./tokens.js";

interface Fitted {
  readonly messages: readonly BaseMessage[];
  /** Number of messages dropped. */
  readonly left: number;
  /** Number of messages whose middle was cut out. */
  readonly cut: number;
  /** Estimated size, above the window if even the shortest form does not fit. */
  readonly tokens: number;
}

/** Share of a window that messages may fill; a quarter is reserved for the answer and for errors of the estimate. */
const usableShare = 0.75;

/**
 * Drops whole exchanges, oldest first, until the messages fill three quarters of a window of `tokens` and the user speaks first.
 * Keeps the opening system messages, the user's last message and the newest one; if these alone are too long, cuts the middle
 * out of their longest texts, but never out of tool arguments.
 */
export function fitWindow(messages: readonly BaseMessage[], tokens: number): Fitted {
  const room = tokens * usableShare;
  let size = estimateMessages(messages);
  if (size <= room) return { messages, left: 0, cut: 0, tokens: size };
  const { system, older } = splitConversation(messages);
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

export function withoutMessages(
  messages: readonly BaseMessage[],
  gone: readonly BaseMessage[],
): readonly BaseMessage[] {
  const set = new Set(gone);
  return messages.filter((message) => !set.has(message));
}

/** Cuts all texts to the greatest common length that fits. */
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
