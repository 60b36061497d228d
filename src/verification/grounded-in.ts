import type { BaseMessage } from "@langchain/core/messages";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseUncalled } from "../errors/uncalled.js";
import { normalizeText } from "../text/normalizers/normalize.js";
import { normalizeNumber } from "../text/normalizers/normalize-number.js";
import type { Verify, VerifyTurn } from "./verify.js";

export interface GroundedOptions {
  /** The texts an answer must rest on. @default what no model wrote: passages and question it was asked with, results of its tools */
  readonly sources?: (turn: VerifyTurn) => readonly string[];
}

/**
 * Passes an answer whose numbers and quotations all occur in the texts it was given: no model is asked.
 *
 * Numbers are compared by value ("1,200" is "1200.0"; a source may spell them out up to twelve), quotations of three words and
 * more without case and punctuation. List marks ("2.") and references ("[2]") are no claims.
 *
 * **When to use** - answers from retrieved passages, with facts that are figures: durations, prices, limits, error codes. Works
 * for passages in a message of the run and for those an agent fetched with a tool.
 * **Gotchas** - it finds invented numbers and quotations, not wrong sentences: for these put a judge behind it,
 * `allOf(groundedIn(), judgeWith(large, { rubric }))`. A number the answer worked out (a sum, another unit) is not in the sources
 * either. An answer without numbers and quotations passes, with no score. Only digits count as numbers of an answer.
 *
 * @returns a `Verify`; its score is the share of the numbers and quotations that are in the sources
 * @example
 * ```ts
 * const graph = createCascade({ models: { small, large }, verify: groundedIn() }).compile();
 * await graph.invoke({ messages: [["system", "Answer from this text: …"], ["human", "How long is the warranty?"]] });
 * ```
 * @throws {InvalidOptionError} when `sources` is not a function
 */
export function groundedIn(options: GroundedOptions = {}): Verify {
  checkKeys(options, "groundedIn", ["sources"]);
  const { sources = given } = options;
  refuseUncalled(sources, "groundedIn.sources");
  if (typeof sources !== "function") {
    throw new InvalidOptionError("groundedIn.sources", sources, "give a function that returns texts");
  }
  return function groundedIn(turn: VerifyTurn) {
    const text = joined(sources(turn));
    const claims = [...claimsOf(turn.answer.text)];
    if (claims.length === 0) return { pass: true, reason: "the answer holds no number and no quotation to check" };
    const numbers = new Set([...numbersOf(text), ...spelled(text)]);
    const words = ` ${wordsOf(text)} `;
    const missing = claims.filter(({ number, words: quoted }) =>
      number === undefined ? !words.includes(` ${quoted} `) : !numbers.has(number),
    );
    const score = (claims.length - missing.length) / claims.length;
    if (missing.length === 0) return { pass: true, score, reason: `the sources hold all of it: ${list(claims)}` };
    const reason = `not in the sources: ${list(missing)}`;
    return { pass: false, score, reason, feedback: `These are ${reason}. State only what the sources say.` };
  };
}

function joined(texts: readonly string[]): string {
  if (Array.isArray(texts) && texts.every((text) => typeof text === "string")) return texts.join("\n");
  throw new InvalidOptionError("groundedIn.sources", texts, "it must return a list of texts");
}

/** What no model wrote: of the messages, and of what an agent did on its way to the answer. */
function given({ messages, candidates }: VerifyTurn): string[] {
  const all: readonly BaseMessage[] = [...messages, ...candidates.flatMap(({ steps }) => steps ?? [])];
  return all.filter(({ type }) => type !== "ai").map(({ text }) => text);
}

/** What an answer claims that can be looked up: a number by its value, or the words of a quotation. */
interface Claim {
  readonly written: string;
  readonly number?: string;
  readonly words?: string;
}

/** Each claim once, the first few of them. */
function list(claims: readonly Claim[]): string {
  const all = [...new Set(claims.map(({ written }) => written))];
  return all.length <= LISTED ? all.join(", ") : `${all.slice(0, LISTED).join(", ")} and ${all.length - LISTED} more`;
}
const LISTED = 10;

/** A number with its sign (a dash behind a word or a number is none), and the word that multiplies it: "5 million". */
const figure =
  /(?<![\p{L}\p{N}.,)\]%])([-\u2212])?(\d+(?:,\d{3}(?!\d))*(?:\.\d+)?)(?:[ \u00a0-]?(thousand|million|billion|trillion)\b)?/giu;
const zeros: Readonly<Record<string, number>> = { thousand: 3, million: 6, billion: 9, trillion: 12 };
const quotation = /"([^"\n]{1,2000})"|“([^“”\n]{1,2000})”|«([^«»\n]{1,2000})»|„([^„“”\n]{1,2000})[“”]/g;
const marks = /^[ \t]*(?:\d{1,2}[.)]|#+|[-*])[ \t]+|\[\d{1,3}\]/gm;
/** Fewer words may be a name, or a word that is talked about. */
const QUOTED_WORDS = 3;

function* claimsOf(answer: string): Generator<Claim> {
  const text = answer.replace(marks, " ");
  for (const match of text.matchAll(figure)) yield { written: match[0], number: toNumber(match) };
  for (const [written, ...quotes] of text.matchAll(quotation)) {
    for (const part of quotes.join("").split(/…|\.{3}/)) {
      const words = wordsOf(part).replace(/ (?:an?|the)$/, ""); // the sources lost theirs
      if (part.trim().split(/\s+/).length >= QUOTED_WORDS) yield { written, words };
    }
  }
}

/** The numbers of a text; a source with "5 million" holds 5 too. */
function numbersOf(text: string): string[] {
  return [...text.matchAll(figure)].flatMap((match) => {
    const [, sign = "", digits = "", word] = match;
    return word === undefined ? toNumber(match) : [toNumber(match), normalizeNumber(`${sign}${digits}`)];
  });
}

function toNumber([, sign = "", digits = "", word]: RegExpMatchArray): string {
  const power = word === undefined ? "" : `e${zeros[word.toLowerCase()]}`;
  return normalizeNumber(`${sign}${digits}${power}`);
}

/** Words as they are compared, signs left out. */
function wordsOf(text: string): string {
  return normalizeText(text.replace(/[\p{S}%#/*]/gu, " "));
}

const counts = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

/** The numbers a text spells out. */
function spelled(text: string): string[] {
  const words = new Set(text.toLowerCase().split(/\P{L}+/u));
  return counts.flatMap((word, count) => (words.has(word) ? String(count) : []));
}
