import { z } from "zod";
import { parseJson } from "../../text/json.js";

/** An answer that is JSON and nothing beside it: brackets within a line are text. */
const json = /^(?:\[[\s\S]*\]|```[\s\S]*```)$/;
const listOfTexts = z.array(z.string());

/**
 * Reads a plan that is text: one item a line. List marks and markdown emphasis are taken off; blank lines, rules, code fences
 * and lines that only introduce what follows ("Here is the outline:") are no items. Where some lines have a list mark, the others
 * are talk around the list; a single line that refuses is no plan. A JSON array of texts is read as one.
 */
export function readItems(text: string): string[] {
  const array = json.test(text.trim())
    ? listOfTexts.safeParse(parseJson(text, (value) => listOfTexts.safeParse(value).success))
    : undefined;
  if (array?.success) return tidyItems(array.data);
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const told = lines.filter((line) => line !== "" && !isRule(line) && !introduces(line));
  const listed = told.filter(isMarked);
  if (listed.length > 0) return tidyItems(listed);
  return told.length === 1 && refusal.test(told[0]!) ? [] : tidyItems(told);
}

/** The same for items that are told apart already: each keeps its own lines. */
export function tidyItems(items: readonly string[]): string[] {
  return items.map(withoutMarks).filter((item) => item !== "");
}

const isRule = (line: string) => /^(?:[-*_=]{3,}|```.*|~~~.*)$/.test(line);

/** A line without a list mark that ends in a colon. */
function introduces(line: string): boolean {
  const plain = withoutEmphasis(line.replace(/^#+\s+/, ""));
  return /[:：]$/.test(plain) && plain === withoutMarks(line);
}

/** How a model begins that does not split the work: "I cannot split this." */
const refusal =
  /^(?:i(?:['’]m| am) (?:sorry|unable|not able|afraid)|i (?:cannot|can ?not|can['’]t|won['’]t|will not|do not|don['’]t)|sorry|unfortunately)\b/i;

/**
 * What may stand before an item. A number needs its punctuation, and no digit after that ("3.5 million", "10:30"); a letter
 * needs a bracket, since with a full stop it may be an initial ("J. Doe").
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

/** A line that begins with a list mark, bold or not. */
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

/** Takes `**bold**`, `_italic_` and `***both***` off, but nothing within a word or a product (`snake_case`, `2*3*4`). */
function withoutEmphasis(text: string): string {
  return text.replace(stars, "$2").replace(underscores, "$2");
}

const stars = /(?<![\p{L}\p{N}*])(\*{1,3})(?=[^*\s])([^*]+)(?<=\S)\1(?![\p{L}\p{N}*])/gu;
const underscores = /(?<![\p{L}\p{N}_])(_{1,3})(?=[^_\s])([^_]+)(?<=\S)\1(?![\p{L}\p{N}_])/gu;
