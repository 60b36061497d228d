/** Index of texts by a few of their characters; one pass over another text finds all, however many are indexed. */
export interface GramIndex {
  add(gram: string, text: string): void;
  remove(gram: string, text: string): void;
  /** Calls `found` with each text whose gram may occur in `within`, and its position. */
  search(within: string, found: (text: string, at: number) => void): void;
}

/** Prime multiplier of the rolling hash (Rabin and Karp 1987). */
const factor = 16_777_619;

/**
 * Makes an index by hashes; callers must verify matches, because hashes can collide.
 *
 * @param length characters of every gram
 */
export function gramIndex(length: number): GramIndex {
  const texts = new Map<number, string | Set<string>>(); // a set for each would dominate memory
  let leaving = 1;
  for (let step = 1; step < length; step++) leaving = Math.imul(leaving, factor);
  const hashOf = (gram: string) => {
    let hash = 0;
    for (let at = 0; at < length; at++) hash = shifted(hash, gram.charCodeAt(at));
    return hash;
  };
  return {
    add(gram, text) {
      const hash = hashOf(gram);
      const there = texts.get(hash);
      if (there === undefined || there === text) texts.set(hash, text);
      else if (typeof there === "string") texts.set(hash, new Set([there, text]));
      else there.add(text);
    },
    remove(gram, text) {
      const hash = hashOf(gram);
      const there = texts.get(hash);
      if (there === text || (there instanceof Set && there.delete(text) && there.size === 0)) texts.delete(hash);
    },
    search(within, found) {
      let hash = 0;
      for (let end = 0; end < within.length; end++) {
        if (end >= length) hash = (hash - Math.imul(within.charCodeAt(end - length), leaving)) | 0;
        hash = shifted(hash, within.charCodeAt(end));
        if (end + 1 < length) continue;
        const there = texts.get(hash);
        if (typeof there === "string") found(there, end + 1 - length);
        else if (there !== undefined) for (const text of there) found(text, end + 1 - length);
      }
    },
  };
}

const shifted = (hash: number, code: number) => (Math.imul(hash, factor) + code) | 0;
