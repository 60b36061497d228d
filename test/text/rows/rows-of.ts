/** Splits a table written one row a line; "⏎" is a line break within a row. */
export const rowsOf = (table: string): readonly string[] =>
  table
    .split("\n")
    .map((line) => line.trim().replaceAll("⏎", "\n"))
    .filter((line) => line !== "");
