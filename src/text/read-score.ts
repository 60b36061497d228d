import {
  anyNumber,
  bareForm,
  beginnings,
  conclusion,
  headForms,
  hypothetical,
  isReported,
  leavesNumber,
  numbered,
  numberWords,
  takenBack,
  withheld,
} from "./score-forms.js";

type Scale = readonly [low: number, high: number];

/**
 * Reads a judge's score from text: "Score: 8", "8/10", "8 out of 10", "I give it an 8", or a line that is a number.
 *
 * Only the last line counts, and on it only a sentence that states a score. "8/10" is 8 on a scale to 10, and 4 of 5 becomes 8;
 * the scale itself ("from 1 to 10", "max score: 10") is no score, and of a sum or a change ("10 - 4 = 6", "9 -> 6") the last number
 * is. `undefined` where a line is not clear: a second score beside the first, a range, a condition, a score that somebody else
 * asks for or that stands in quotation marks, a number in the middle of a sentence.
 */
export function readScore(text: string, scale: Scale): number | undefined {
  const lines = text.slice(-2_000).split("\n").map(plain).filter(isSaid);
  const [before = "", last = ""] = lines.length > 1 ? lines.slice(-2) : ["", ...lines];
  if (/[:：]\s*$/.test(before) && isReported(`${before} "`)) return undefined;
  if (/^\{.*\}$/.test(last)) return scoreIn(last, scale);
  const line = last
    .replace(scaleOf(scale), " ")
    .replace(/\(\s*\)/g, " ")
    .replace(/\s+(?=[:,.!])|\s{2,}/g, (space) => (space.length > 1 ? " " : ""))
    .trim();
  if (isReported(line)) return undefined;
  const concluded = conclusion.exec(line);
  if (concluded !== null) return scoreOf(concluded, scale);
  const [first, ...others] = statementsOf(line, scale);
  if (first === undefined || others.some(({ value }) => value !== first.value)) return undefined;
  const rest = line.slice(Math.max(first.end, ...others.map(({ end }) => end)));
  return takenBack.test(rest) || holdsOther(rest, first.value, scale) ? undefined : first.value;
}

/** A line without marks; full-width signs are ordinary ones, and a cell that is no number begins a sentence. */
function plain(line: string): string {
  return line
    .normalize("NFKC")
    .replaceAll("\u2212", "-")
    .replace(/<(score|rating|grade)>([^<>]{1,20})<\/\1>/gi, "$1: $2")
    .replace(/\[{1,2}([^[\]]{1,20})\]{1,2}/g, " $1 ")
    .replace(/^[\s>]*(?:[-+•]\s)?[\s|]*|[\s|]*$/g, "")
    .replace(/\|\s*(?=[-\d*])/g, " ")
    .replaceAll("|", "; ")
    .replace(/[_`#~](?!\d)|\*/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** False for a fence, a rule, or a line with nothing on it. */
const isSaid = (line: string) => /[^\s\-=.:~]/.test(line) && !/^(?:json|text|markdown)$/i.test(line);

/** The score of JSON on one line. */
function scoreIn(json: string, scale: Scale): number | undefined {
  try {
    const { score, ...others } = JSON.parse(json) as { readonly score?: unknown } & Record<string, unknown>;
    const rival = Object.entries(others).find(([key]) => /^(?:final|overall|total|rating|grade)/i.test(key))?.[1];
    if (rival !== undefined && rival !== score) return undefined; // two scores that differ
    return typeof score === "string" ? readScore(score, scale) : typeof score === "number" ? score : undefined;
  } catch {
    return undefined;
  }
}

/** How a judge speaks of the scale itself. */
function scaleOf([low, high]: Scale): RegExp {
  const [bottom, top] = [low, high].map((end) => `${String(end).replace(".", "\\.")}(?!\\w|[.,]\\d)`);
  const range = `(?<![\\w.,/])${bottom}\\s{0,3}(?:[-–—]|to)\\s{0,3}${top}`;
  return new RegExp(
    [
      `\\b(?:out of|of)\\s(?:an?\\s)?(?:max(?:imum)?|possible|total)\\s(?:of\\s)?${top}`,
      `(?:\\b(?:on|in|using)\\s)?(?:\\b(?:an?|the)\\s)?\\bscale(?:\\s(?:of|from))?[\\s:=]{1,3}${range}`,
      `(?:\\b(?:on|in|using)\\s)?(?:\\b(?:an?|the)\\s)?(?:\\bfrom\\s)?${range}(?:\\sscale)?`,
      `(?:\\b(?:on|in|using)\\s)?(?:\\b(?:an?|the)\\s)?(?<![\\w.,])${high}[-\\s]point\\sscale`,
      `(?<!(?:\\d|\\b(?:${numberWords.join("|")}))\\s{0,3})(?:/|\\bout of)\\s{0,3}${top}`,
      `\\b(?:max(?:imum)?|highest|top|full|min(?:imum)?|lowest)\\b\\.?(?:\\s(?:possible|score|rating|grade|marks?|points?)){0,3}\\s?(?:[:=]|\\bis\\b|\\bof\\b)?\\s?(?:${bottom}|${top})(?:\\spoints?)?[.,;]?`,
    ].join("|"),
    "gi",
  );
}

/** A score a sentence states, and where what states it ends. */
interface Statement {
  readonly value: number;
  readonly end: number;
}

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
    const isAll = start === 0 && /^[\s.!]*(?:(?:points?|stars?)[\s.!]*)?$/i.test(line.slice(end));
    if (value === undefined || (index === bareForm && (top ?? percent) === undefined && !isAll)) continue;
    return { value, end };
  }
  return undefined;
}

/** True where another number of the scale stands behind the score that is an amount of nothing: one of the two is not meant. */
function holdsOther(rest: string, score: number, scale: Scale): boolean {
  const text = rest.replace(hypothetical, "");
  return [...text.matchAll(anyNumber)].some((match) => {
    const { value: written = "", top, percent } = match.groups!;
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    if (/^\d/.test(after) || numbered.test(before)) return false;
    const scaled = scoreOf(match, scale);
    if (scaled === score || scaled === undefined) return false;
    const [, word = ""] = /^[-\s]?([a-z]+)/i.exec(after) ?? [];
    if (top !== undefined) return !/\d\s{0,3}of/i.test(match[0]) || toNumber(top) === scale[1];
    if (percent !== undefined) return /\b(?:score|rating|grade|overall|final)\b/i.test(before);
    if (toNumber(written) > scale[1]) return false;
    return word === "" || leavesNumber.has(word.toLowerCase());
  });
}

/** A score on the scale it is asked for; `undefined` for a share of nothing. */
function scoreOf({ groups }: RegExpMatchArray, [, high]: Scale): number | undefined {
  const { value = "", top, percent } = groups!;
  const whole = percent !== undefined ? 100 : top === undefined ? high : toNumber(top);
  const score = whole === high ? toNumber(value) : (toNumber(value) * high) / whole;
  return Number.isFinite(score) ? score : undefined;
}

function toNumber(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const word = numberWords.indexOf(text.replace(/^-/, "").toLowerCase());
  return word >= 0 ? sign * word : Number(text);
}
