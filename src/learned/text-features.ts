/**
 * Features a learned router reads from a text: dense measures, and words and word pairs hashed into buckets ("the hashing trick",
 * Weinberger et al. 2009, arXiv:0902.2206), so that a trained router stores no text. Scripts without spaces are read by
 * character.
 */
export interface TextFeatures {
  /** {@link SIZE_COUNT} measures of length, then {@link SHAPE_COUNT} of form. */
  readonly dense: readonly number[];
  /** Bucket → 1 + the logarithm of its word count. */
  readonly buckets: ReadonlyMap<number, number>;
}

/** Number of buckets; changing it requires a new format version. */
export const BUCKET_COUNT = 2 ** 18;
/** Maximum characters read; the full length still counts. */
const READ_CHARACTERS = 20_000;

const unspaced =
  "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]";
const token = new RegExp(`${unspaced}|(?:(?!${unspaced})[\\p{L}\\p{M}])+|\\p{N}+(?:[.,]\\p{N}+)*`, "gu");

/** Extracts features, deterministically. */
export function textFeatures(text: string): TextFeatures {
  const read = text.slice(0, READ_CHARACTERS);
  const words = read.toLowerCase().match(token) ?? [];
  return { dense: [...sizeOf(read, words.length, text.length), ...shapeOf(read, words)], buckets: hashWords(words) };
}

export const SIZE_COUNT = 3;

/** Measures length, since long questions tend to be hard. */
function sizeOf(read: string, words: number, length: number): number[] {
  const sentences = count(read, /[.!?](?=\s|$)|\n+|[。！？]/g) + 1;
  const longer = length / Math.max(1, read.length);
  return [Math.log1p(words * longer), Math.log1p(sentences * longer), Math.log1p(words / sentences)];
}

/** Patterns whose counts are measured; words are English. */
const marks: readonly RegExp[] = [
  /\d+/g,
  /\d[.,]\d/g,
  /[%$€£¥]/g,
  /\d\s?[/÷×*+^=-]\s?\d/g,
  /[=<>^±√∑∫≤≥\\]/g,
  /`/g,
  /[{}[\];]/g,
  /\w\(|\w_\w|[a-z][A-Z]/g,
  /^(?: {2,}|\t)\S/gm,
  /\n/g,
  /^\s{0,3}(?:[-*•]|\(?\w[.)])\s/gm,
  /\?/g,
  /,/g,
  /["“”«»]/g,
  /\b(?:not|no|never|none|neither|nor|except|without|unless|least)\b|n['’]t\b/gi,
  /\b(?:if|suppose|when|whether|assume|given)\b/gi,
  /\b(?:more|less|fewer|than|twice|half|double|triple|percent|ratio|average|each|every|per|total|remaining|left)\b/gi,
  /\b(?:why|how|explain|prove|derive|compare|analy[sz]e|evaluate|justify)\b/gi,
];

export const SHAPE_COUNT = marks.length + 3;

function shapeOf(read: string, words: readonly string[]): number[] {
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  const share = (pattern: RegExp) => count(read, pattern) / Math.max(1, read.length);
  return [
    letters / Math.max(1, words.length),
    share(/\p{Lu}/gu),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII
    share(/[^\x00-\x7f]/g),
    ...marks.map((pattern) => Math.log1p(count(read, pattern))),
  ];
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Counts words and word pairs logarithmically; all numbers count as one word. */
function hashWords(words: readonly string[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  let before = OFFSET;
  for (const word of words) {
    const plain = /^\p{N}/u.test(word) ? "0" : word;
    const single = hash(plain, OFFSET);
    for (const bucket of [bucketOf(single), bucketOf(hash(plain, before))])
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    before = hash(" ", single);
  }
  for (const [bucket, times] of counts) counts.set(bucket, 1 + Math.log(times));
  return counts;
}

const OFFSET = 0x811c9dc5;

/** FNV-1a over UTF-16 units, http://www.isthe.com/chongo/tech/comp/fnv/ (public domain). */
function hash(text: string, start: number): number {
  let value = start;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
}

/** Mixes the high bits into the low ones, which are weak in FNV. */
function bucketOf(value: number): number {
  return ((value ^ (value >>> 15)) >>> 0) % BUCKET_COUNT;
}
