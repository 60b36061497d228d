import type { BaseMessage } from "@langchain/core/messages";
import { InvalidOptionError } from "../../errors/index.js";
import type { RecordedAnswer, Recording } from "../../evaluation/recording.js";
import type { Price } from "../../ledger/model-call.js";
import { costOf, estimateMessages, estimateTokens } from "../../ledger/usage.js";
import { contentText } from "../../text/content-text.js";
import type { Normalize } from "../../text/normalizers/normalize.js";
import type { Example, Hint } from "./examples.js";

/** Whether an answer is right, or how good it is from 0 to 1. */
export type ScoreAnswer = (text: string, expected: unknown) => boolean | number;

export interface Reading {
  readonly models: readonly string[];
  /** Model that costs are a share of. */
  readonly against: string;
  readonly normalize: Normalize;
  readonly score: ScoreAnswer;
  /** For answers without a cost. */
  readonly prices: ReadonlyMap<string, Price | null>;
  readonly lengths: Lengths;
}

/** Where lengths are read from: recorded token counts, or an estimate by the text. */
export type Lengths = "usage" | "text";

/** Returns "usage" if every answer has token counts. */
export function lengthsIn(recordings: readonly Recording[]): Lengths {
  const answers = recordings
    .flatMap(({ answers }) => Object.values(answers))
    .filter(({ error }) => error === undefined);
  return answers.every(({ usage }) => usage !== undefined) ? "usage" : "text";
}

/** Brings recordings into numbers, with costs as a share of the strong model's mean cost. */
export function readRecordings(recordings: readonly Recording[], reading: Reading, owner: string): Example[] {
  const costs = recordings.map((recording, at) =>
    reading.models.map((model) => costIn(recording, model, reading, `${owner}.recordings[${at}].answers.${model}`)),
  );
  const strong = costs
    .map((row) => row[reading.models.indexOf(reading.against)]!)
    .filter((cost) => !Number.isNaN(cost));
  const unit = strong.reduce((sum, cost) => sum + cost, 0) / strong.length;
  if (!(unit > 0)) {
    const expected =
      "the answers of this model cost nothing, so that no share of it can be saved; name the one you would use alone";
    throw new InvalidOptionError(`${owner}.against`, reading.against, expected);
  }
  return recordings.map((recording, at) => ({
    ...answersIn(recording, reading, `${owner}.recordings[${at}]`),
    costs: costs[at]!.map((cost) => cost / unit),
  }));
}

function answersIn(recording: Recording, reading: Reading, at: string): Omit<Example, "costs"> {
  const { input, expected, answers } = recording;
  const tags = tagsOf(recording.tags);
  const given = reading.models.map((model) => answers[model]);
  return {
    text: questionText(input),
    keys: given.map((answer) => answer && (hasFailed(answer) ? "" : reading.normalize(answer.text))),
    scores: given.map((answer, model) => {
      if (answer === undefined || hasFailed(answer)) return 0;
      const score = Number(reading.score(answer.text, expected));
      if (score >= 0 && score <= 1) return score;
      const expectedScore = `it must return a boolean or a number from 0 to 1, also for ${at}.answers.${reading.models[model]}`;
      throw new InvalidOptionError("score", score, expectedScore);
    }),
    hints: given.map((answer): Hint | undefined => {
      if (answer === undefined || hasFailed(answer)) return undefined;
      if (reading.lengths === "usage") return { ...answer.usage!, tags };
      return { inputTokens: inputTokens(input), outputTokens: estimateTokens(answer.text), tags };
    }),
  };
}

const hasFailed = ({ error }: RecordedAnswer) => error !== undefined;

function costIn({ input, answers }: Recording, model: string, { prices }: Reading, at: string): number {
  const answer = answers[model];
  if (answer === undefined) return Number.NaN;
  if (answer.costUsd !== undefined) return answer.costUsd;
  if (hasFailed(answer)) return 0;
  const usage = answer.usage ?? { inputTokens: inputTokens(input), outputTokens: estimateTokens(answer.text) };
  const cost = costOf(usage, prices.get(model) ?? null);
  if (cost !== null) return cost;
  const expected = `it has no costUsd and its price is unknown: give \`models: { "${model}": { price: { input, output } } }\``;
  throw new InvalidOptionError(at, answer.costUsd, expected);
}

/** Writes tags as `name=value`. */
export function tagsOf(tags: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.entries(tags ?? {}).flatMap(([name, value]) => (typeof value === "string" ? [`${name}=${value}`] : []));
}

/** Text of the question, from which the mixing weight is drawn. */
export function questionText(input: string | readonly BaseMessage[]): string {
  if (typeof input === "string") return input;
  const last = input.at(-1);
  return last === undefined ? "" : contentText(last);
}

export function inputTokens(input: string | readonly BaseMessage[]): number {
  return typeof input === "string" ? estimateTokens(input) : estimateMessages(input);
}
