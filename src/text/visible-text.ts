/** Controls, and characters that reorder the text after them; tabs and line feeds stay. */
const invisible = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Removes the characters that change how a terminal or a page shows the text around them. */
export function visibleText(text: string): string {
  return text.replace(invisible, "").toWellFormed();
}

/** Characters of a cell; a longer name says nothing more and widens its table. */
const mostCell = 120;

/** Fits a foreign name into a cell of a table: on one line, visible, and cut. */
export function cellText(text: string): string {
  const line = visibleText(text.slice(0, 2 * mostCell)).replace(/[\n\t ]+/g, " ");
  return line.length <= mostCell ? line : `${line.slice(0, mostCell - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
