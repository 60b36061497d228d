/**
 * Writes `data/gsm8k-answers.json` (and the licences beside it) from the recordings in `shared/data`:
 *
 *     npx tsx scripts/build-gsm8k-answers.ts [path to shared/data, default ../shared/data]
 *
 * Only facts are taken over - numbers, answers, token counts, correctness. No text of a question or reply is.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type RecordedTable, recordedTableSchema } from "../demo/recorded-answers.js";

const QUESTIONS = 392;

const ORIGINS = [
  {
    name: "ZeroEval",
    repository: "https://github.com/WildEval/ZeroEval",
    commit: "8c1485e",
    licence: "Apache-2.0",
    gives: "replies of the zero-shot recordings, result_dirs/gsm/*.json",
  },
  {
    name: "RouteLLM",
    repository: "https://github.com/lm-sys/RouteLLM",
    commit: "0b64fda",
    licence: "Apache-2.0",
    gives: "replies of the 8-shot recordings, routellm/evals/gsm8k/gsm8k_responses.csv",
  },
  {
    name: "GSM8K",
    repository: "https://github.com/openai/grade-school-math",
    commit: null,
    licence: "MIT",
    gives: "question numbers (0-based, test split) and gold answers; the commit was not recorded",
  },
];

const LICENCES = ["WildEval+ZeroEval.LICENSE", "lm-sys+RouteLLM.LICENSE", "openai+grade-school-math.LICENSE"];

const RECORDINGS: Readonly<Record<string, { vendor: string; origin: string; prompt: "zero-shot" | "8-shot" }>> = {
  "Meta-Llama-3.1-70B-Instruct": { vendor: "meta", origin: "ZeroEval", prompt: "zero-shot" },
  "Meta-Llama-3.1-8B-Instruct": { vendor: "meta", origin: "ZeroEval", prompt: "zero-shot" },
  "Mixtral-8x7B-Instruct-v0.1": { vendor: "mistral", origin: "RouteLLM", prompt: "8-shot" },
  "Mixtral-8x7B-Instruct-v0.1@zeroshot": { vendor: "mistral", origin: "ZeroEval", prompt: "zero-shot" },
  "Qwen2-7B-Instruct": { vendor: "alibaba", origin: "ZeroEval", prompt: "zero-shot" },
  "claude-3-5-sonnet-20241022": { vendor: "anthropic", origin: "ZeroEval", prompt: "zero-shot" },
  "claude-3-haiku-20240307": { vendor: "anthropic", origin: "ZeroEval", prompt: "zero-shot" },
  "gemini-1.5-flash": { vendor: "google", origin: "ZeroEval", prompt: "zero-shot" },
  "gemma-2-9b-it": { vendor: "google", origin: "ZeroEval", prompt: "zero-shot" },
  "gpt-4-1106-preview": { vendor: "openai", origin: "RouteLLM", prompt: "8-shot" },
  "gpt-4o-2024-08-06": { vendor: "openai", origin: "ZeroEval", prompt: "zero-shot" },
  "gpt-4o-mini-2024-07-18": { vendor: "openai", origin: "ZeroEval", prompt: "zero-shot" },
};

const sourceLine = z.object({
  id: z.string().regex(/^gsm8k-test-\d+$/),
  gold: z.string(),
  responses: z.record(
    z.string(),
    z.object({ answer: z.string().nullable(), correct: z.boolean(), in_tok: z.int(), out_tok: z.int() }),
  ),
});
type SourceLine = z.infer<typeof sourceLine>;

/**
 * Builds the table from a folder laid out as `shared/data`.
 *
 * @throws if the folder does not hold the expected recordings.
 */
export function buildTable(folder: string): RecordedTable {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const readme = read("README.md");
  for (const { commit } of ORIGINS) {
    if (commit && !readme.includes(commit)) throw new Error(`${folder}/README.md no longer names commit ${commit}.`);
  }
  const prices = JSON.parse(read("prices.json")) as Record<string, [number, number]>;
  const ids = Object.keys(RECORDINGS).sort();
  const lines = read("gsm8k.jsonl").trim().split("\n");
  const questions = lines
    .map((line) => toQuestion(sourceLine.parse(JSON.parse(line)), ids))
    .sort(([left], [right]) => left - right);
  if (new Set(questions.map(([number]) => number)).size !== QUESTIONS || questions.length !== QUESTIONS) {
    throw new Error(`Expected ${QUESTIONS} different questions in ${folder}/gsm8k.jsonl, found ${questions.length}.`);
  }
  return recordedTableSchema.parse({
    schemaVersion: 1,
    about:
      "Facts about recorded answers of real models to questions of the GSM8K test set. No text of a question or reply is in this file. Fields, origins and licences: data/README.md.",
    origins: ORIGINS,
    extraction:
      "The final number of the reply, extracted by the collection this table is built from; in outline: the answer field of the JSON reply (zero-shot), the number after #### or else the last number (8-shot); null where none was found. Correct means equal to the gold answer.",
    tokenCounts:
      "Characters / 4 of the question prompt and of the reply: the recordings hold no counts. Few-shot examples are not counted.",
    prices: "[input, output] in USD per million tokens: public list prices at the time of the models.",
    models: ids.map((id) => ({ id, ...RECORDINGS[id], price: prices[id] })),
    questions,
  });
}

function toQuestion({ id, gold, responses }: SourceLine, ids: readonly string[]): RecordedTable["questions"][number] {
  const unknown = Object.keys(responses).filter((model) => !ids.includes(model));
  if (unknown.length > 0) throw new Error(`${id} has recordings this script does not know: ${unknown.join(", ")}.`);
  const cells = ids.map((model): RecordedTable["questions"][number][2][number] => {
    const response = responses[model];
    if (!response) throw new Error(`${id} has no recording of ${model}.`);
    if (response.correct !== (response.answer === gold)) throw new Error(`${id}, ${model}: answer and flag disagree.`);
    return [response.answer, response.correct ? 1 : 0, response.in_tok, response.out_tok];
  });
  return [Number(id.slice("gsm8k-test-".length)), gold, cells];
}

/** The text of the file: one model and one question a line, so that a diff shows what changed. */
export function formatTable({ models, questions, ...head }: RecordedTable): string {
  const fields = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const list = (key: string, rows: readonly unknown[]) =>
    `"${key}":[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]`;
  return `{\n${[...fields, list("models", models), list("questions", questions)].join(",\n")}\n}\n`;
}

function main(folder: string): void {
  if (!existsSync(join(folder, "gsm8k.jsonl"))) {
    console.error(`No gsm8k.jsonl in ${folder}. Pass the folder: npx tsx scripts/build-gsm8k-answers.ts <shared/data>`);
    process.exitCode = 1;
    return;
  }
  const data = fileURLToPath(new URL("../data/", import.meta.url));
  const text = formatTable(buildTable(folder));
  mkdirSync(join(data, "licences"), { recursive: true });
  for (const name of LICENCES) {
    writeFileSync(join(data, "licences", name), readFileSync(join(folder, "LICENSES", name)));
  }
  writeFileSync(join(data, "gsm8k-answers.json"), text);
  console.log(`data/gsm8k-answers.json: ${QUESTIONS} questions, ${text.length} bytes, from ${folder}`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(resolve(process.argv[2] ?? fileURLToPath(new URL("../../shared/data", import.meta.url))));
}
