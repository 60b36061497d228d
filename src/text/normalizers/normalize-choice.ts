import { InvalidOptionError } from "../../errors/index.js";
import { type Normalize, textOf } from "./normalize.js";

/** Markup before a letter, LaTeX's included. */
const markup = "(?:[*_`($\\[\"'\\s]|\\\\\\(|\\\\(?:text|textbf|mathrm|mathbf)\\{){0,6}";
const be = "(?:is|are|would be|must be|should be|=|:|->|→)";

/**
 * Reads the letter of a multiple-choice answer: "The answer is (C).", "C", "**C)**", "I choose C".
 *
 * **When to use** - votes and agreement on multiple-choice questions.
 * **Gotchas** - a boxed letter wins over a stated one ("the answer is", "answer:", "it is", "B is correct"), that over a letter alone on
 * a line or in brackets, each time the last; then a letter the answer begins with ("A) because …"). Returns `""` for a list of
 * the choices and for "A or B"; the article "a" does not count.
 *
 * @param letters letters of the choices, in capitals: `"ABCD"`
 * @example
 * ```ts
 * normalizeChoice("ABCD")("So the answer is (b)."); // "B"
 * ```
 * @throws {InvalidOptionError} when `letters` is not a row of different capital letters
 */
export function normalizeChoice(letters: string): Normalize {
  if (typeof letters !== "string" || !/^[A-Z]+$/.test(letters) || new Set(letters).size !== letters.length) {
    throw new InvalidOptionError("normalizeChoice.letters", letters, 'give different capital letters: "ABCD"');
  }
  const either = `[${letters}${letters.toLowerCase()}]`;
  const letter = `${markup}(?:[Oo]ption\\s{0,3})?${markup}(?<![\\p{L}\\p{N}])(${either})(?![\\p{L}\\p{N}'’])`;
  /** Ways to give an answer. The first two state it; the others could also match a listed choice. */
  const forms = [
    `\\\\boxed\\{${letter}`,
    `\\b(?:[Aa]nswer|[Cc]hoice|[Oo]ption)\\b(?:(?:\\s(?!choices|options)\\w{1,12}){0,3}?\\s{0,3}${be})?[:>\\s]{0,3}${letter}` +
      `|\\b(?:[Ii]t|[Tt]hat)(?:['’]s|\\s(?:is|must be|should be))\\s${letter}` +
      `|\\b(?:choose|chose|pick|select|go with|went with)\\s${letter}` +
      `|(?<![\\p{L}\\p{N}])([${letters}])[*_\`)\\]]{0,4}\\s(?:is|must be)\\s(?:the\\s)?(?:correct|right|best|true|answer)\\b`,
    `(?:^|\\n)(?:(?:[Ss]o|[Tt]hus|[Tt]herefore|[Hh]ence),?\\s)?${letter}[*_\`)\\].:"'$}\\s]{0,6}(?=$|\\n)`,
    `\\((${either})\\)`,
    `^\\s{0,9}([${letters}])(?:[).:]|\\s-)\\s`,
  ].map((form) => new RegExp(form, "gu"));
  const heads = new RegExp(`(?:^|[\\s(])([${letters}])[).:](?=\\s)`, "gu");
  return function normalizeChoice(answer) {
    const whole = textOf(answer).slice(-20_000);
    const unlisted = withoutList(whole, heads);
    for (const [index, form] of forms.entries()) {
      const text = index < 2 ? whole : unlisted;
      const found = [...text.matchAll(form)].filter((match) => !isDenied(text, match)).at(-1);
      if (found === undefined) continue;
      const [said] = found;
      const rest = text.slice(found.index + said.length);
      const others = new RegExp(`^[\\s)*]{0,4}(?:or|and|&|/)\\s{0,3}${letter}`, "u");
      return others.test(rest) ? "" : letterOf(found).toUpperCase();
    }
    return "";
  };
}

const letterOf = (match: RegExpMatchArray) => match.slice(1).find((part) => part !== undefined) ?? "";

/** Tests for an article, and for a choice that is called wrong. */
function isDenied(text: string, match: RegExpMatchArray): boolean {
  const rest = text.slice(match.index! + match[0].length, match.index! + match[0].length + 40);
  if (/^[*_`)\]]{0,4}\s(?:is (?:wrong|incorrect|false|not)|isn['’]t|cannot|can['’]t)\b/.test(rest)) return true;
  const isWord = /[AaIi]$/.test(match[0]);
  return isWord && /^\s\p{L}/u.test(rest) && !/^\s(?:because|since|as|is|and|or|with|which|for|not)\b/.test(rest);
}

function withoutList(text: string, heads: RegExp): string {
  const listed = (line: string) => [...line.matchAll(heads)];
  if (new Set(listed(text).map(([, letter]) => letter)).size < 2) return text;
  const isList = (line: string) => listed(line).length > 1 || listed(line)[0]?.index === 0;
  return text
    .split("\n")
    .map((line) => (isList(line.trim()) ? "" : line))
    .join("\n");
}
