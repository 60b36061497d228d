import { padLeft, padRight, widthOf } from "./text-width.js";

/** Column titles and rows of a table. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Indices of right-aligned columns. */
  readonly right?: readonly number[];
}

const gap = "  ";

/** Writes a table as lines. Columns that do not fit, never the first, move to lines of their own below each row. */
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

export const emptyCell = "-";

/** Counts the columns that fit side by side. */
function fitting(widths: readonly number[], columns: number): number {
  const ends = widths.map((_, last) =>
    widths.slice(0, last + 1).reduce((sum, width) => sum + gap.length + width, -gap.length),
  );
  return ends.filter((end) => end <= columns).length;
}

/** Joins parts by commas into lines that fit. */
function wrapped(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length > 0 ? `${lines.at(-1)}, ${part}` : `${gap}${part}`;
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(`${gap}${part}`);
  }
  return lines;
}
