/** Contractions, in full. */
const full: readonly (readonly [contraction: RegExp, words: string])[] = [
  [/n't\b/g, " not"],
  [/\bcannot\b/g, "can not"],
  [/\b(\p{L}+)'s\b/gu, "$1 is"],
  [/\b(qu|[cdjlmnst])'(?=\p{L})/gu, "$1 "], // French and Italian articles
];

/** Words of a text in lower case, in full and without accents; each sign of a script without spaces is a word. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replace(/[’`´]/g, "'");
  const whole = full.reduce((said, [contraction, words]) => said.replace(contraction, words), plain);
  const word = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+(?:'\p{L}+)?/gu;
  return (whole.match(word) ?? []).map((found) => found.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC"));
}

/** Splits a list of words. */
export const listed = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Reduces a word to what its usual forms share: plural, tense, comparison. Words of three letters stay as they are. */
export function stemOf(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word;
  const short = word
    .replace(/ies$/, "y")
    .replace(/(?:ing|ed|es|en|er|em|e|s|n)$/, "")
    .replace(/([b-df-hj-np-tv-z])\1$/, "$1");
  return short.length < 3 ? word : short;
}
