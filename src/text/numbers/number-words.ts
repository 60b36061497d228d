const units =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ordinals = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(" ");
const small = new Map<string, number>([
  ...units.map((word, value) => [word, value] as const),
  ...tens.map((word, index) => [word, (index + 2) * 10] as const),
]);
const large = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
]);
const parts: Readonly<Record<string, string>> = {
  "a dozen": "12",
  "half a dozen": "6",
  "a hundred": "100",
  "a thousand": "1000",
  "a million": "1000000",
  half: "0.5",
  "a half": "0.5",
  "one half": "0.5",
  "a third": "0.3333333333333333",
  "one third": "0.3333333333333333",
  "two thirds": "0.6666666666666666",
  "a quarter": "0.25",
  "one quarter": "0.25",
  "one fourth": "0.25",
  "three quarters": "0.75",
  "three fourths": "0.75",
};
const word = `(?:${[...small.keys(), "hundred", ...large.keys()].join("|")})`;
const spelled = new RegExp(
  `(?<![\\p{L}\\p{N}-])(minus |negative )?(${word}(?:(?:-| and | )${word}){0,9})(?![\\p{L}\\p{N}-])`,
  "giu",
);
/** The longest answer that is read as words: in a story, "two" counts something else. */
const MAX_WORDS = 12;

/**
 * Reads an answer without digits that spells its number: "eighteen", "Twenty-five apples.", "the third", "two thirds". Undefined
 * where it names two numbers, or "one" that may be a pronoun.
 */
export function spelledNumber(text: string): string | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[*_"“”.!]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (plain.split(" ").length > MAX_WORDS) return undefined;
  const whole = plain.replace(/^(?:the (?:final )?answer is|answer:|it is|it['’]s|about) /, "");
  const part = Object.hasOwn(parts, whole.replace("-", " ")) ? parts[whole.replace("-", " ")] : undefined;
  if (part !== undefined) return part;
  const place = ordinals.indexOf(whole.replace(/^the /, ""));
  if (place > 0 && whole !== "second") return String(place);
  if (/\b(?:half|halves|third|quarter|fourth|fifth|sixth|eighth|tenth|dozen|hundredth|thousandth)s?\b/.test(plain))
    return undefined;
  const found = [...plain.matchAll(spelled)];
  const [first] = found;
  if (found.length !== 1 || first === undefined) return undefined;
  const [, minus, words = ""] = first;
  if (words === "one" && words !== whole && !/^one \p{L}+$/u.test(whole)) return undefined;
  const value = summed(words.split(/-| and | /));
  return value === undefined ? undefined : `${minus === undefined || value === 0 ? "" : "-"}${value}`;
}

/** Adds up "two hundred five thousand"; undefined for words in no order, such as "two three". */
function summed(words: readonly string[]): number | undefined {
  let [total, group, last] = [0, 0, Number.POSITIVE_INFINITY];
  for (const each of words) {
    const value = small.get(each);
    const scale = large.get(each);
    if (value !== undefined) {
      if (value >= last || (last < 20 && last > 0) || (last >= 20 && last < 100 && value > 9)) return undefined;
      group += value;
      last = value;
    } else if (scale !== undefined) {
      if (group === 0) return undefined;
      total += group * scale;
      [group, last] = [0, scale];
    } else {
      if (group === 0 || group > 9) return undefined;
      group *= 100;
      last = 100;
    }
  }
  return total + group;
}
