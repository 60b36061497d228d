/**
 * The facts of recorded GSM8K answers: `data/gsm8k-answers.json`, typed.
 * What the table holds, where it comes from and how to rebuild it: `data/README.md`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const tokens = z.int().nonnegative();
const price = z.number().nonnegative();
const numberText = z.string().regex(/^-?\d+(\.\d+)?$/);
const cell = z.tuple([numberText.nullable(), z.union([z.literal(0), z.literal(1)]), tokens, tokens]);

/** The file as it is written: cells are `[answer or null, correct 0/1, tokens in, tokens out]`, aligned with `models`. */
export const recordedTableSchema = z
  .object({
    schemaVersion: z.literal(1),
    about: z.string(),
    origins: z.array(
      z.object({
        name: z.string(),
        repository: z.url(),
        commit: z.string().nullable(),
        licence: z.string(),
        gives: z.string(),
      }),
    ),
    extraction: z.string(),
    tokenCounts: z.string(),
    prices: z.string(),
    models: z
      .array(
        z.object({
          id: z.string().min(1),
          vendor: z.string().min(1),
          origin: z.string(),
          prompt: z.enum(["zero-shot", "8-shot"]),
          price: z.tuple([price, price]),
        }),
      )
      .min(1),
    questions: z.array(z.tuple([z.int().nonnegative(), numberText, z.array(cell)])).min(1),
  })
  .refine((table) => table.questions.every(([, , cells]) => cells.length === table.models.length), {
    error: "every question needs one cell for each model",
  });

/** The table as it stands in the file. */
export type RecordedTable = z.infer<typeof recordedTableSchema>;

/** What one model answered to one question. */
export interface RecordedAnswer {
  /** The final number as text ("18", "0.5"); null where the reply held none. */
  readonly answer: string | null;
  readonly correct: boolean;
  /** Estimated as characters / 4; few-shot examples are not counted. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One recording: a model together with the prompt it was asked with. */
export interface RecordedModel {
  readonly id: string;
  /** Who makes the model, in lower case: "openai", "google", … */
  readonly vendor: string;
  /** `name` of the origin that published the recording. */
  readonly origin: string;
  /** Costs of the two prompts do not compare: the examples of "8-shot" are not in its token counts. */
  readonly prompt: "zero-shot" | "8-shot";
  /** List price in USD per million tokens. */
  readonly price: { readonly input: number; readonly output: number };
}

/** One question: its number in the GSM8K test set, the gold answer, and the answers by model id. */
export interface RecordedQuestion {
  readonly number: number;
  readonly gold: string;
  readonly answers: ReadonlyMap<string, RecordedAnswer>;
}

/** The whole table: questions by number, models by id, and where all of it comes from. */
export interface RecordedAnswers extends Pick<RecordedTable, "about" | "extraction" | "tokenCounts" | "prices"> {
  readonly origins: readonly Readonly<RecordedTable["origins"][number]>[];
  readonly models: ReadonlyMap<string, RecordedModel>;
  readonly questions: ReadonlyMap<number, RecordedQuestion>;
}

const defaultFile = fileURLToPath(new URL("../data/gsm8k-answers.json", import.meta.url));
const loaded = new Map<string, RecordedAnswers>();

/**
 * Reads and validates the table; a file is read once a process.
 *
 * @throws if the file is missing, or is not such a table.
 */
export function loadRecordedAnswers(file: string = defaultFile): RecordedAnswers {
  const known = loaded.get(file);
  if (known) return known;
  const answers = toRecordedAnswers(recordedTableSchema.parse(JSON.parse(readFileSync(file, "utf8"))));
  loaded.set(file, answers);
  return answers;
}

function toRecordedAnswers(table: RecordedTable): RecordedAnswers {
  const { about, origins, extraction, tokenCounts, prices } = table;
  const models = table.models.map(({ price: [input, output], ...model }) => ({ ...model, price: { input, output } }));
  const questions = table.questions.map(([number, gold, cells]) => {
    const answers = cells.map(([answer, correct, inputTokens, outputTokens], index) => {
      return [models[index]!.id, { answer, correct: correct === 1, inputTokens, outputTokens }] as const;
    });
    return { number, gold, answers: new Map(answers) };
  });
  return {
    about,
    origins,
    extraction,
    tokenCounts,
    prices,
    models: new Map(models.map((model) => [model.id, model])),
    questions: new Map(questions.map((question) => [question.number, question])),
  };
}
