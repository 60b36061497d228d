export type Scale = readonly [low: number, high: number];

/** Number words; the index is the value. */
export const numberWords = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

const amount = `(?:\\d{1,6}(?:\\.\\d{1,6})?|${numberWords.join("|")})(?!\\w|[.,]\\d)`;
const share = `(?:\\s{0,3}(?:/|out of|of)\\s{0,3}(?<top>${amount})|\\s{0,2}(?<percent>%))?`;

/** Matches a number with its scale, "8/10" or "80 %", in the groups `value`, `top` and `percent`. */
export const scoreSource = `(?<value>-?${amount})${share}`;

/** `scoreSource` without groups, to occur again in one expression. */
export const plainScore = scoreSource.replace(/\?<\w+>/g, "?:");

export const anyNumber = new RegExp(`(?<![\\w.,])${scoreSource}`, "gi");

/** Matches phrases about the scale itself. */
export function scaleOf([low, high]: Scale): RegExp {
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

/** Converts a matched number to the scale; `undefined` if its own scale ends at 0. */
export function scoreOf({ groups }: RegExpMatchArray, [, high]: Scale): number | undefined {
  const { value = "", top, percent } = groups!;
  const whole = percent !== undefined ? 100 : top === undefined ? high : toNumber(top);
  const score = whole === high ? toNumber(value) : (toNumber(value) * high) / whole;
  return Number.isFinite(score) ? score : undefined;
}

export function toNumber(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const word = numberWords.indexOf(text.replace(/^-/, "").toLowerCase());
  return word >= 0 ? sign * word : Number(text);
}
