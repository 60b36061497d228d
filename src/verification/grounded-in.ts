import type { BaseMessage } from "@langchain/core/messages";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import { answerText } from "../text/answer-text.js";
import { numberWords } from "../text/judgements/score-number.js";
import { normalizeText } from "../text/normalizers/normalize.js";
import { normalizeNumber } from "../text/normalizers/normalize-number.js";
import type { Verify, VerifyTurn } from "./verify.js";

export interface GroundedOptions {
  /** Returns the texts that must support an answer. @default the prompt's system and user messages, and results of tools */
  readonly sources?: (turn: VerifyTurn) => readonly string[];
}

/**
 * Passes an answer if all its numbers and quotations occur in the texts it was given. It calls no model.
 *
 * **When to use** - answers from retrieved passages whose facts are figures: durations, prices, limits, error codes. The passages
 * may be in a message of the run, or fetched by an agent's tool.
 * **Gotchas** - numbers are compared by value ("1,200" equals "1200.0"), quotations from three words on without case and punctuation;
 * list marks ("2.") and references ("[2]") do not count. Wrong sentences pass: for those add a judge,
 * `allOf(groundedIn(), judgeWith(large, { rubric }))`. A computed number (a sum, a converted unit) fails. An answer without
 * numbers in digits and quotations passes, without a score.
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
  const { sources = defaultSources } = options;
  refuseFactory(sources, "groundedIn.sources");
  if (typeof sources !== "function") {
    throw new InvalidOptionError("groundedIn.sources", sources, "give a function that returns texts");
  }
  return function groundedIn(turn: VerifyTurn) {
    const text = joined(sources(turn));
    const claims = [...claimsOf(answerText(turn.answer))];
    if (claims.length === 0) return { pass: true, reason: "the answer holds no number and no quotation to check" };
    const numbers = new Set([...numbersOf(text), ...spelledNumbers(text)]);
    const words = ` ${wordsOf(text)} `;
    const missing = claims.filter(({ number, words: quoted }) =>
      number === undefined ? !words.includes(` ${quoted} `) : !numbers.has(number),
    );
    const score = (claims.length - missing.length) / claims.length;
    if (missing.length === 0) return { pass: true, score, reason: `the sources hold all of it: ${listClaims(claims)}` };
    const reason = `not in the sources: ${listClaims(missing)}`;
    return { pass: false, score, reason, feedback: `These are ${reason}. State only what the sources say.` };
  };
}

function joined(texts: readonly string[]): string {
  if (Array.isArray(texts) && texts.every((text) => typeof text === "string")) return texts.join("\n");
  throw new InvalidOptionError("groundedIn.sources", texts, "it must return a list of texts");
}

function defaultSources({ messages, candidates }: VerifyTurn): string[] {
  const all: readonly BaseMessage[] = [...messages, ...candidates.flatMap(({ steps }) => steps ?? [])];
  return all.filter(({ type }) => type !== "ai").map(({ text }) => text);
}

/** A number (by value) or the words of a quotation, to look up in the sources. */
interface Claim {
  readonly written: string;
  readonly number?: string;
  readonly words?: string;
}

function listClaims(claims: readonly Claim[]): string {
  const all = [...new Set(claims.map(({ written }) => written))];
  return all.length <= MAX_LISTED
    ? all.join(", ")
    : `${all.slice(0, MAX_LISTED).join(", ")} and ${all.length - MAX_LISTED} more`;
}
const MAX_LISTED = 10;

/** A number with its sign (a dash after a word or number is not one), and its multiplier: "5 million". */
const numberPattern =
  /(?<![\p{L}\p{N}.,)\]%])([-\u2212])?(\d+(?:,\d{3}(?!\d))*(?:\.\d+)?)(?:[ \u00a0-]?(thousand|million|billion|trillion)\b)?/giu;
const zeros: Readonly<Record<string, number>> = { thousand: 3, million: 6, billion: 9, trillion: 12 };
const quotation = /"([^"\n]{1,2000})"|“([^“”\n]{1,2000})”|«([^«»\n]{1,2000})»|„([^„“”\n]{1,2000})[“”]/g;
const listMarks = /^[ \t]*(?:\d{1,2}[.)]|#+|[-*])[ \t]+|\[\d{1,3}\]/gm;
/** Shorter quotations may be names, or words under discussion. */
const QUOTED_WORDS = 3;

function* claimsOf(answer: string): Generator<Claim> {
  const text = answer.replace(listMarks, " ");
  for (const match of text.matchAll(numberPattern)) yield { written: match[0], number: toNumber(match) };
  for (const [written, ...quotes] of text.matchAll(quotation)) {
    for (const part of quotes.join("").split(/…|\.{3}/)) {
      const words = wordsOf(part).replace(/ (?:an?|the)$/, ""); // normalizing removed it from the sources
      if (part.trim().split(/\s+/).length >= QUOTED_WORDS) yield { written, words };
    }
  }
}

/** Returns the numbers of a text; "5 million" counts as 5 too. */
function numbersOf(text: string): string[] {
  return [...text.matchAll(numberPattern)].flatMap((match) => {
    const [, sign = "", digits = "", word] = match;
    return word === undefined ? toNumber(match) : [toNumber(match), normalizeNumber(`${sign}${digits}`)];
  });
}

function toNumber([, sign = "", digits = "", word]: RegExpMatchArray): string {
  const power = word === undefined ? "" : `e${zeros[word.toLowerCase()]}`;
  return normalizeNumber(`${sign}${digits}${power}`);
}

function wordsOf(text: string): string {
  return normalizeText(text.replace(/[\p{S}%#/*]/gu, " "));
}

const spelledOut = [...numberWords, "eleven", "twelve"];

function spelledNumbers(text: string): string[] {
  const words = new Set(text.toLowerCase().split(/\P{L}+/u));
  return spelledOut.flatMap((word, count) => (words.has(word) ? String(count) : []));
}
