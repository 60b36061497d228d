/** The mark that stands for what was left out. */
const mark = (count: number) => `\n[… ${count} characters left out …]\n`;

/** Cuts the middle out of a text longer than `length` characters, and says so; a text no longer than the mark stays as it is. */
export function cutText(text: string, length: number): string {
  const least = mark(text.length).length;
  if (text.length <= Math.max(length, least)) return text;
  const room = Math.max(0, length - least);
  const head = whole(text.slice(0, Math.ceil(room / 2)));
  const tail = whole(text.slice(text.length - Math.floor(room / 2)));
  return `${head}${mark(text.length - head.length - tail.length)}${tail}`;
}

/** A part of a text without the half characters a cut through a surrogate pair leaves at its ends: no provider accepts them. */
function whole(part: string): string {
  return part.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "");
}
