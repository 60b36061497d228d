import type { BaseMessage } from "@langchain/core/messages";
import { contentText } from "../../text/content-text.js";
import { messagesOf } from "../runs/dataset.js";
import { linesOf } from "./lines.js";
import { parsedLine } from "./recording-index.js";

/** Least similarity that is worth naming. */
const least = 0.2;

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** Returns the text of the last message. */
export const lastText = (messages: readonly BaseMessage[]) => {
  const last = messages.at(-1);
  return last === undefined ? "" : contentText(last);
};

/** Reads the whole file for the recorded question that shares most words with one; `undefined` if none does. */
export function nearestRecording(file: string, model: string, asked: string): string | undefined {
  const words = wordsOf(asked);
  let nearest: string | undefined;
  let best = least;
  for (const { text } of linesOf(file)) {
    const line = parsedLine(text);
    if (line === undefined || !Object.hasOwn(line.answers, model)) continue;
    const question = lastText(messagesOf(line.input));
    const others = wordsOf(question);
    let shared = 0;
    for (const word of others) if (words.has(word)) shared++;
    const similarity = shared / Math.max(1, words.size + others.size - shared);
    if (similarity <= best) continue;
    [nearest, best] = [question, similarity];
  }
  return nearest;
}
