import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recording } from "../../src/evaluation/index.js";
import { type Normalize, normalizeChoice, normalizeNumber } from "../../src/index.js";
import { readRecording } from "./shared-data.js";

/** A recorded task in the form that `trainCascade` reads, with the extracted answers as texts. */
export interface CascadeTask {
  readonly recordings: readonly Recording[];
  readonly against: string;
  readonly normalize: Normalize;
  readonly score: (text: string, expected: unknown) => boolean;
}

const against = { gsm8k: "gpt-4o-2024-08-06", mmlu_pro: "gemini-1.5-pro-002" } as const;
/** Takes an extracted answer as it is. */
const asExtracted = (answer: unknown) => String(answer);

/** Reads a task with all models that saw the same prompts. */
export function readCascadeTask(folder: string, task: "gsm8k" | "mmlu_pro", { tags = false } = {}): CascadeTask {
  const { questions } = readRecording(folder, task);
  const lines = readFileSync(join(folder, `${task}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const recordings = questions.map(({ prompt, gold, answers }, at): Recording => {
    const { subject } = JSON.parse(lines[at]!) as { subject?: string };
    return {
      input: prompt,
      expected: gold,
      ...(tags && subject !== undefined && { tags: { subject } }),
      answers: Object.fromEntries(
        Object.entries(answers).map(([model, { key, inputTokens, outputTokens, costUsd }]) => [
          model,
          { text: key, usage: { inputTokens, outputTokens }, costUsd },
        ]),
      ),
    };
  });
  return { recordings, against: against[task], normalize: asExtracted, score: (text, expected) => text === expected };
}

/** Reads a task with the replies as they were recorded, for the library's own normalizers. */
export function readRawTask(folder: string, task: "gsm8k" | "mmlu_pro"): CascadeTask {
  const { recordings, against } = readCascadeTask(folder, task);
  const lines = readFileSync(join(folder, `${task}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const normalize = task === "gsm8k" ? normalizeNumber : normalizeChoice("ABCDEFGHIJ");
  const raw = recordings.map((recording, at): Recording => {
    const { responses } = JSON.parse(lines[at]!) as { responses: Record<string, { text: string }> };
    const answers = Object.entries(recording.answers).map(
      ([model, answer]) => [model, { ...answer, text: responses[model]!.text }] as const,
    );
    return { ...recording, answers: Object.fromEntries(answers) };
  });
  const score = (text: string, expected: unknown) => normalize(text) === normalize(String(expected));
  return { recordings: raw, against, normalize, score };
}
