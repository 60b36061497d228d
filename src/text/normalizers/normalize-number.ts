import type { AIMessage } from "@langchain/core/messages";
import { textOf } from "./normalize.js";

const integer = "(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)";
const figure = `(-?${integer}(?:\\.\\d+)?|-?\\.\\d+)(e[+-]?\\d{1,3}(?!\\w))?(?:\\s?/\\s?(\\d{1,15}))?`;
/** Marks of a final answer, the most reliable first. */
const marked: readonly RegExp[] = [
  new RegExp(`\\\\boxed\\{[^\\d{}.-]{0,20}${figure}`, "g"),
  new RegExp(`####(?:\\s{0,3}(?:final )?answer)?[^\\p{L}\\d\\n.-]{0,20}${figure}(?![\\d,]|[.):]\\s+\\p{L})`, "giu"), // not "#### Step 1: …"
  new RegExp(`"answer"\\s{0,5}:\\s{0,5}"?[^\\d"\\n.-]{0,20}${figure}`, "g"),
  // "The answer is 18 apples. (See page 3)", not "The answer is 3 * 6 = 18"
  new RegExp(
    `\\banswer(?: is|:|\\s?=)[^\\p{L}\\d\\n.-]{0,20}${figure}(?![\\d,])\\s?[*_$%)\\]]{0,6}(?: \\p{L}{1,20}){0,2}[*_]{0,3}(?=\\.(?:\\s|$)|\\n|$)`,
    "giu",
  ),
];
const anywhere = new RegExp(`(?<![\\w.])${figure}`, "g");

/** LaTeX, typographic and regional notations of numbers, with their plain forms. */
const notations: readonly (readonly [RegExp, string | ((...parts: string[]) => string)])[] = [
  [/\u2212/g, "-"],
  [/(?<![A-Za-z\d_])(?:USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD)(?=[\d.-])/g, "$$"],
  [/(?<![\d.,])\d{1,3}(?:\.\d{3}){1,9},\d{1,2}(?![\d,])/g, (written) => written.replaceAll(".", "").replace(",", ".")], // 1.234,50
  [/(?<![\d.,]|\d )\d{1,3}(?: \d{3}){1,9}\.\d{1,6}(?!\d)/g, (written) => written.replaceAll(" ", "")], // 1 234.50
  [/(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, ","],
  [/\\[dt]?frac\{([^{}]{1,40})\}\{([^{}]{1,40})\}/g, "$1/$2"],
  [/(?<![\w.,/])(\d{1,9}) (\d{1,3})\/(\d{1,3})(?![\d/.,]\d|\d)/g, mixed], // 3 1/2
  [/(?<=\d)\s?(?:\u00d7|\*|\\times|\\cdot)\s?10\s?\^\s?\{?(-?\d{1,3})\}?/g, "e$1"],
  [/(?<=\d)(?:\{,\}|\\?[$ ]?,\\?!?)(?=\d{3}(?!\d))/g, ","],
  [/(?<!\w)-([$\u20ac\u00a3\u00a5])(?=\d)/g, "$1-"],
  [/(?<=[\s(])-(?=\s)/g, " "],
];

/**
 * Reads the final number of an answer: "$1,234.50" equals "1234.5", "#### 18" and "\boxed{18}" are 18, "3/4" is 0.75.
 *
 * **When to use** - votes and agreement on calculations.
 * **Gotchas** - a marked answer (`####`, `\boxed`, an `"answer"` field, then "the answer is 18.") wins over the last number of the
 * text. Returns `""` if there is no number.
 *
 * @example
 * ```ts
 * normalizeNumber("She pays $1,234.50."); // "1234.5"
 * ```
 */
export function normalizeNumber(answer: string | AIMessage): string {
  const text = notations.reduce<string>(
    (kept, [sign, written]) =>
      typeof written === "string" ? kept.replace(sign, written) : kept.replace(sign, written),
    textOf(answer).slice(-20_000),
  );
  const found = [...marked, anywhere]
    .map((form) => [...text.matchAll(form)].at(-1))
    .find((match) => match !== undefined);
  if (found === undefined) return "";
  const [, digits = "", exponent = "", divisor] = found;
  if (divisor === undefined) return canonical(digits.replaceAll(",", ""), Number(exponent.slice(1)));
  const value = Number(digits.replaceAll(",", "") + exponent) / Number(divisor);
  const [shown = "", power = "0"] = String(value).split("e");
  return Number.isFinite(value) ? canonical(shown, Number(power)) : "";
}

/** Writes equal numbers as equal text, without an exponent and without rounding. */
function canonical(digits: string, exponent: number): string {
  const [integral = "", decimals = ""] = digits.replace(/^-/, "").split(".");
  const point = integral.length + exponent;
  const all = `${"0".repeat(Math.max(0, -point))}${integral}${decimals}`.padEnd(point, "0");
  const whole = all.slice(0, Math.max(0, point)).replace(/^0+(?=\d)/, "") || "0";
  const fraction = all.slice(Math.max(0, point)).replace(/0+$/, "");
  const value = fraction === "" ? whole : `${whole}.${fraction}`;
  return digits.startsWith("-") && value !== "0" ? `-${value}` : value;
}

/** Converts "3 1/2" to 3.5; keeps "3 5/2", which is not a mixed number. */
function mixed(written: string, whole = "", above = "", below = ""): string {
  return Number(above) < Number(below) ? String(Number(whole) + Number(above) / Number(below)) : written;
}
