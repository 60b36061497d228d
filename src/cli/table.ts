/** A table: what its columns are called, and the cells of each row. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers. */
  readonly right?: readonly number[];
}

const gap = "  ";

/** Writes a table as lines; where it is wider than the terminal, each row becomes a block of lines of its own. */
export function tableLines({ head, rows, right = [] }: Table, columns: number): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const width = widths.reduce((sum, each) => sum + each, 0) + gap.length * (widths.length - 1);
  if (width > columns) return rows.flatMap((row) => block(head, row));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join(gap)
      .trimEnd();
  return [line(head), ...rows.map(line)];
}

function block(head: readonly string[], [name = "", ...cells]: readonly string[]): string[] {
  const titles = head.slice(1);
  const widest = Math.max(...titles.map((title) => title.length));
  return [name, ...cells.map((cell, index) => `${gap}${titles[index]!.padEnd(widest)}${gap}${cell}`)];
}
