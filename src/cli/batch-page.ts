import { readFileSync, statSync } from "node:fs";
import { type BatchRun, batchReport } from "../report/index.js";
import { jsonOrUndefined } from "./files/json-or-undefined.js";
import { withFile } from "./files/named-file.js";

/** Writes the page of all rows of an output, also of those that were in it before; of a pipe, the rows of this run. */
export async function batchPage(output: string | undefined, rows: readonly object[]): Promise<string> {
  const whole = output !== undefined && statSync(output).isFile();
  const lines = whole ? withFile(output, () => readFileSync(output, "utf8")).split("\n") : [];
  const stored = lines.flatMap((line) => jsonOrUndefined(line) ?? []);
  return batchReport((whole ? stored : rows) as readonly BatchRun[]);
}
