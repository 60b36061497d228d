/** The recorded outcomes of `../shared/data` (its README says where they come from), typed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What one model answered to one question. */
export interface RecordedAnswer {
  /** The extracted answer; "" where the reply held none. */
  readonly key: string;
  readonly right: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

export interface RecordedQuestion {
  readonly prompt: string;
  readonly gold: string;
  /** By model. */
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
}

/** All models that were asked the same prompts of one task. */
export interface Recording {
  readonly models: readonly string[];
  readonly prices: Readonly<Record<string, { readonly input: number; readonly output: number }>>;
  readonly questions: readonly RecordedQuestion[];
}

/** A question with RouteLLM's own right or wrong, 0 or 1, for its two models. */
export interface PairedQuestion {
  readonly prompt: string;
  readonly contaminated: boolean;
  readonly strong: number;
  readonly weak: number;
}

export const PAIR = { strong: "gpt-4-1106-preview", weak: "Mixtral-8x7B-Instruct-v0.1" } as const;

/** The files that are missing, of those the benchmark reads. */
export function missingFiles(folder: string): string[] {
  return ["gsm8k.jsonl", "mmlu_pro.jsonl", "routellm_mmlu.jsonl", "prices.json"].filter(
    (file) => !existsSync(join(folder, file)),
  );
}

interface Line {
  readonly question: string;
  readonly prompt: string;
  readonly gold: string;
  readonly contaminated?: boolean;
  readonly routellm_contaminated?: boolean;
  readonly models: Record<string, { correct: boolean }>;
  readonly responses: Record<
    string,
    { answer: string | null; routellm_correct?: boolean; in_tok: number; out_tok: number }
  >;
}

function readLines(folder: string, file: string): Line[] {
  const lines = readFileSync(join(folder, file), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Line);
}

/**
 * Reads a task; of GSM8K without the two recordings that were made with another prompt. Right is what equals the gold answer:
 * the `correct` of eight MMLU-Pro answers (questions 7780 and 8780) says otherwise, where the same letter of other models is right.
 */
export function readRecording(folder: string, task: "gsm8k" | "mmlu_pro"): Recording {
  const lines = readLines(folder, `${task}.jsonl`);
  const list = JSON.parse(readFileSync(join(folder, "prices.json"), "utf8")) as Record<string, [number, number]>;
  const other: readonly string[] = task === "gsm8k" ? [PAIR.strong, PAIR.weak] : [];
  const models = Object.keys(lines[0]!.responses).filter((model) => !other.includes(model));
  const prices = Object.fromEntries(
    models.map((model) => [model, { input: list[model]![0], output: list[model]![1] }]),
  );
  const questions = lines.map(({ question, gold, responses }) => {
    const answers = models.map((model): [string, RecordedAnswer] => {
      const { answer, in_tok, out_tok } = responses[model]!;
      const costUsd = (in_tok * prices[model]!.input + out_tok * prices[model]!.output) / 1e6;
      return [
        model,
        { key: answer ?? "", right: answer === gold, inputTokens: in_tok, outputTokens: out_tok, costUsd },
      ];
    });
    return { prompt: question, gold, answers: Object.fromEntries(answers) };
  });
  return { models, prices, questions };
}

/** Reads what RouteLLM recorded for its two models. */
export function readPairs(folder: string, task: "gsm8k" | "mmlu"): PairedQuestion[] {
  if (task === "mmlu") {
    return readLines(folder, "routellm_mmlu.jsonl").map(({ prompt, contaminated, models }) => ({
      prompt,
      contaminated: contaminated === true,
      strong: Number(models[PAIR.strong]!.correct),
      weak: Number(models[PAIR.weak]!.correct),
    }));
  }
  return readLines(folder, "gsm8k.jsonl").map(({ question, routellm_contaminated, responses }) => ({
    prompt: question,
    contaminated: routellm_contaminated === true,
    strong: Number(responses[PAIR.strong]!.routellm_correct),
    weak: Number(responses[PAIR.weak]!.routellm_correct),
  }));
}
