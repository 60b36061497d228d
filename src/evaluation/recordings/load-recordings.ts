import { InvalidOptionError } from "../../errors/index.js";
import type { Recording } from "../recording.js";
import { idOf } from "../runs/item.js";
import { type Line, linesOf } from "./lines.js";
import { parsedLine } from "./recording-index.js";

/**
 * Reads a file of recordings, one a question. Lines of one question that hold answers of different models become one recording.
 *
 * **When to use** - for `trainCascade`, `frontier` and `calibrate`, which take the recordings themselves.
 * **Gotchas** - all of them are held in memory; `replay` and `evaluate` take the file and hold places only. A last line that a kill cut
 * off is left out.
 *
 * @param file what `recordModels` wrote, or JSONL of your own: `{ input, expected, answers: { small: { text, costUsd } } }`
 * @example
 * ```ts
 * import { loadRecordings, recordModels } from "langgraph-multimodel/evaluation";
 * const dataset = [{ input: "What is 3 * 6?", expected: 18 }, { input: "What is 2 + 2?", expected: 4 }];
 * await recordModels({ models: { small, large }, dataset, file: "recorded.jsonl" });
 * loadRecordings("recorded.jsonl").map(({ answers }) => answers.small?.text);
 * ```
 * @throws {InvalidOptionError} when the file cannot be read, is empty, or has a line that is not a recording
 */
export function loadRecordings(file: string): Recording[] {
  const refuse = (why: string) => new InvalidOptionError("loadRecordings.file", file, why);
  const recordings: Recording[] = [];
  const places = new Map<string, number>();
  const lines = linesIn(file, refuse);
  for (const [index, { text, number }] of lines.entries()) {
    const line = parsedLine(text) as Recording | undefined;
    if (line === undefined) {
      if (index === lines.length - 1 && index > 0 && !text.endsWith("}")) break; // cut off by a kill
      const shape = '{"input":"…","expected":"…","answers":{"small":{"text":"…"}}}';
      throw refuse(`line ${number} is no recording; write ${shape}`);
    }
    const id = idOf(line);
    const before = recordings[places.get(id) ?? -1];
    if (before === undefined || Object.keys(line.answers).some((name) => Object.hasOwn(before.answers, name))) {
      places.set(id, recordings.push(line) - 1);
    } else {
      recordings[places.get(id)!] = { ...before, answers: { ...before.answers, ...line.answers } };
    }
  }
  if (recordings.length === 0) throw refuse("it has no recording; write it with recordModels");
  return recordings;
}

function linesIn(file: string, refuse: (why: string) => Error): Line[] {
  try {
    return [...linesOf(file)];
  } catch {
    throw refuse("it cannot be read; give a JSONL file of recordings");
  }
}
