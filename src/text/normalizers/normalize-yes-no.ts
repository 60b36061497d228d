import type { AIMessage } from "@langchain/core/messages";
import { textOf } from "./normalize.js";

/** Matches "no" as an answer, not in "no remainder". */
const saidNo =
  "no(?![-'’]|\\.\\s?\\d)(?=\\s{0,9}(?:$|[^\\s\\p{L}\\p{N}])|\\s{1,9}(?:it|this|that|these|they|he|she|we|i|because|since|as)\\b)";
const word = `(yes|yeah|yep|true|correct(?! me\\b)|nope|false|incorrect|untrue|${saidNo})(?![\\p{L}\\p{N}'])`;
/** Words that negate the next one: "is not quite correct". */
const negated =
  "(?:(not|never|cannot be|\\p{L}{1,9}n['’]t)\\s(?:(?:a|the|be|quite|really|entirely|exactly|strictly|always|actually|necessarily)\\s){0,3})?";
const verdict = new RegExp(`(?<![\\p{L}\\p{N}'’])${negated}${word}`, "giu");
const stated = new RegExp(`\\banswer(?:\\s(?:is|would be|must be))?[\\s:=*_"'(>-]{1,9}${negated}${word}`, "giu");
const negative = new Set(["no", "nope", "false", "incorrect", "untrue"]);

/**
 * Reads "yes" or "no" from an answer; "true" and "correct" count as yes, "false", "incorrect" and "not true" as no.
 *
 * **When to use** - votes and agreement on yes-no questions.
 * **Gotchas** - English only. The last stated answer ("the answer is no") wins, then a word at the very start, then the last word. "No"
 * before a noun ("no remainder") and "yes or no" do not count. Returns `""` if nothing is found.
 *
 * @example
 * ```ts
 * normalizeYesNo("Yes, 91 = 7 * 13, so it is not prime."); // "yes"
 * ```
 */
export function normalizeYesNo(answer: string | AIMessage): string {
  const whole = textOf(answer);
  const text = whole.slice(-20_000).replace(/\b(?:yes|true)\s{0,3}(?:or|and|\/)\s{0,3}(?:no|false)\b/gi, "");
  const words = [...text.matchAll(verdict)];
  const first =
    whole.length <= 20_000
      ? words.find(({ index }) => /^[^\p{L}\p{N}]*$/u.test(text.slice(0, Math.min(index, 20))))
      : undefined;
  const found = [...text.matchAll(stated)].at(-1) ?? first ?? words.at(-1);
  if (found === undefined) return "";
  const [, turn, said = ""] = found;
  return negative.has(said.toLowerCase()) === (turn === undefined) ? "no" : "yes";
}
