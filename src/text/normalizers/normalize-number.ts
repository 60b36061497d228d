import type { AIMessage } from "@langchain/core/messages";
import { statedNumber } from "../numbers/stated-number.js";
import { textOf } from "./normalize.js";

/**
 * Reads the final number of an answer, as a person would: "$1,234.50", "1 234.50" and "1234.5" are equal, "5 million" is 5000000,
 * "\boxed{3\frac{1}{2}}" is 3.5, "18 m^2" and "18%" are 18.
 *
 * **When to use** - votes and agreement on calculations.
 * **Gotchas** - a marked answer (`\boxed`, `####`, a field "final_answer" or "answer", then "the answer is 18", "18 is the answer")
 * wins over the last number of the text; footnotes, remarks in brackets and numbers of steps do not count. Units and percent
 * signs are dropped, not converted. Roots, powers and multiples of π are calculated, to 13 digits. Returns `""` where there is no
 * number, or none that is clearly meant: ranges, lists, tuples, dates, ratios, bounds ("at least 5"), terms with a variable, "3,5".
 *
 * @example
 * ```ts
 * normalizeNumber("She pays $1,234.50."); // "1234.5"
 * ```
 */
export function normalizeNumber(answer: string | AIMessage): string {
  return statedNumber(textOf(answer).slice(-20_000));
}
