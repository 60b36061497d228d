import { reports } from "../reported.js";

interface Confidence {
  /** 0..1. */
  readonly confidence: number;
  /** The answer before the statement. */
  readonly rest: string;
  /** The statement as it stands in the text. */
  readonly written: string;
}

const reportsConfidence = reports("(?:a )?confidence");

/** Marks that are removed with the statement; "-" and "_" may also join words ("self-confidence"). */
const statementMarks = "(?:[\\s>#(*[\u2013\u2014]|(?<![A-Za-z0-9])[-_])";
const about = "(?:(?:~|≈|about|around|roughly|approx(?:imately|\\.)?)\\s{0,2})?";
const number = "(\\d{1,3}(?:[.,]\\d{1,6})?|\\.\\d{1,6})";
const unit = "\\s{0,3}(?:(%|per\\s?cent\\b)|(?:/|out of)\\s{0,3}(100|10|1)(?!\\d))";
const end = "[*_)\\].\\s]{0,6}(?:\\(\\w{1,20}(?: \\w{1,20}){0,2}\\)[*_.\\s]{0,6})?$";
const noun = "(?:(?:my|overall|stated|the)\\s)?confidence(?:\\s+(?:score|level))?";

/** "Confidence: 85%" at the end of the last line. */
const statement = new RegExp(
  `(?:${statementMarks}{1,9}|(?<![\\w-]))${noun}[*_\\s]{0,6}[:=][*_\\s]{0,6}${about}${number}(?:${unit})?${end}`,
  "i",
);
/** Statements that are all of the last line: "Confidence 0.8", "My confidence is 90%", "I am 95 percent confident." */
const lines = [
  new RegExp(
    `^${statementMarks}{0,9}${noun}[*_\\s]{1,6}(?:is\\s{1,3}|of\\s{1,3}|at\\s{1,3})?${about}${number}(?:${unit})?${end}`,
    "i",
  ),
  new RegExp(
    `^${statementMarks}{0,9}(?:(?:i(?:['’]m| am)|with)\\s{1,3})?${about}${number}${unit}\\s{1,3}(?:confident|confidence|certain|sure)` +
      `(?:\\s(?:in|of|about)\\s(?:this|my|the)\\s(?:answer|result))?${end}`,
    "i",
  ),
];

/** Reads the confidence that the last line of an answer states. */
export function readConfidence(text: string): Confidence | undefined {
  const whole = text.trimEnd();
  const start = whole.lastIndexOf("\n") + 1;
  const line = whole.slice(start);
  if (line.length > 2_000) return undefined;
  const match = [statement, ...lines].map((form) => form.exec(line)).find((found) => found !== null);
  if (!match || reportsConfidence(line)) return undefined;
  const [, digits = "", percent, top] = match;
  const confidence = shareOf(digits, percent !== undefined, top);
  if (confidence === undefined) return undefined;
  const rest = `${whole.slice(0, start)}${line.slice(0, match.index)}`.trimEnd();
  return { confidence, rest, written: line.slice(match.index) };
}

const alone = new RegExp(`^\\s*${about}${number}(?:${unit})?\\s*$`, "i");

/** Reads the value of a field: 0.85, 85, "85%", "8/10". */
export function toConfidence(value: string): number | undefined {
  const match = alone.exec(value.slice(0, 100));
  return match === null ? undefined : shareOf(match[1]!, match[2] !== undefined, match[3]);
}

function shareOf(digits: string, isPercent: boolean, top: string | undefined): number | undefined {
  const value = Number(digits.replace(",", "."));
  const most = !isPercent && value <= 1 ? 1 : 100;
  const share = value / (top === undefined ? most : Number(top));
  return share > 1 ? undefined : share;
}
