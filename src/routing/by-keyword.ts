import { InvalidOptionError } from "../errors/index.js";
import { mentioning, named } from "../models/mentions.js";
import { checkedEntries } from "./check-value.js";
import { escapeRegExp, lastText, type Route } from "./route.js";

/**
 * Chooses the first model one of whose keywords is in the question.
 *
 * **When to use** - the words that tell tasks apart are known; it costs nothing and is the same every time.
 * **Gotchas** - key order decides ties; words match as whole words, ignoring case (`code` is not in `decode`), so a script
 * without spaces between words (Chinese, Japanese, Thai) needs regular expressions. Nothing found is no decision, so put it
 * into `firstOf`. Only the last human message is read.
 *
 * @param keywords words, phrases or regular expressions per model
 * @example
 * ```ts
 * createRouter({ models: { code, chat }, route: firstOf(byKeyword({ code: ["debug", /```/] }), () => "chat") });
 * ```
 * @throws {InvalidOptionError} when there are no keywords, a model has none, or one is empty
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

/** Finds one of a list: all its words in one pass, then its expressions, in a text as it is. */
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

/** A word as part of an expression. */
function sourceOf(word: unknown, name: string): string {
  if (typeof word !== "string" || word.trim() === "") {
    throw new InvalidOptionError(`byKeyword.${name}`, word, "give words that are not empty");
  }
  return escapeRegExp(word.trim().normalize()).replace(/\s+/g, "\\s+");
}

function wordPattern(source: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_])(?:${source})(?![\\p{L}\\p{M}\\p{N}_])`, "iu");
}

/** A global expression remembers where it stopped. */
function repeatable(word: RegExp): RegExp {
  return new RegExp(word.source, word.flags.replace(/[gy]/g, ""));
}
