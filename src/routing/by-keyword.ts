import { InvalidOptionError } from "../errors.js";
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
 * @throws {InvalidOptionError} when a model has no keyword, or one is empty
 */
export function byKeyword<Name extends string>(
  keywords: Readonly<Partial<Record<Name, readonly (string | RegExp)[]>>>,
): Route<NoInfer<Name>> {
  const matchers = (Object.entries(keywords) as [Name, readonly (string | RegExp)[]][]).map(([name, words]) => {
    if (!Array.isArray(words) || words.length === 0) {
      throw new InvalidOptionError(`byKeyword.${name}`, words, "give an array of words or regular expressions");
    }
    return { name, words: words.map((word) => ({ word: String(word), matches: matcher(word, name) })) };
  });
  return function byKeyword({ messages }) {
    const text = lastText(messages);
    for (const { name, words } of matchers) {
      const found = words.find(({ matches }) => matches(text));
      if (found !== undefined) return { name, reason: `"${found.word}" is in the question` };
    }
    return { name: undefined, reason: "no keyword is in the question" };
  };
}

function matcher(word: string | RegExp, name: string): (text: string) => boolean {
  if (word instanceof RegExp) {
    const pattern = new RegExp(word.source, word.flags.replace(/[gy]/g, "")); // a global one remembers where it stopped
    return (text) => pattern.test(text);
  }
  if (typeof word !== "string" || word.trim() === "") {
    throw new InvalidOptionError(`byKeyword.${name}`, word, "give words that are not empty");
  }
  const escaped = escapeRegExp(word.trim().normalize()).replace(/\s+/g, "\\s+");
  const pattern = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_])${escaped}(?![\\p{L}\\p{M}\\p{N}_])`, "iu");
  return (text) => pattern.test(text.normalize());
}
