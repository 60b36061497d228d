import { InvalidOptionError } from "../errors/index.js";
import { mentioning, named } from "../models/mentions.js";
import { escapeRegExp } from "../text/escape-reg-exp.js";
import { checkedEntries } from "./check-value.js";
import { lastText, type Route } from "./route.js";

/**
 * Chooses the first model with a keyword in the question.
 *
 * **When to use** - certain words identify a task; the choice costs nothing and is always the same.
 * **Gotchas** - key order breaks ties. Keywords match whole words, ignoring case (`code` does not match `decode`), so scripts
 * without spaces between words (Chinese, Japanese, Thai) need regular expressions. If nothing matches, there is no decision, so
 * put it into `firstOf`. Only the last human message is read.
 *
 * @param keywords words, phrases or regular expressions for each model
 * @example
 * ```ts
 * createRouter({ models: { code, chat }, route: firstOf(byKeyword({ code: ["debug", /```/] }), () => "chat") });
 * @throws {InvalidOptionError} when there are no keywords, or a model has an empty list or an empty keyword
 */
export function byKeyword<Name extends string>(
  keywords: Readonly<Partial<Record<Name, readonly (string | RegExp)[]>>>,
): Route<NoInfer<Name>, string> {
  const expected = 'give words for each model: { code: ["debug", /```/] }';
  const lists = checkedEntries<readonly (string | RegExp)[]>(keywords, "byKeyword.keywords", expected);
  const finders = lists.map(([name, words]) => ({ name: name as Name, find: finderOf(words, name) }));
  const route: Route<NoInfer<Name>, string> = function byKeyword({ messages }) {
    const text = lastText(messages);
    const composed = text.normalize();
    for (const { name, find } of finders) {
      const found = find(text, composed);
      if (found !== undefined) return { name, reason: `"${found}" is in the question` };
    }
    return { name: undefined, reason: "no keyword is in the question" };
  };
  return mentioning(route, named("byKeyword.keywords", Object.keys(keywords)));
}

/** Matches all words in one pass over the normalized text, then each regular expression against the text as written. */
function finderOf(words: readonly (string | RegExp)[], name: string) {
  if (!Array.isArray(words) || words.length === 0) {
    throw new InvalidOptionError(`byKeyword.${name}`, words, "give an array of words or regular expressions");
  }
  const plain = words
    .filter((word) => !(word instanceof RegExp))
    .map((word) => ({ word, source: sourceOf(word, name) }));
  const patterns = words.filter((word) => word instanceof RegExp).map((word) => ({ word, pattern: repeatable(word) }));
  const any = plain.length === 0 ? undefined : wordPattern(plain.map(({ source }) => source).join("|"));
  return (text: string, composed: string): string | undefined => {
    const match = any?.exec(composed)?.[0];
    if (match !== undefined) return plain.find(({ source }) => wordPattern(source).test(match))?.word;
    return patterns.find(({ pattern }) => pattern.test(text))?.word.toString();
  };
}

function sourceOf(word: unknown, name: string): string {
  if (typeof word !== "string" || word.trim() === "") {
    throw new InvalidOptionError(`byKeyword.${name}`, word, "give words that are not empty");
  }
  return escapeRegExp(word.trim().normalize()).replace(/\s+/g, "\\s+");
}

function wordPattern(source: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_])(?:${source})(?![\\p{L}\\p{M}\\p{N}_])`, "iu");
}

/** Drops the flags `g` and `y`, which make a test start where the previous one stopped. */
function repeatable(word: RegExp): RegExp {
  return new RegExp(word.source, word.flags.replace(/[gy]/g, ""));
}
