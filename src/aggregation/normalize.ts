import type { AIMessage } from "@langchain/core/messages";

/** Brings an answer into the form in which it is compared; `""` is nothing to compare and equals nothing, not even another `""`. */
export type Normalize = (answer: string | AIMessage) => string;

/**
 * Tool calls of an answer as one text, equal for equal calls whatever the order of their arguments; `""` for an answer without.
 */
export function callsText(answer: string | AIMessage): string {
  const calls = typeof answer === "string" ? [] : (answer.tool_calls ?? []);
  return calls.map(({ name, args }) => `${name}(${JSON.stringify(sorted(args))})`).join("; ");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}

const textOf = (answer: string | AIMessage): string => (typeof answer === "string" ? answer : answer.text);

/**
 * Ignores case, punctuation, white space and English articles; a minus sign and a decimal point are no punctuation. Answers that
 * call tools are equal when their calls are, name and arguments, whatever is said beside them.
 *
 * **When to use** - short free-text answers; the default of votes and agreement.
 *
 * @example
 * ```ts
 * normalizeText("The  Eiffel Tower.") === normalizeText("eiffel tower"); // true
 * ```
 */
export function normalizeText(answer: string | AIMessage): string {
  const calls = callsText(answer);
  if (calls !== "") return calls;
  const words = textOf(answer)
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("\u2212", "-")
    .replace(/(?!(?<![\p{L}\p{N}])-\.?\p{N}|(?<![\p{L}.])\.\p{N})[^\p{L}\p{M}\p{N}\s]/gu, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const isArticle = (word: string, index: number) => index < words.length - 1 && /^(?:an?|the)$/.test(word); // "A" is a choice
  return words.filter((word, index) => !isArticle(word, index)).join(" ");
}

const integer = "(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)";
const figure = `(-?${integer}(?:\\.\\d+)?|-?\\.\\d+)(e[+-]?\\d{1,3}(?!\\w))?(?:\\s?/\\s?(\\d{1,15}))?`;
const marked: readonly RegExp[] = [
  new RegExp(`\\\\boxed\\{[^\\d{}.-]{0,20}${figure}`, "g"),
  new RegExp(`####(?:\\s{0,3}(?:final )?answer)?[^\\p{L}\\d\\n.-]{0,20}${figure}(?![\\d,]|[.):]\\s+\\p{L})`, "giu"), // not "#### Step 1: …"
  new RegExp(`"answer"\\s{0,5}:\\s{0,5}"?[^\\d"\\n.-]{0,20}${figure}`, "g"),
];
const anywhere = new RegExp(`(?<![\\w.])${figure}`, "g");

/** What LaTeX and typography make of numbers, in plain signs. */
const plain: readonly (readonly [RegExp, string])[] = [
  [/\u2212/g, "-"],
  [/\\[dt]?frac\{([^{}]{1,40})\}\{([^{}]{1,40})\}/g, "$1/$2"],
  [/(?<=\d)\s?(?:\u00d7|\*|\\times|\\cdot)\s?10\s?\^\s?\{?(-?\d{1,3})\}?/g, "e$1"],
  [/(?<=\d)(?:\{,\}|\\?[$ ]?,\\?!?)(?=\d{3}(?!\d))/g, ","],
  [/(?<!\w)-([$\u20ac\u00a3\u00a5])(?=\d)/g, "$1-"],
  [/(?<=[\s(])-(?=\s)/g, " "],
];

/**
 * Reads the final number of an answer: "$1,234.50" and "1234.5" are equal, "#### 18" and "\boxed{18}" are 18, "3/4" is 0.75.
 *
 * **When to use** - votes and agreement on calculations.
 * **Gotchas** - a marked answer (`####`, `\boxed`, an `"answer"` field) wins over the last number of the text; no number is `""`.
 *
 * @example
 * ```ts
 * normalizeNumber("She pays $1,234.50."); // "1234.5"
 * ```
 */
export function normalizeNumber(answer: string | AIMessage): string {
  const text = plain.reduce((kept, [sign, written]) => kept.replace(sign, written), textOf(answer).slice(-20_000));
  const found = [...marked, anywhere]
    .map((form) => [...text.matchAll(form)].at(-1))
    .find((match) => match !== undefined);
  if (found === undefined) return "";
  const [, digits = "", exponent = "", divisor] = found;
  if (exponent === "" && divisor === undefined) return canonical(digits);
  const value = Number(digits.replaceAll(",", "") + exponent) / Number(divisor ?? 1);
  return Number.isFinite(value) ? String(value) : "";
}

/** The same number is always the same text, however many digits it has. */
function canonical(match: string): string {
  const [whole = "", fraction = ""] = match.replaceAll(",", "").replace(/^-/, "").split(".");
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const decimals = fraction.replace(/0+$/, "");
  const value = decimals === "" ? digits : `${digits}.${decimals}`;
  return match.startsWith("-") && value !== "0" ? `-${value}` : value;
}
