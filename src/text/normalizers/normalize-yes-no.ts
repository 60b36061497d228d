import type { AIMessage } from "@langchain/core/messages";
import { withoutFurtherQuestions } from "../further-questions.js";
import { textOf } from "./normalize.js";

/** Matches "no" as an answer, not in "no remainder". */
const saidNo =
  "no(?![-'’]|\\.\\s?\\d)(?=[^\\S\\n]{0,9}(?:$|\\n|[^\\s\\p{L}\\p{N}])|\\s{1,9}(?:it|this|that|these|they|he|she|we|i|because|since|as)\\b)";
const word = `(yes|yeah|yep|true|correct(?! me\\b)|nope|false|incorrect|untrue|${saidNo})(?![\\p{L}\\p{N}'])`;
/** Words that negate the next one: "is not quite correct". */
const negated =
  "(?:(not|never|cannot be|\\p{L}{1,9}n['’]t)\\s(?:(?:a|the|be|quite|really|entirely|exactly|strictly|always|actually|necessarily)\\s){0,3})?";
const verdict = new RegExp(`(?<![\\p{L}\\p{N}'’])${negated}${word}`, "giu");
const stated = new RegExp(`\\banswer(?:\\s(?:is|would be|must be))?[\\s:=*_"'(>-]{1,9}${negated}${word}`, "giu");
const negative = new Set(["no", "nope", "false", "incorrect", "untrue"]);
/** Whole answers in other words and languages. */
const wholeYes =
  /^[^\p{L}]*(?:y|sure|indeed|affirmative|absolutely|definitely|certainly|of course|(?:that(?:['’]s| is) )?right|ja|oui|sí|sì|sim|да|是的?|对|はい|예|네|نعم|हाँ|evet|tak)[^\p{L}]*$/iu;
const wholeNo =
  /^[^\p{L}]*(?:n|no way|not at all|never|negative|(?:that(?:['’]s| is) )?wrong|(?:absolutely|definitely|certainly|of course|surely) not|nein|non|não|нет|不是?|否|不对|いいえ|아니[요오]|لا|नहीं|hayır|nie)[^\p{L}]*$/iu;
const both = /\b(?:yes|true|correct)\s{0,3}(?:or|and|\/|nor|vs\.?)\s{0,3}(?:no|not|false|incorrect)\b/gi;
/** Words before a verdict that leave it open, in the same sentence. */
const open =
  /\b(?:maybe|perhaps|possibly|probably|not (?:sure|certain|clear|known)|unsure|unclear|uncertain|whether|if|might|may|could|neither|depends|either|can(?:not|['’]t) (?:say|tell|determine)|is it|don['’]t know|no ?(?:one|body)|(?:false|untrue|incorrect|wrong|true|correct|the case) that|(?:user|he|she|they|someone|others|critics|people)\s(?:said|says?|answer(?:s|ed)|claim(?:s|ed)?|think))\b[^.!?\n]{0,80}$/i;
/** Marks after a verdict that make it a question. */
const question = /^[^.!\n]{0,80}\?/;

/**
 * Reads "yes" or "no" from an answer; "true" and "correct" count as yes, "false", "incorrect" and "not true" as no.
 *
 * **When to use** - votes and agreement on yes-no questions.
 * **Gotchas** - English, but for one word of other languages ("oui", "нет", "はい") as the whole answer. The last stated answer ("the answer is no") wins, then a word at the very start, then the last word;
 * "Yes, but …" is yes. "No" before a noun ("no remainder", "no doubt") and "yes or no" do not count. Returns `""` if nothing is
 * found, and where the answer leaves it open: "maybe yes", "it may be true", "yes. No."
 *
 * @example
 * ```ts
 * normalizeYesNo("Yes, 91 = 7 * 13, so it is not prime."); // "yes"
 * ```
 */
export function normalizeYesNo(answer: string | AIMessage): string {
  const whole = withoutFurtherQuestions(textOf(answer));
  const text = whole
    .slice(-20_000)
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/"(?:final[_ -]?)?answer"\s{0,5}:/gi, "answer:")
    .replace(both, "");
  if (wholeYes.test(text)) return "yes";
  if (wholeNo.test(text)) return "no";
  const words = [...text.matchAll(verdict)];
  const first =
    whole.length <= 20_000
      ? words.find(({ index }) => /^[^\p{L}\p{N}]*$/u.test(text.slice(0, Math.min(index, 20))))
      : undefined;
  const said = [...text.matchAll(stated)].at(-1);
  const found = said ?? first ?? words.at(-1);
  if (found === undefined || isOpen(text, found) || (said === undefined && isTakenBack(text, words, found))) return "";
  return meaningOf(found);
}

function meaningOf([, turn, said = ""]: RegExpMatchArray): "yes" | "no" {
  return negative.has(said.toLowerCase()) === (turn === undefined) ? "no" : "yes";
}

/** Tests for a doubt before the word, and for a question. */
function isOpen(text: string, match: RegExpMatchArray): boolean {
  const from = match.index!;
  const end = from + match[0].length;
  return open.test(text.slice(Math.max(0, from - 120), from)) || question.test(text.slice(end, end + 82));
}

/** Tests for an answer that says both: "Yes. No.", "Yes. However, no." */
function isTakenBack(text: string, words: readonly RegExpMatchArray[], found: RegExpMatchArray): boolean {
  const last = words.at(-1);
  if (last === undefined || last === found || meaningOf(last) === meaningOf(found)) return false;
  const between = text.slice(found.index! + found[0].length, last.index);
  const isLast = /^\W*$/.test(text.slice(last.index! + last[0].length));
  return (
    (isLast && /^\W*[.!\n]\W*$/.test(between)) ||
    (isLast && /(?:^|\W)(?:but(?: also)?|well)\W{1,3}$/i.test(between)) ||
    /\b(?:however|actually|wait|correction|sorry|rather)\W{1,3}(?:\w+\s){0,3}$/i.test(between)
  );
}
