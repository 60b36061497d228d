import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { UsageError } from "./exit-code.js";
import { isObject, type Prompt, parsed } from "./prompts.js";

/** The file answers are written to. */
export interface AnswersFile {
  /** Prompts it has no answer to yet. */
  readonly open: readonly Prompt[];
  /** Writes a row at once: what is paid for is kept, whatever comes next. */
  write(row: object): void;
}

/**
 * Opens the output of a run. Answers that are in it are kept; failed rows, and a last line that was cut off, are dropped and asked
 * again.
 *
 * @throws {UsageError} when it holds something else than answers to these prompts
 */
export function openAnswers(file: string | undefined, prompts: readonly Prompt[]): AnswersFile {
  if (file === undefined)
    return { open: prompts, write: (row) => void process.stdout.write(`${JSON.stringify(row)}\n`) };
  const write = (row: object) => appendFileSync(file, `${JSON.stringify(row)}\n`);
  if (!existsSync(file)) {
    writeFileSync(file, ""); // a folder that cannot be written to is told of before anything is paid
    return { open: prompts, write };
  }
  const content = readFileSync(file, "utf8");
  const answered = answeredRows(file, content, new Map(prompts.map((prompt) => [prompt.id, prompt])));
  const kept = [...answered.values()].map((line) => `${line}\n`).join("");
  if (kept !== content) {
    writeFileSync(`${file}.part`, kept);
    renameSync(`${file}.part`, file); // never a moment without the answers
  }
  return { open: prompts.filter(({ id }) => !answered.has(id)), write };
}

function answeredRows(file: string, content: string, prompts: ReadonlyMap<Prompt["id"], Prompt>) {
  const answered = new Map<Prompt["id"], string>();
  const lines = content.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const row = parsed(line);
    if (row === undefined && index === lines.length - 1) break; // a run was killed while it wrote
    const trouble = (what: string) =>
      new UsageError(`${file}:${index + 1} ${what}; give another --output, or delete what is not needed`);
    if (!isObject(row)) throw trouble("is no row of answers");
    const prompt = prompts.get(row.id as Prompt["id"]);
    if (prompt === undefined) throw trouble(`has the id ${JSON.stringify(row.id)}, which no prompt has`);
    const [[field, asked]] = Object.entries(prompt.asked) as [[string, unknown]];
    if (JSON.stringify(row[field]) !== JSON.stringify(asked)) throw trouble("answers another prompt of the same id");
    if (row.error === undefined) answered.set(prompt.id, line);
  }
  return answered;
}
