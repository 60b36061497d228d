import type { AIMessage } from "@langchain/core/messages";
import { InvalidOptionError } from "../../errors/index.js";
import { invalidReturn, refuseFactory } from "../../errors/refuse-factory.js";
import { answerText } from "../answer-text.js";
import { withoutThoughts } from "../thoughts.js";
import { sortedJson } from "./sorted-json.js";

/** Converts an answer to the form that is compared; `""` means nothing to compare and equals nothing, not even another `""`. */
export type Normalize = (answer: string | AIMessage) => string;

/** Wraps a normalizer, so that errors name its option unless it is a function that returns text. */
export function checkedNormalize(normalize: Normalize, option: string): Normalize {
  refuseFactory(normalize, option);
  if (typeof normalize !== "function") {
    throw new InvalidOptionError(
      option,
      normalize,
      "give a function from an answer to a text, such as normalizeNumber",
    );
  }
  return (answer) => {
    const key: unknown = normalize(answer);
    if (typeof key === "string") return key;
    throw invalidReturn(option, key, 'it must return a text at once, no promise; "" where there is nothing to compare');
  };
}

/**
 * Returns the text of an answer, given as text or as a message, without what the model thought: `<think>…</think>`,
 * `[THINK]…[/THINK]`, the channels of gpt-oss and similar, also where a mark is missing. An answer of thoughts only is `""`.
 *
 * **When to use** - wherever your own code reads an answer: in a normalizer, a `check`, a `next`, a `reduce`.
 * **Gotchas** - `message.text` has the thoughts that a provider left in the text; messages are never changed.
 *
 * @example
 * ```ts
 * const firstWord = (answer: string | AIMessage) => textOf(answer).split(" ")[0] ?? "";
 * ```
 * @throws {InvalidOptionError} when it is neither a text nor a message
 */
export function textOf(answer: string | AIMessage): string {
  if (typeof answer === "string") return withoutThoughts(answer);
  if (typeof answer?.text === "string") return answerText(answer);
  throw new InvalidOptionError("answer", answer, "a normalizer reads a text or an AIMessage");
}

/** Returns an answer's tool calls as text, equal whatever the order of arguments; `""` if there are no calls. */
export function callsText(answer: string | AIMessage): string {
  const calls = typeof answer === "string" ? [] : (answer?.tool_calls ?? []);
  return calls.map(({ name, args }) => `${name}(${sortedJson(args)})`).join("; ");
}

const operand = "(?:\\p{N}|(?<!\\p{L})\\p{L}(?!\\p{L}))"; // a digit, or a letter that stands alone
/** Symbols with a meaning of their own, compared like words. */
const symbols = [
  "(?!`)\\p{S}\\p{M}*", // + < = $ and emoji, but no backtick
  "(?<=[\\p{L}\\p{N}] ?)#+", // C#, not a heading
  "(?<=\\p{N} ?)%",
  "(?<=[\\p{L}\\p{N}])[*/](?=[\\p{L}\\p{N}])", // 2*3
  "(?<=[\\p{L}\\p{N}] )[*/](?= [\\p{L}\\p{N}-])", // 2 * 3, not *stress*
  `(?<=${operand})-(?=${operand})`, // 5-3, not well-known
  `(?<=${operand} )-(?= (?:-|${operand}))`, // 5 - 3, not a dash
].join("|");
/** Minus signs and decimal points of numbers, which stay in place. */
const partOfNumber = "(?<![\\p{L}\\p{N}])-\\.?\\p{N}|(?<![\\p{L}.])\\.\\p{N}";
const signs = new RegExp(`(${symbols})|(?!${partOfNumber})[^\\p{L}\\p{M}\\p{N}\\s]`, "gu");

/**
 * Ignores case, punctuation, white space and English articles. Symbols with a meaning stay: the minus and point of a number, an
 * operator ("2 - 2"), "C++", "10%". An answer of punctuation only is compared as it is. Answers that call tools are compared by
 * the calls' names and arguments, ignoring their text.
 *
 * **When to use** - short free-text answers; the default of votes and agreement.
 *
 * @example
 * ```ts
 * normalizeText("The  Eiffel Tower.") === normalizeText("eiffel tower"); // true
 * ```
 */
export function normalizeText(answer: string | AIMessage): string {
  const calls = callsText(answer);
  if (calls !== "") return calls;
  const text = textOf(answer)
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("\u2212", "-")
    .replace(/[^\S\n]+/g, " ");
  const words = text
    .replace(signs, (_sign, symbol?: string) => (symbol === undefined ? " " : ` ${symbol} `))
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return text.replace(/[^\p{P}]|[\p{Pi}\p{Pf}"']/gu, "");
  return words.filter((_word, index) => !isArticle(words, index)).join(" ");
}

/** Keeps "a" at the end as a choice, and beside a symbol as a name: "a + b". */
function isArticle(words: readonly string[], index: number): boolean {
  const isWord = (word: string | undefined) => word !== undefined && /[\p{L}\p{N}]/u.test(word);
  return /^(?:an?|the)$/.test(words[index]!) && isWord(words[index + 1]) && (index === 0 || isWord(words[index - 1]));
}
