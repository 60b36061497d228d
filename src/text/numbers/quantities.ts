import { shownAmount, times } from "./amount.js";
import { writtenAt } from "./expression.js";
import { tailAt } from "./tail.js";

/** A number of a text, with its unit; several that belong together ("5 to 10", "(3, 4)", "3:45") are one. */
export interface Quantity {
  readonly start: number;
  readonly end: number;
  /** The number as plain text; undefined where it is not clear which number it is. */
  readonly value: string | undefined;
  /** True for numbers of steps, pages and confidences, which are an answer only where there is no other number. */
  readonly isAside: boolean;
}

const letter = "[A-Za-zÀ-ɏЀ-ӿ]";
const token = new RegExp(
  [
    "https?://\\S+",
    `(?!sqrt[({])${letter}(?:${letter}|[0-9_])*(?:\\.\\d[\\w.]*|(?<=[A-Z\\d])-\\d[\\w.]*)*(?:(?<=(?<!${letter})${letter})\\([^()\\n]{1,20}\\))?`,
    "\\\\(?!(?:[dtc]?frac|sqrt|pi)(?![A-Za-z]))[A-Za-z]+",
    "((?<![\\w)\\]}%])[-+]?(?:\\d|\\.\\d|\\\\[dtc]?frac|\\\\sqrt|\\\\pi|√|∛|π|sqrt)|(?<![\\w)\\]}])\\()",
    "(\\[\\^?\\d{1,3}(?:\\s?[,–-]\\s?\\d{1,3}){0,5}\\](?!\\())",
  ].join("|"),
  "gu",
);
const number = "(?=[-+]?(?:\\d|\\.\\d|\\\\[dtc]?frac|\\\\sqrt|\\\\pi|√|π|\\())";
const between =
  "[,;]|[,;]? ?(?:and|or|&)(?: (?:maybe|perhaps|possibly|even|about))?|[,;]? (?:maybe|perhaps|possibly)|(?:to|through|until|up to|vs\\.?|by|times|plus|minus|divided by|over|mod|remainder|[rR]|in(?= \\d+\\s{0,3}(?:$|[.,;)\\n])))|[-–—±+×xX*÷/<]|[:]|\\.{2,3}|…";
const joiner = new RegExp(`[ \\t]*(?:${between})[ \\t]*${number}|[.'’,]${number}| (?=\\d)`, "y");

