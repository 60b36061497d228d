const opening = /\\f?boxed\s?(?:\{|(?=-?[\d.]))/g;
/** Words between boxes that are one answer. */
const joint = /^[\s$]{0,5}(?:,|and|or|&|,\s?(?:and|or))[\s$]{0,5}$/;

/** Returns the contents of the last box of an answer: `\boxed{…}`, `\boxed 5`; several joined boxes count as one. */
export function lastBoxed(text: string): string | undefined {
  const boxes: { readonly content: string; readonly start: number; readonly end: number }[] = [];
  for (const match of text.matchAll(opening)) {
    const start = match.index;
    const from = start + match[0].length;
    if (boxes.length > 0 && start < boxes.at(-1)!.end) continue;
    const end = match[0].endsWith("{")
      ? endOfGroup(text, from)
      : from + (/^-?[\d.,]+/.exec(text.slice(from, from + 40))?.[0].length ?? 0);
    const content = text.slice(from, Math.min(end, from + 400)).trim();
    if (content !== "" && !/^(?:\\?[.…]|\\ldots|\s)+$/.test(content)) boxes.push({ content, start, end: end + 1 });
  }
  let first = boxes.length - 1;
  while (first > 0 && joint.test(text.slice(boxes[first - 1]!.end, boxes[first]!.start))) first--;
  return boxes.length === 0 ? undefined : [...new Set(boxes.slice(first).map(({ content }) => content))].join(", ");
}

/** Finds the end of a group in braces; a group without an end goes to the end of its line. */
function endOfGroup(text: string, from: number): number {
  let depth = 1;
  const limit = Math.min(text.length, from + 2_000);
  for (let at = from; at < limit; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  const line = text.indexOf("\n", from);
  return line < 0 ? limit : Math.min(line, limit);
}
