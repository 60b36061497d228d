import { z } from "zod";
import { parseJson } from "../models/structured.js";

/** A JSON answer, and nothing beside it: brackets within a line are text. */
const json = /^(?:\[[\s\S]*\]|```[\s\S]*```)$/;
const listOfTexts = z.array(z.string());

/**
 * Reads a plan that is text: one item a line. List marks and markdown emphasis are taken off; blank lines, rules, code fences
 * and lines that only introduce what follows ("Here is the outline:") are no items. A JSON array of texts is read as one.
 */
export function readItems(text: string): string[] {
  const listed = json.test(text.trim()) ? listOfTexts.safeParse(parseJson(text)) : undefined;
  if (listed?.success) return tidyItems(listed.data);
  return text.split(/\r?\n|\r/).flatMap((line) => {
    const item = withoutMarks(line);
    const introduces = /[:：]$/.test(item) && item === withoutEmphasis(line.trim());
    return item === "" || introduces || /^(?:[-*_=]{3,}|```.*|~~~.*)$/.test(line.trim()) ? [] : [item];
  });
}

/** The same for items that are told apart already: each keeps its own lines. */
export function tidyItems(items: readonly string[]): string[] {
  return items.map(withoutMarks).filter((item) => item !== "");
}

/**
 * What may stand before an item. A number or a letter needs its ")" or ".", and no digit after it ("3.5 million", "10:30");
 * a single letter with a full stop stays, since it may be an initial ("J. Doe").
 */
const marks = [
  /[-*+•◦▪●‣·–—](?:\s+|$)/, // "- ", "* ", "• "
  /#{1,6}(?:\s+|$)/, // a markdown heading
  />\s*/, // a quotation
  /\[[ xX]?\]\s*/, // "[ ] ", after "- "
  /\(?\d{1,3}(?:\.\d{1,3})*(?:[.):]|\s+[-–—](?=\s))(?!\d)\s*/, // "1. ", "(2) ", "1.2. ", "3: ", "4 - "
  /\(?(?:[a-z]|[ivx]{2,4})\)(?:\s+|$)/i, // "a) ", "(b) ", "iv) "
  /(?:section|part|chapter|step|item|topic|task|point)\s+\d{1,3}\s*(?:[:.)]|[-–—](?=\s))(?!\d)\s*/i, // "Section 1: "
];
const mark = new RegExp(`^(?:${marks.map(({ source }) => source).join("|")})`, "i");

function withoutMarks(item: string): string {
  const rest = item.trim().replace(mark, "");
  return rest === item.trim() ? withoutEmphasisOrMarks(rest) : withoutMarks(rest);
}

/** "**1. Title**" has its mark inside the emphasis, "1. **Title**" the other way round. */
function withoutEmphasisOrMarks(item: string): string {
  const plain = withoutEmphasis(item);
  return plain === item ? item : withoutMarks(plain);
}

/** Takes `**bold**`, `_italic_` and `~~the like~~` off, but nothing within a word or a product (`snake_case`, `2*3*4`). */
function withoutEmphasis(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}*_~])(\*{1,3}|_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}*_~])/gu, "$2");
}
