import { InvalidOptionError } from "../../errors/index.js";
import { withoutFurtherQuestions } from "../further-questions.js";
import { type Normalize, textOf } from "./normalize.js";

/** Markup before a letter, LaTeX's included. */
const markup = "(?:[*_`($\\[\"'“‘«【<\\s]|\\\\\\(|\\\\(?:text|textbf|mathrm|mathbf)\\{){0,6}";
const be =
  "(?:is|IS|are|would be|must be|should be|(?:seems|appears) to be|ist|es|est|è|é|(?:은|는|は)|[*_]{0,3}(?:=|:|->|→|[-–—](?=\\s)))";
/** "Answer" in the languages that models answer in. */
const answerWord = [
  ...[
    "[Aa]nswer",
    "ANSWER",
    "[Aa]ns\\.?",
    "[Cc]hoice",
    "[Oo]ption",
    "[Aa]ntwort",
    "[Rr]espuesta",
    "[Rr]éponse",
    "[Rr]isposta",
  ],
  ...[
    "[Rr]esposta",
    "[Cc]evap",
    "[Oo]dpowiedź",
    "[Ss]var",
    "[Оо]твет",
    "Đáp án",
    "정답",
    "답",
    "答え",
    "الإجابة",
    "उत्तर",
  ],
].join("|");
/** Signs of a word around a letter; Chinese has no spaces. */
const inWord = "\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{N}";
const closing = "[\\s)*_`\\]}\"'$]{0,6}";
const joint = "(?:,?\\s?(?:or|and|&|/)|,)\\s{0,3}";

/**
 * Reads the letter of a multiple-choice answer: "The answer is (C).", "C", "**C)**", "I choose C".
 *
 * **When to use** - votes and agreement on multiple-choice questions.
 * **Gotchas** - a boxed letter wins over a stated one ("the answer is", "answer:", "it is", "B is correct"), that over a letter alone on
 * a line or in brackets, each time the last; then a letter the answer begins with ("A) because …"). Returns `""` for a list of
 * the choices, for "A or B", "A, C" and "not A"; the article "a" does not count.
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
  const letter = `${markup}(?:(?:the\\s)?(?:[Oo]ption|letter)\\s{0,3})?${markup}(?<![${inWord}])(${either})(?![${inWord}]|['’]\\p{L})`;
  /** Ways to give an answer. The first two state it; the others could also match a listed choice. */
  const forms = [
    `\\\\boxed\\{${letter}`,
    `(?<![${inWord}])(?:${answerWord})(?![${inWord}])(?:(?:\\s(?!choices|options)[\\p{L}\\d_]{1,12}){0,3}?\\s{0,3}${be})?[:>\\s]{0,3}(?:(?:la|die)\\s)?${letter}` +
      `|(?:答案|选[项择]?|選[項擇]?|選択肢)[是为為应该應該]{0,3}[:\\s]{0,3}${letter}` +
      `|\\b(?:[Ii]t|[Tt]hat)(?:['’]s|\\s(?:is|must be|should be))\\s${letter}` +
      `|\\b(?:choose|chose|pick|select|go(?:ing)? with|went with|(?:would|['’]d) say)\\s${letter}` +
      `|${letter}[*_]{0,3}(?:选项|選項)` +
      `|(?<![\\p{L}\\p{N}])([${letters}])[*_\`)\\]]{0,4}\\s(?:is|must be)\\s(?:the\\s)?(?:correct|right|best|true|answer)\\b`,
    `(?:^|\\n)[.,;\\s]{0,3}(?:[-#]{1,4}\\s|[•→]\\s?|=?>\\s)?(?:(?:[Ss]o|[Tt]hus|[Tt]herefore|[Hh]ence),?\\s)?${letter}[*_\`()\\].,:!"'”’»】$}。\\\\\\s]{0,6}(?=$|\\n)`,
    `\\((${either})\\)`,
    `^[\\s*_(["'\`]{0,9}([${letters}])(?:[*_)\\]]{0,4}[).:][*_]{0,3}|[*_)\\]]{0,4}\\s[-–—]|,?(?=\\s(?:because|since|as)\\b))\\s`,
  ].map((form) => new RegExp(form, "gu"));
  const denied = new RegExp(
    `(?:\\b[Nn]ot|n['’]t|\\b(?:[Nn]either|rather than|instead of))\\s(?:(?:choose|pick|select|be|go with)\\s)?(?:[Oo]ption\\s|[Cc]hoice\\s)?(?:\\\\boxed\\{)?${markup}(?<![${inWord}])${either}(?![${inWord}'’])${closing}` +
      `(?:,?\\s?(?:or|and|nor)\\s${letter}${closing})?(?:,?\\s?but(?:\\s(?:rather|it is|is))?\\s{1,3})?`,
    "gu",
  );
  const joinedBehind = new RegExp(
    `^${closing}(?:,?\\s?(?:or|and|&|/)\\s{0,3}${letter}|,\\s{0,3}${letter}(?=${closing}(?:$|[.,;&/]|and\\b|or\\b)))`,
    "u",
  );
  const joinedBefore = new RegExp(`(?<![${inWord}])[${letters}]${closing}${joint}$`, "u");
  const onlyLetters = new RegExp(`^\\W*${either}(?:\\W+${either})+\\W*$`, "u");
  const heads = new RegExp(`(?:^|[\\s(])([${letters}])[).:](?=\\s)`, "gu");
  const read: Normalize = (answer) => {
    const whole = plainText(withoutFurtherQuestions(textOf(answer))).replace(denied, " ");
    if (onlyLetters.test(whole) && new Set(whole.toUpperCase().match(/[A-Z]/g)).size > 1) return ""; // "A: B"
    const unlisted = withoutList(whole, heads);
    for (const [index, form] of forms.entries()) {
      const text = index < 2 ? whole : unlisted;
      const found = [...text.matchAll(form)].filter((match) => !isDenied(text, match)).at(-1);
      if (found === undefined) continue;
      const beginsWithLetter = index === 0 || index === 3; // a box or brackets
      const before = beginsWithLetter ? text.slice(Math.max(0, found.index - 20), found.index) : "";
      const isOneOfSeveral = joinedBehind.test(text.slice(found.index + found[0].length)) || joinedBefore.test(before);
      return isOneOfSeveral ? "" : letterOf(found).toUpperCase();
    }
    return "";
  };
  return Object.defineProperty(read, "name", { value: `normalizeChoice("${letters}")` });
}

/** Writes full-width signs and JSON's field "answer" like the others. */
function plainText(text: string): string {
  return text
    .slice(-20_000)
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/"(?:(?:final[_ -]?)?answer|choice|option)"\s{0,5}:/gi, "answer:")
    .replace(/<\/?(?:final|final_answer)>/gi, "\n");
}

const letterOf = (match: RegExpMatchArray) => match.slice(1).find((part) => part !== undefined) ?? "";

/** Tests for an article, and for a choice that is called wrong. */
function isDenied(text: string, match: RegExpMatchArray): boolean {
  const rest = text.slice(match.index! + match[0].length, match.index! + match[0].length + 40);
  if (/^[*_`)\]]{0,4}\s?(?:is (?:wrong|incorrect|false|not)|isn['’]t|cannot|can['’]t)\b/.test(rest)) return true;
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
