import { readFileSync, writeFileSync } from "node:fs";

/** What a cell shows; of `nbformat` 4, the kinds that tslab writes. */
export type Output =
  | { readonly output_type: "stream"; readonly name: "stdout" | "stderr"; readonly text: Text }
  | {
      readonly output_type: "display_data";
      readonly data: Readonly<Record<string, Text>>;
      readonly metadata: Readonly<Record<string, unknown>>;
    };

/** Jupyter writes a text line by line, so that a change is a change of lines. */
export type Text = string | readonly string[];

export interface Cell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly source: Text;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** What running a cell gave; `index` is its place among all cells of the notebook. */
export interface CellResult {
  readonly index: number;
  readonly ok: boolean;
  /** Seconds of processor time, the compiler's included. */
  readonly cpuSeconds: number;
  readonly outputs: readonly Output[];
  /** What `drawSteps` drew: for each step the calls it made, and those the picture says. */
  readonly drawings: readonly { readonly made: readonly (number | null)[]; readonly drawn: readonly number[] }[];
}

export const textOf = (text: Text) => (typeof text === "string" ? text : text.join(""));

export function readNotebook(file: string): Notebook {
  return JSON.parse(readFileSync(file, "utf8")) as Notebook;
}

/** Writes a notebook as Jupyter does, with these outputs in place of its own. */
export function writeNotebook(file: string, notebook: Notebook, results: readonly CellResult[]): void {
  const cells = notebook.cells.map((cell, index) => {
    if (cell.cell_type !== "code") return cell;
    const position = results.findIndex((result) => result.index === index);
    if (position < 0) return { ...cell, execution_count: null, outputs: [] };
    return { ...cell, execution_count: position + 1, outputs: results[position]!.outputs.map(inLines) };
  });
  writeFileSync(file, `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`);
}

/** The outputs as one text, to compare: what a reader sees, and nothing of how it is written down. */
export function shown(outputs: readonly Output[]): string {
  return outputs
    .map((output) => {
      if (output.output_type === "stream") return textOf(output.text);
      return Object.entries(output.data)
        .map(([mime, content]) => `[${mime}]\n${textOf(content)}\n`)
        .join("");
    })
    .join("");
}

function inLines(output: Output): Output {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  const data = Object.fromEntries(Object.entries(output.data).map(([mime, content]) => [mime, lines(content)]));
  return { ...output, data };
}

const lines = (text: Text) => textOf(text).match(/[^\n]*\n|[^\n]+$/g) ?? [];
