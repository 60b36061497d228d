/** Splits a text into parts that all fit, at the end of a paragraph, line or word where there is one in the second half. */
export function partsWithin(text: string, fits: (part: string) => boolean): readonly string[] {
  const parts: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const part = fits(rest) ? rest : rest.slice(0, lengthWithin(rest, fits));
    if (part.trim() !== "") parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}

/** Finds the length of the first part, at least one character. */
function lengthWithin(text: string, fits: (part: string) => boolean): number {
  let [low, high] = [1, text.length];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(text.slice(0, middle))) low = middle;
    else high = middle;
  }
  const part = text.slice(0, low);
  for (const end of ["\n\n", "\n", " "]) {
    const at = part.lastIndexOf(end);
    if (at >= low / 2) return at + end.length;
  }
  return low > 1 && /[\uD800-\uDBFF]$/.test(part) ? low - 1 : low; // half a surrogate pair, which providers refuse
}
