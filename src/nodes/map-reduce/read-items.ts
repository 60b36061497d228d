import { z } from "zod";
import { parseJson } from "../../text/json.js";

/** Pattern of a text that is only JSON or only a code fence. */
const json = /^(?:\[[\s\S]*\]|```[\s\S]*```)$/;
const listOfTexts = z.array(z.string());

/**
 * Reads the items of a plan written as text, one per line, or as a JSON array. It removes list marks and markdown emphasis, and skips
 * blank lines, rules, code fences and introductions ("Here is the outline:"). If any line has a list mark, it keeps only such lines.
 * A single line that refuses the work gives no item.
 */
export function readItems(text: string): string[] {
  const array = json.test(text.trim())
    ? listOfTexts.safeParse(parseJson(text, (value) => listOfTexts.safeParse(value).success))
    : undefined;
  if (array?.success) return tidyItems(array.data);
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const kept = lines.filter((line) => line !== "" && !isRule(line) && !introduces(line));
  const listed = kept.filter(isMarked);
  if (listed.length > 0) return tidyItems(listed);
  return kept.length === 1 && refusal.test(kept[0]!) ? [] : tidyItems(kept);
}

/** Removes list marks, emphasis and empty items from a list; an item may span several lines. */
export function tidyItems(items: readonly string[]): string[] {
  return items.map(withoutMarks).filter((item) => item !== "");
}

const isRule = (line: string) => /^(?:[-*_=]{3,}|```.*|~~~.*)$/.test(line);

function introduces(line: string): boolean {
  const plain = withoutEmphasis(line.replace(/^#+\s+/, ""));
  return /[:：]$/.test(plain) && plain === withoutMarks(line);
}

const refusal =
  /^(?:i(?:['’]m| am) (?:sorry|unable|not able|afraid)|i (?:cannot|can ?not|can['’]t|won['’]t|will not|do not|don['’]t)|sorry|unfortunately)\b/i;

/**
 * List marks. A number needs punctuation without a digit after it, unlike "3.5 million" and "10:30"; a letter needs a bracket,
 * because a full stop may follow an initial ("J. Doe").
 */
const marks = [
  /[-*+•◦▪●‣·–—](?:\s+|$)/, // "- ", "* ", "• "
  /#{1,6}(?:\s+|$)/, // a heading
  />\s+/, // a quotation
  /\[[ x]?\]\s*/, // "[ ] ", after "- "
  /\(?\d{1,3}(?:\.\d{1,3})*(?:[.):]|\s+[-–—](?=\s))(?!\d)\s*/, // "1. ", "(2) ", "1.2. ", "3: ", "4 - "
  /\(?(?:[a-z]|[ivx]{2,4})\)(?:\s+|$)/, // "a) ", "(b) ", "iv) "
  /(?:section|part|chapter|step|item|topic|task|point)\s+\d{1,3}\s*(?:[:.)]|[-–—](?=\s))(?!\d)\s*/, // "Section 1: "
];
const mark = new RegExp(`^(?:${marks.map(({ source }) => source).join("|")})+`, "i");

function isMarked(line: string): boolean {
  return mark.test(line) || mark.test(withoutEmphasis(line));
}

function withoutMarks(item: string): string {
  let [text, before] = [item, ""];
  while (text !== before) {
    before = text;
    text = withoutEmphasis(text.trim().replace(mark, "")).trim(); // "- **1. Title**" has a mark within
  }
  return text;
}

/** Removes `**bold**`, `_italic_` and `***both***`, but keeps `snake_case` and `2*3*4`. */
function withoutEmphasis(text: string): string {
  return text.replace(stars, "$2").replace(underscores, "$2");
}

const stars = /(?<![\p{L}\p{N}*])(\*{1,3})(?=[^*\s])([^*]+)(?<=\S)\1(?![\p{L}\p{N}*])/gu;
const underscores = /(?<![\p{L}\p{N}_])(_{1,3})(?=[^_\s])([^_]+)(?<=\S)\1(?![\p{L}\p{N}_])/gu;
