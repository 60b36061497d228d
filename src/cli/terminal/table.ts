import { padLeft, padRight, widthOf } from "./text-width.js";

/** A table: what its columns are called, and the cells of each row. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers. */
  readonly right?: readonly number[];
}

const gap = "  ";

/**
 * Writes a table as lines. Where it is wider than the terminal, the columns that do not fit go to a line of their own below each
 * row; the first one always stays.
 */
export function tableLines({ head, rows, right = [] }: Table, columns: number): string[] {
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column]!)].map(widthOf)));
  const fits = Math.max(1, fitting(widths, columns));
  const line = (cells: readonly string[]) =>
    cells
      .slice(0, fits)
      .map((cell, column) => (right.includes(column) ? padLeft : padRight)(cell, widths[column]!))
      .join(gap)
      .trimEnd();
  const below = (row: readonly string[]) =>
    row.slice(fits).flatMap((cell, index) => (cell === emptyCell ? [] : [`${head[fits + index]}: ${cell}`]));
  return [line(head), ...rows.flatMap((row) => [line(row), ...wrapped(below(row), columns)])];
}

/** What stands in a cell that has nothing to say. */
export const emptyCell = "-";

/** How many columns fit side by side. */
function fitting(widths: readonly number[], columns: number): number {
  const ends = widths.map((_, last) =>
    widths.slice(0, last + 1).reduce((sum, width) => sum + gap.length + width, -gap.length),
  );
  return ends.filter((end) => end <= columns).length;
}

/** Parts joined by commas, in lines that fit. */
function wrapped(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length > 0 ? `${lines.at(-1)}, ${part}` : `${gap}${part}`;
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(`${gap}${part}`);
  }
  return lines;
}
