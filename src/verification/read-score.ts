const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const amount = `\\d{1,6}(?:\\.\\d{1,6})?(?![.,]?\\d)|(?:${words.join("|")})\\b`;
const number = `(?<![.,])(-?(?:${amount}))`;
const share = `(?:\\s{0,3}(?:/|out of|of)\\s{0,3}(${amount})|\\s?(%))?`;
const gap = "(?:[^\\n\\d-]|-(?!\\d)){0,40}?";

/** How a score may be written, the surest way first. */
const forms: readonly RegExp[] = [
  `(?:^|\\n)[^\\w\\n]{0,9}(?:final |overall )?(?:score|rating|grade)\\b[^\\w\\n-]{0,9}${number}${share}[^\\w\\n]{0,9}(?=\\n|$)`, // Score: 8, alone on a line
  `\\b(?:score[sd]?|rating|grade)\\b${gap}${number}${share}`, // Score: 8
  `\\b(?:rate[sd]?\\b${gap}|(?:give|gives|gave|deserves?)\\b${gap}\\ban?\\s)${number}${share}`, // I rate it 8/10, I give it an 8
  `\\bscale(?: of)?[\\s,:=]{1,9}${number}${share}`, // on a scale of 1 to 10: 8
  `(?<![\\w./-])${number}\\s{0,3}(?:/|out of)\\s{0,3}(${amount})(?!/)`, // 8/10
  `(?:^|\\n)[^\\w\\n-]{0,9}${number}${share}[^\\w\\n]{0,9}$`, // 8, alone on the last line
].map((form) => new RegExp(form, "gi"));

/**
 * Reads a judge's score from text: "Score: 8", "8/10", "8 out of 10", "I give it an 8", or a last line that is a number.
 *
 * A line that is nothing but a score wins, then a score that is called one, and the last over those before it. "8/10" is 8 on a
 * scale to 10, and 4 of 5 becomes 8; the scale itself ("from 1 to 10") and a quoted "10/10" are no score. `undefined` where
 * nothing can be read: a number in the middle of a sentence is none.
 */
export function readScore(text: string, [low, high]: readonly [number, number]): number | undefined {
  const scale = [
    `\\b${low}\\s{0,3}(?:-|\u2013|to)\\s{0,3}${high}\\b`,
    `(?<!\\d\\s{0,3})(?:/|out of)\\s{0,3}${high}\\b`,
    `\\b${high}[-\\s]point\\b`,
    `["“]\\d{1,4}\\s?/\\s?\\d{1,4}["”]`, // what is quoted
  ];
  const said = text
    .slice(-2_000)
    .trimEnd()
    .replace(new RegExp(scale.join("|"), "gi"), "");
  for (const form of forms) {
    const found = [...said.matchAll(form)].at(-1);
    if (found === undefined) continue;
    const [, score = "", top = "", percent] = found;
    const whole = percent !== undefined ? 100 : top === "" ? high : toNumber(top);
    const value = whole === high ? toNumber(score) : (toNumber(score) * high) / whole;
    return Number.isFinite(value) ? value : undefined;
  }
  return undefined;
}

function toNumber(text: string): number {
  const word = words.indexOf(text.toLowerCase());
  return word >= 0 ? word : Number(text);
}
