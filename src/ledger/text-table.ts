import { cellText } from "../text/visible-text.js";
import type { LedgerRows } from "./ledger-rows.js";

/** A table, with or without a line of totals. */
type Table = Omit<LedgerRows, "total"> & Partial<Pick<LedgerRows, "total">>;

const gap = "  ";
const mark = "→ ";

/**
 * Writes a table as text. A name that would make the table wider than `columns` has a line of its own above its figures.
 */
export function textTable({ columns: heads, rows, total }: Table, columns: number): string {
  const isMarked = rows.some(({ answered }) => answered);
  const lines = [
    { cells: heads.map(({ title }) => title), answered: false },
    ...rows.map(({ cells, answered }) => ({ cells: cells.map(cellText), answered })),
    ...(rows.length > 0 && total !== undefined ? [{ cells: total, answered: false }] : []),
  ];
  const widths = heads.map((_, column) => Math.max(...lines.map(({ cells }) => cells[column]!.length)));
  const others = widths.slice(1).reduce((sum, width) => sum + gap.length + width, isMarked ? mark.length : 0);
  const room = Math.max(columns - others, Math.min(widths[0]!, 12));
  const first = Math.min(widths[0]!, room);
  const pad = (cell: string, column: number) => {
    const width = column === 0 ? first : widths[column]!;
    return heads[column]!.align === "left" ? cell.padEnd(width) : cell.padStart(width);
  };
  const written = lines.flatMap(({ cells: [name = "", ...figures], answered }) => {
    const lead = isMarked ? (answered ? mark : " ".repeat(mark.length)) : "";
    const line = (start: string) => [start, ...figures].map(pad).join(gap).trimEnd();
    return name.length <= first ? [lead + line(name)] : [lead + name, " ".repeat(lead.length) + line("")];
  });
  return [...written, ...(isMarked ? [`${mark}gave the answer`] : [])].join("\n");
}
