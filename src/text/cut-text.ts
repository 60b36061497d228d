const cutMark = (count: number) => `\n[… ${count} characters left out …]\n`;

/** Cuts the middle out of a text longer than `length` and marks the place; keeps a text that is no longer than the mark. */
export function cutText(text: string, length: number): string {
  const least = cutMark(text.length).length;
  if (text.length <= Math.max(length, least)) return text;
  const room = Math.max(0, length - least);
  const head = withoutHalfPairs(text.slice(0, Math.ceil(room / 2)));
  const tail = withoutHalfPairs(text.slice(text.length - Math.floor(room / 2)));
  return `${head}${cutMark(text.length - head.length - tail.length)}${tail}`;
}

/** Removes half surrogate pairs at the ends of a cut, since providers reject them. */
function withoutHalfPairs(part: string): string {
  return part.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "");
}