const negated =
  /(?:\bnot|n['’]t(?: be)?|\b(?:instead of|rather than|never|no longer))\s+(?:(?:just|exactly|equal to|simply|the number)\s+)?$/i;
const bounded =
  /(?:\b(?:at (?:least|most)|(?:more|less|fewer|greater|larger|smaller|higher|lower) than(?: or equal to)?|over|under|up to|above|below|exceeds|almost|nearly)\s+|[<>≤≥≠≮≯±]=?\s?|[_^]\s?\{?|!=\s?)$/i;
const aside =
  /(?:\b(?:steps?|pages?|fig(?:ure|\.)|sections?|chapters?|tables?|eq(?:uation|\.)?|examples?|questions?|problems?)\s?\(?|\b(?:confidence|certainty|probability)\b[^.\n\d]{0,30})$/i;
const asideAfter = /^(?:%? (?:sure|certain|confident|confidence|decimal places?|significant (?:figures|digits))\b)/i;

/** Finds the numbers of a text in plain notation, in their order. */
export function quantitiesIn(text: string, isFormula = false): Quantity[] {
  const found: Quantity[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [said, start, bracket] = match;
    const previous = found.at(-1);
    if (bracket !== undefined) {
      if (previous && isReference(text, match.index)) token.lastIndex = endOfLine(text, match.index);
      else if (previous && isBehind(text.slice(previous.end, match.index)))
        found[found.length - 1] = { ...previous, end: token.lastIndex };
      else token.lastIndex = match.index + 1;
      continue;
    }
    if (start === undefined) continue;
    if (said === "(" && previous && isRemark(text, previous.end, match.index)) {
      token.lastIndex = text.indexOf(")", match.index) + 1;
      continue;
    }
    const quantity = quantityAt(text, match.index, isFormula);
    token.lastIndex = quantity?.end ?? match.index + (said === "(" ? 1 : said.length);
    if (quantity !== undefined && !negated.test(text.slice(Math.max(0, match.index - 40), match.index)))
      found.push(quantity);
  }
  return found;
}

function quantityAt(text: string, start: number, isFormula: boolean): Quantity | undefined {
  const first = measuredAt(text, start, isFormula);
  if (first === undefined) return undefined;
  const before = text.slice(Math.max(0, start - 50), start);
  let [end, isUnsure, hasUnit] = [
    first.end,
    first.isUnsure || bounded.test(before) || /-\($/.test(text.slice(start - 1, start + 1)),
    first.hasUnit,
  ];
  let spaced = /\d \d/.test(text.slice(start, end));
  joiner.lastIndex = end;
  for (let joint = joiner.exec(text); joint !== null; joint = joiner.exec(text)) {
    const next = measuredAt(text, joiner.lastIndex, isFormula);
    const isSpaced = joint[0] === " " && spaced; // 1 555 123 4567
    if (!isSpaced && !isJoined(joint[0], text.slice(joiner.lastIndex, joiner.lastIndex + 4), hasUnit, next?.hasUnit))
      break;
    [isUnsure, hasUnit, spaced] = [true, next?.hasUnit ?? false, joint[0] === " "];
    end = next?.end ?? joiner.lastIndex;
    joiner.lastIndex = end;
    if (next === undefined) break;
  }
  const isFirst = /(?:^|\n)\s{0,3}$/.test(before);
  const isEnumerator = isFirst && /^\d{1,2}[.)]\s+\S/.test(text.slice(start, first.last + 6));
  const isAside = isEnumerator || aside.test(before) || asideAfter.test(text.slice(first.end, first.end + 40));
  return { start, end, value: isUnsure ? undefined : first.value, isAside };
}

function measuredAt(text: string, start: number, isFormula: boolean) {
  const written = writtenAt(text, start);
  if (written === undefined) return undefined;
  const tail = tailAt(text, written.end, isFormula);
  const amount = times(written.value, tail.scale);
  const isTooLarge = typeof amount === "number" && !Number.isFinite(amount);
  return {
    end: tail.end,
    last: written.end,
    value: isTooLarge ? undefined : shownAmount(amount),
    isUnsure: tail.isUnsure || isTooLarge,
    hasUnit: tail.hasUnit,
  };
}

/** Tests whether two numbers belong together: "3, 4", not "in 2010, 18 eggs"; "2 hours 30 minutes" and "1 234", not "7 18". */
function isJoined(joint: string, next: string, hasUnit: boolean, hasNextUnit: boolean | undefined): boolean {
  if (joint === " ") return hasUnit || /^\d{3}(?!\d)/.test(next);
  return !/^[,;] $/.test(joint) || hasNextUnit === hasUnit;
}

/** Tests whether a bracketed number is a footnote of the number before it: "42 [1]", "42 days.[1]". */
const isBehind = (between: string) => /^(?:\s[\p{L}²³°/-]{1,20}){0,3}[.!?,;:]?\s?$/u.test(between);

/** Tests whether a line lists a source: "[1] A page of 2019". */
const isReference = (text: string, at: number) =>
  /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 10), at)) && /^\[[^\]]+\]:?[ \t]+\S/.test(text.slice(at, at + 40));

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Tests whether a bracket is a remark about the number before it: "42 (95% sure)". */
function isRemark(text: string, from: number, at: number): boolean {
  const remark = /^\([^()\n]{1,160}\)/.exec(text.slice(at, at + 170));
  return remark !== null && /^(?=.*\s$)[^\n.!?()=×*+/-]{0,40}$/.test(text.slice(from, at));
}
