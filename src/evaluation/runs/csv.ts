/**
 * Splits CSV text into rows of fields: quoted fields, doubled quotes and line breaks in quotes as RFC 4180 has them.
 *
 * @throws {RangeError} with the line of a quote that does not end
 */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r?\n|\r|$)/y;
  const source = text.replace(/^\uFEFF/, "");
  while (field.lastIndex < source.length || row.length > 0) {
    const start = field.lastIndex;
    const [whole, quoted, plain, end] = field.exec(source) ?? [];
    if (whole === undefined) {
      const line = source.slice(0, start).split("\n").length;
      throw new RangeError(`line ${line} has a quote that does not end, or text around one; write "a ""quoted"" word"`);
    }
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (end === "") break;
  }
  return rows;
}
