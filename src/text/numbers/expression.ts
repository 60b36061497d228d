import { type Amount, decimal, negative, over, plus, power, times } from "./amount.js";
import { digitsAt } from "./digits.js";

/** A number as it is written: "1,234", "3 1/2", "2\sqrt{3}", "1.5×10^6". */
export interface Written {
  readonly value: Amount;
  /** Position after the last sign. */
  readonly end: number;
  /** `digits` and `fraction` are numbers as they are; `power` and `symbolic` have been calculated. */
  readonly kind: "digits" | "fraction" | "power" | "symbolic";
}

/** Limits brackets within brackets. */
const MAX_DEPTH = 12;
/** Limits the parts of a product, whose digits add up. */
const MAX_PARTS = 12;

const fraction = /\\[dtc]?frac\s?/y;
const root = /\\sqrt\s?(?:\[(\d{1,2})\])?\s?|(√|∛)|sqrt(?=[({])/y;
const pi = /\\pi(?![A-Za-z])|π/y;
const raise = /\s?\^\s?/y;
const slash = /\s?\/\s?(?=\d|\\|\(|√)/y;
const sign = /\s?(×|·|\*|(?<=\d\s?)[xX](?=\s?10\s?\^))\s?/y;
const sum = /\s?([+-])\s?(?=[\d\\√π])/y;

const matched = (pattern: RegExp, text: string, at: number): RegExpExecArray | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
};

/**
 * Reads the longest number that begins at a position. Does not calculate "10-3" or "3 × 4", which are as often ranges and
 * dimensions; "1 + √2" and "3 × 2^4" are numbers.
 */
export function writtenAt(text: string, at: number, depth = 0): Written | undefined {
  let left = termAt(text, at, depth);
  for (let found = left && matched(sum, text, left.end); left && found; found = matched(sum, text, left.end)) {
    const right = termAt(text, sum.lastIndex, depth);
    if (right === undefined || (isLiteral(left) && isLiteral(right))) break;
    const value = plus(left.value, found[1] === "-" ? negative(right.value) : right.value);
    left = { value, end: right.end, kind: "symbolic" };
  }
  return left;
}

const isLiteral = ({ kind }: Written) => kind === "digits" || kind === "fraction";

function termAt(text: string, at: number, depth: number): Written | undefined {
  const isNegative = text[at] === "-";
  let left = factorAt(text, isNegative || text[at] === "+" ? at + 1 : at, depth);
  for (let parts = 1; left !== undefined && parts < MAX_PARTS; parts++) {
    const next = joined(text, left, depth);
    if (next === undefined) break;
    left = next;
  }
  return left && isNegative ? { ...left, value: negative(left.value) } : left;
}

/** Multiplies or divides by what follows; undefined where the number ends. */
function joined(text: string, left: Written, depth: number): Written | undefined {
  if (left.kind !== "fraction" && matched(slash, text, left.end)) {
    const right = factorAt(text, slash.lastIndex, depth);
    const value = right && over(left.value, right.value);
    if (right === undefined || value === undefined) return undefined;
    const isDigits = left.kind === "digits" && right.kind === "digits";
    return { value, end: right.end, kind: isDigits ? "fraction" : "symbolic" };
  }
  if (matched(sign, text, left.end)) {
    const right = factorAt(text, sign.lastIndex, depth);
    if (right === undefined || (isLiteral(left) && isLiteral(right))) return undefined;
    return { value: times(left.value, right.value), end: right.end, kind: right.kind };
  }
  if (left.kind === "digits") {
    const mixed = mixedAt(text, left, depth);
    if (mixed !== undefined) return mixed;
  }
  const from = text[left.end] === " " ? left.end + 1 : left.end;
  if (!matched(root, text, from) && !matched(pi, text, from)) return undefined;
  const right = factorAt(text, from, depth);
  return right && { value: times(left.value, right.value), end: right.end, kind: "symbolic" };
}

/** Reads "3 1/2" and "3\frac{1}{2}"; undefined for "3 5/2". */
function mixedAt(text: string, whole: Written, depth: number): Written | undefined {
  const spaced = matched(/ (?=\d{1,3}\/\d{1,3}(?![\d/.,]\d|\d))| ?(?=\\[dtc]?frac)/y, text, whole.end);
  if (spaced === undefined || !/^\d+$/.test(text.slice(Math.max(0, whole.end - 1), whole.end))) return undefined;
  const from = whole.end + spaced[0].length;
  const head = factorAt(text, from, depth);
  const part = head?.kind === "digits" ? joined(text, head, depth) : head;
  if (part?.kind !== "fraction" || typeof part.value === "number") return undefined;
  const { top, bottom } = part.value;
  return top < 0n || top >= bottom ? undefined : { ...part, value: plus(whole.value, part.value), kind: "fraction" };
}

function factorAt(text: string, at: number, depth: number): Written | undefined {
  const base = depth > MAX_DEPTH ? undefined : baseAt(text, at, depth);
  if (base === undefined || !matched(raise, text, base.end)) return base;
  const exponent = argumentAt(text, raise.lastIndex, depth, true);
  const value = exponent && power(base.value, exponent.value);
  if (exponent === undefined || value === undefined) return base;
  return { value, end: exponent.end, kind: typeof value === "number" ? "symbolic" : "power" };
}

function baseAt(text: string, at: number, depth: number): Written | undefined {
  if (matched(fraction, text, at)) {
    const top = argumentAt(text, fraction.lastIndex, depth);
    const bottom = top && argumentAt(text, top.end, depth);
    const value = bottom && over(top.value, bottom.value);
    if (top === undefined || bottom === undefined || value === undefined) return undefined;
    return { value, end: bottom.end, kind: isLiteral(top) && isLiteral(bottom) ? "fraction" : "symbolic" };
  }
  const rooted = matched(root, text, at);
  if (rooted !== undefined) {
    const degree = rooted[2] === "∛" ? "3" : (rooted[1] ?? "2");
    const inner = argumentAt(text, root.lastIndex, depth, rooted[2] !== undefined);
    const value = inner && power(inner.value, over(decimal("1"), decimal(degree)) ?? decimal("1"));
    return inner && value !== undefined ? { value, end: inner.end, kind: "symbolic" } : undefined;
  }
  if (matched(pi, text, at)) return { value: Math.PI, end: pi.lastIndex, kind: "symbolic" };
  if (text[at] === "(" || text[at] === "{") return bracketAt(text, at, depth);
  const digits = digitsAt(text, at);
  return digits && { value: decimal(digits.digits), end: digits.end, kind: "digits" };
}

/** Reads a number in brackets, up to the closing one. */
function bracketAt(text: string, at: number, depth: number): Written | undefined {
  const from = text[at + 1] === " " ? at + 2 : at + 1;
  const inner = writtenAt(text, from, depth + 1);
  if (inner === undefined) return undefined;
  const end = text[inner.end] === " " ? inner.end + 1 : inner.end;
  return text[end] === (text[at] === "(" ? ")" : "}") ? { ...inner, end: end + 1 } : undefined;
}

const oneDigit = /\d/y;
const wholeNumber = /-?\d+(?:\.\d+)?/y;

/** Reads what a command applies to: a group, or one digit (`\frac12`, `\sqrt2`); for exponents and "√" a number ("2^10"). */
function argumentAt(text: string, at: number, depth: number, isNumber = false): Written | undefined {
  if (text[at] === "{" || text[at] === "(") return bracketAt(text, at, depth);
  const found = matched(isNumber ? wholeNumber : oneDigit, text, at);
  return found && { value: decimal(found[0]), end: at + found[0].length, kind: "digits" };
}
