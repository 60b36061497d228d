import { withoutThoughts } from "../thoughts.js";
import { announces, lastLineOf } from "./announced.js";
import { bareForm, beginnings, conclusion, headForms, hypothetical } from "./score-forms.js";
import { anyNumber, type Scale, scaleOf, scoreOf, toNumber } from "./score-number.js";
import { agreesWith } from "./score-record.js";
import { isHarmlessAfter, isHarmlessBefore, onlyReports } from "./score-surroundings.js";

/**
 * Reads a judge's score from text: "Score: 8", "8/10", "8 out of 10", "I give it an 8", or a line that is a number.
 *
 * Only a sentence on the last line that states a score counts. On a scale to 10, 4 of 5 becomes 8. The scale itself ("from 1 to
 * 10", "max score: 10") is ignored, and of a sum or change ("10 - 4 = 6", "9 -> 6") the last number counts. Returns `undefined` if the
 * text around the score is not known to be harmless (a judgement, a reason, feedback), since the score may then be reported,
 * conditional, or taken back.
 */
export function readScore(text: string, scale: Scale): number | undefined {
  const tail = withoutThoughts(text)
    .slice(-2_000)
    .replace(decimalComma, "$1.$2")
    .replace(/<(score|rating|grade)>\s*([^<>]{1,20}?)\s*<\/\1>/gi, "$1: $2");
  if (/[}\]][\s`]*$/.test(tail) && /\{\s*["'}]/.test(tail)) return scoreOfRecord(tail, scale);
  const { last, lead } = lastLineOf(tail, (line) => hasContent(withoutMarks(line)));
  const unquoted = last.replace(/\b((?:score|rating|grade)\W{0,4}[:=]\W{0,4})(["'“])([\d./]+)["'”]/i, "$1$3");
  if (isStruck(unquoted)) return undefined;
  const line = withoutMarks(unquoted)
    .replace(scaleOf(scale), " ")
    .replace(/\(\s*\)/g, " ")
    .replace(/\s+(?=[:,.!])|\s{2,}/g, (space) => (space.length > 1 ? " " : ""))
    .trim();
  const score = statedOn(line, scale);
  if (score === undefined || announces(withoutMarks(lead)) || onlyReports(withoutMarks(lead), score)) return undefined;
  return isBare(withoutMarks(last)) && statesOther(withoutMarks(lead), score, scale) ? undefined : score;
}

/** A decimal comma before a scale, as in "8,5/10"; without one, "8,5" may be two numbers. */
const decimalComma = /(?<![\d.,])(\d{1,3}),(\d{1,2})(?=\s{0,2}(?:\/|%|out of\b|of\b|points?\b))/g;

function statedOn(line: string, scale: Scale): number | undefined {
  const concluded = conclusion.exec(line);
  if (concluded !== null) {
    const value = scoreOf(concluded, scale);
    const isPlain = !/\b(?:if|once|unless|were|had|would|says?|itself|assuming)\b/i.test(
      line.slice(0, concluded.index),
    );
    return isPlain ? value : undefined;
  }
  const [first, ...others] = statementsOf(line, scale);
  if (first === undefined || others.some(({ value }) => value !== first.value)) return undefined;
  const end = Math.max(first.end, ...others.map((other) => other.end));
  const gaps = [first, ...others].map((each, index) => line.slice(each.end, others[index]?.start ?? line.length));
  if (
    !isHarmlessBefore(line.slice(0, first.start)) ||
    holdsOther(line.slice(end).replace(hypothetical, ""), first.value, scale)
  )
    return undefined;
  if (!gaps.every((gap) => isHarmlessAfter(gap, first.value, scale))) return undefined;
  return first.value;
}

const isBare = (line: string) => /^\W*\w+(?:\.\d+)?[^\w%]*$/.test(line);

/** Tests whether the line before states another score than a bare number. */
function statesOther(lead: string, value: number, scale: Scale): boolean {
  const before = statementsOf(lead, scale).at(-1);
  return before !== undefined && before.value !== value && /^\W*(?:\w+\s+)?(?:score|rating|grade)\b/i.test(lead);
}

/** Removes markup; converts full-width characters, and begins a sentence at each table cell that is not a number. */
function withoutMarks(line: string): string {
  return line
    .normalize("NFKC")
    .replaceAll("\u2212", "-")
    .replace(/[✅⭐🌟✨👍🏆📊🎯💯]\ufe0f?/gu, " ")
    .replace(/\$?\\boxed\{([^{}]{1,20})\}\$?/g, " $1 ")
    .replace(/\[{1,2}([^[\]]{1,20})\]{1,2}/g, (written, inside: string) =>
      /^\s*(?:-?[\d.]+(?:\s*\/\s*\d+)?|\w+)\s*$/.test(inside) ? ` ${inside} ` : written,
    )
    .replace(/^[\s>]*(?:[-+•]\s)?[\s|]*|[\s|]*$/g, "")
    .replace(/\|\s*(?=[-\d*])/g, " ")
    .replaceAll("|", "; ")
    .replace(/[_`#~](?!\d)|\*/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Tests for a line that is struck out, commented out, unticked, crossed, or within a quotation. */
const isStruck = (line: string) =>
  /~~|^\s*~|<(?:del|s|strike)\b|<!--|\[ \]|☐|❌|✗|✘|✖|👎|🚫|⛔/iu.test(line) ||
  (line.match(/"/g)?.length ?? 0) % 2 === 1 ||
  /["“”«»]\s*(?:score|rating|grade|\d)|(?:\d|ten|nine)\W{0,3}["“”«»]/i.test(line);

/** Returns false for a fence, a rule, or an empty line. */
const hasContent = (line: string) => /[^\s\-=.:~;]/.test(line) && !/^(?:json|text|markdown)$/i.test(line);

/** Reads the score of the single record that ends a text, on one or more lines. */
function scoreOfRecord(tail: string, scale: Scale): number | undefined {
  const lines = tail.split("\n").filter((line) => !/^\s*(?:```|$)/.test(line));
  const start = lines.findLastIndex((line) => /^\{/.test(line.trim()) && !/^\s{2,}/.test(line));
  if (start < 0) return undefined;
  const lead = lines[start - 1] ?? "";
  const isRecord =
    /^\s*[{[].*".*[}\]],?\s*$/.test(lead) ||
    (/^\s*\},?\s*$/.test(lead) && lines.slice(0, start).join("").includes("{"));
  if (isRecord || announces(withoutMarks(lead))) return undefined;
  try {
    const source = lines.slice(start).join("\n").trim();
    if ((source.match(/(?<!\\)"score"\s*:/gi)?.length ?? 0) !== 1) return undefined;
    const { score: written, ...others } = JSON.parse(source) as { readonly score?: unknown } & Record<string, unknown>;
    const score = typeof written === "string" ? readScore(written, scale) : written;
    return typeof score === "number" && agreesWith(score, others, scale) ? score : undefined;
  } catch {
    return undefined;
  }
}

interface Statement {
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** Words that prevent a later score in their sentence from being a statement. */
const withheld = /\b(?:not|never|no|cannot|if|unless|would|could|might|should|than|between|n['’]t)\b|["“”«»]/i;

function statementsOf(line: string, scale: Scale): readonly Statement[] {
  const found: Statement[] = [];
  for (const { index, 0: space } of line.matchAll(beginnings)) {
    const start = index + space.length;
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const said = line.slice(
      Math.max(0, ...[...line.slice(0, start).matchAll(/[.!?;]\s/g)].map((end) => end.index + 1)),
      start,
    );
    if (withheld.test(said)) continue;
    const statement = statementAt(line, start, scale);
    if (statement !== undefined) found.push(statement);
  }
  return found;
}

function statementAt(line: string, start: number, scale: Scale): Statement | undefined {
  for (const [index, form] of headForms.entries()) {
    form.lastIndex = start;
    const match = form.exec(line);
    if (match === null) continue;
    const value = scoreOf(match, scale);
    const end = start + match[0].length;
    const { top, percent } = match.groups!;
    const isAll =
      /^\W*$/.test(line.slice(0, start)) && /^[\s.!)]*(?:(?:points?|stars?)[\s.!]*)?$/i.test(line.slice(end));
    if (value === undefined || (index === bareForm && (top ?? percent) === undefined && !isAll)) continue;
    return { value, start, end };
  }
  return undefined;
}

/** Words that make the next number a label, such as "step 3". */
const numbered =
  /(?:\b(?:lines?|steps?|pages?|sections?|chapters?|items?|questions?|parts?|examples?|figures?|tables?|versions?|paragraphs?|equations?|numbers?|rules?|levels?)|[#§№])\s*$/i;

/** Words that may follow a plain number; any other makes it a count ("3 causes"). */
const leavesNumber =
  /^[-\s]?(?:for|in|on|at|of|to|or|and|but|is|was|are|were|be|would|could|should|might|may|if|as|so|by|with|from|than|then|because|since|overall|total|instead|only|though|although|however|not|also|when|out|points?|stars?|marks?|score|rating|grade|now|really|actually|rather|altogether|due|given)\b/i;

/** Tests for another number of the scale after the score that is not a count, since either may be the score. */
function holdsOther(rest: string, score: number, scale: Scale): boolean {
  return [...rest.matchAll(anyNumber)].some((match) => {
    const { value: written = "", top, percent } = match.groups!;
    const before = rest.slice(0, match.index);
    const after = rest.slice(match.index + match[0].length);
    if (/^\d/.test(after) || numbered.test(before)) return false;
    const scaled = scoreOf(match, scale);
    if (scaled === score || scaled === undefined) return false;
    if (top !== undefined) return !/\d\s{0,3}of/i.test(match[0]) || toNumber(top) === scale[1];
    if (percent !== undefined) return /\b(?:score|rating|grade|overall|final)\b/i.test(before);
    if (toNumber(written) > scale[1]) return false;
    return !/^[-\s]?[a-z]/i.test(after) || leavesNumber.test(after);
  });
}
