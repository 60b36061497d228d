import type { AIMessage } from "@langchain/core/messages";

/** Brings an answer into the form in which it is compared; `""` is nothing to compare and equals nothing, not even another `""`. */
export type Normalize = (answer: string | AIMessage) => string;

const textOf = (answer: string | AIMessage): string => (typeof answer === "string" ? answer : answer.text);

/**
 * Ignores case, punctuation, white space and English articles.
 *
 * **When to use** - short free-text answers; the default of votes and agreement.
 *
 * @example
 * ```ts
 * normalizeText("The  Eiffel Tower.") === normalizeText("eiffel tower"); // true
 * ```
 */
export function normalizeText(answer: string | AIMessage): string {
  const words = textOf(answer)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]+/gu, " ")
    .split(/\s+/);
  return words.filter((word) => word !== "" && word !== "a" && word !== "an" && word !== "the").join(" ");
}

const figure = "-?(?:\\d{1,3}(?:,\\d{3})+|\\d{1,30})(?:\\.\\d{1,30})?|-?\\.\\d{1,30}";
const marked: readonly RegExp[] = [
  new RegExp(`\\\\boxed\\{[^\\d{}.-]{0,20}(${figure})`, "g"),
  new RegExp(`####[^\\d\\n.-]{0,20}(${figure})`, "g"),
  new RegExp(`"answer"\\s{0,5}:\\s{0,5}"?[^\\d"\\n.-]{0,20}(${figure})`, "g"),
];
const anywhere = new RegExp(`(?<![\\w.])(${figure})`, "g");

/**
 * Reads the final number of an answer: "$1,234.50" and "1234.5" are equal, "#### 18" and "\boxed{18}" are 18.
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
  const text = textOf(answer)
    .slice(-20_000)
    .replace(/(?<=\d)\\?[$ ]?,\\?!?(?=\d{3}(?!\d))/g, ",");
  const found = marked.map((pattern) => [...text.matchAll(pattern)].at(-1)?.[1]).find((match) => match !== undefined);
  return canonical(found ?? [...text.replace(/(?<=[\s(])-(?=\s)/g, " ").matchAll(anywhere)].at(-1)?.[1]);
}

/** The same number is always the same text, however many digits it has. */
function canonical(match: string | undefined): string {
  if (match === undefined) return "";
  const [whole = "", fraction = ""] = match.replaceAll(",", "").replace(/^-/, "").split(".");
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const decimals = fraction.replace(/0+$/, "");
  const value = decimals === "" ? digits : `${digits}.${decimals}`;
  return match.startsWith("-") && value !== "0" ? `-${value}` : value;
}
