import { appendFileSync, writeFileSync } from "node:fs";
import { withFile } from "./named-file.js";

/** Checks that a report can be written, before anything is paid, and returns what writes it. */
export function openReport(file: string): (page: string) => void {
  withFile(file, () => appendFileSync(file, ""));
  return (page) => withFile(file, () => writeFileSync(file, page));
}
