import { differenceOf } from "../text/questions/difference.js";

/** A question that was answered, with its vector and its answer. */
export interface SemanticEntry {
  readonly question: string;
  /** Numbers of 4 bytes in base64. */
  readonly vector: string;
  readonly answer: string;
  readonly expiresAt: number;
}

interface Found {
  readonly answer: string;
  /** Cosine of the angle between the vectors. */
  readonly similarity: number;
}

/** Reads the entries of one conversation so far; what cannot be read is none. */
export function readEntries(text: string | undefined): SemanticEntry[] {
  if (text === undefined) return [];
  try {
    const entries = JSON.parse(text) as SemanticEntry[];
    return entries.filter(({ expiresAt }) => expiresAt > Date.now());
  } catch {
    return [];
  }
}

/** Finds the nearest entry from `threshold` on whose answer may be given: no number, name, negation or word tells the questions apart. */
export function nearestEntry(
  entries: readonly SemanticEntry[],
  question: string,
  vector: readonly number[],
  threshold: number,
): Found | undefined {
  const near = entries
    .map((entry) => ({ entry, similarity: cosine(vector, decoded(entry.vector)) }))
    .filter(({ similarity }) => similarity >= threshold)
    .sort((one, other) => other.similarity - one.similarity);
  const found = near.find(({ entry }) => differenceOf(question, entry.question) === undefined);
  return found && { answer: found.entry.answer, similarity: found.similarity };
}

/** Writes a vector with numbers of 4 bytes. */
export function encoded(vector: readonly number[]): string {
  const bytes = new Uint8Array(Float32Array.from(vector).buffer);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function decoded(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** Returns NaN for vectors that cannot be compared; it is near nothing. */
function cosine(one: readonly number[], other: Float32Array): number {
  if (one.length !== other.length) return Number.NaN;
  let [sum, length, otherLength] = [0, 0, 0];
  for (let index = 0; index < one.length; index++) {
    sum += one[index]! * other[index]!;
    length += one[index]! ** 2;
    otherLength += other[index]! ** 2;
  }
  return Math.round((1e6 * sum) / Math.sqrt(length * otherLength)) / 1e6;
}
