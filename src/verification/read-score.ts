const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const numeral = "-?\\d{1,6}(?:\\.\\d{1,6})?";
const spoken = new RegExp(`\\b(${words.join("|")})\\b`, "i");
const stated = new RegExp(
  `\\b(?:score|rating|grade|rate[sd]?)\\b[^\\n\\d-]{0,40}?(${numeral}|${words.join("|")})\\b`,
  "gi",
);
const outOf = new RegExp(`(${numeral})\\s{0,3}(?:/|out of|of)\\s{0,3}(${numeral})`, "gi");
const any = new RegExp(`(?<![\\w.])${numeral}(?![\\w.]*\\d)`, "g");

/**
 * Reads a judge's score from text: "8/10", "8 out of 10", "Score: 8", "eight", or a reply that holds one number only.
 *
 * The last statement wins; "8/10" is 8 on a scale to 10 and 4 of 5 becomes 8. `undefined` where nothing can be read.
 */
export function readScore(text: string, [, high]: readonly [number, number]): number | undefined {
  const last = text.slice(-2_000);
  const fraction = [...last.matchAll(outOf)].at(-1);
  if (fraction !== undefined && Number(fraction[2]) > 0) return (Number(fraction[1]) / Number(fraction[2])) * high;
  const statement = [...last.matchAll(stated)].at(-1)?.[1];
  if (statement !== undefined) return toNumber(statement);
  const numbers = [...new Set([...last.matchAll(any)].map(([match]) => match))];
  if (numbers.length === 1) return Number(numbers[0]);
  return numbers.length === 0 ? toNumber(spoken.exec(last)?.[1]) : undefined;
}

function toNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const word = words.indexOf(text.toLowerCase());
  return word >= 0 ? word : Number(text);
}
