/** Texts by some characters of each, found in one pass over another text however many there are. */
export interface GramIndex {
  add(gram: string, text: string): void;
  remove(gram: string, text: string): void;
  /** Calls `found` with each text whose characters may stand in `within`, and where they begin. */
  search(within: string, found: (text: string, at: number) => void): void;
}

/** Multiplier of the rolling hash (Rabin and Karp 1987), a prime. */
const factor = 16_777_619;

/**
 * Makes an index by a hash of `length` characters: two texts may share one, so that what is found is to be looked at.
 *
 * @param length of every gram
 */
export function gramIndex(length: number): GramIndex {
  const texts = new Map<number, string | Set<string>>(); // a set for each would be most of the memory
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
