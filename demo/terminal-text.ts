/** Text for a terminal: lines that fit, columns that align, nothing that moves the cursor. */

/** Breaks a text between words into lines of at most `columns` characters; the lines after the first are indented. */
export function fill(text: string, columns: number, indent = 0): string {
  const lines: string[] = [];
  // A line never begins with the "%" or the arrow of the number or name before it.
  for (const word of text.split(/ +(?![%→])/).filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(lines.length > 0 ? `${" ".repeat(indent)}${word}` : word);
  }
  return lines.join("\n");
}

/** Aligns the cells of rows: the first column left, the others right. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Drops control characters other than line feed and tab, so that no answer of a model can steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "");
}
