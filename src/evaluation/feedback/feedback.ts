import { existsSync } from "node:fs";
import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import type { Adapt } from "../../routing/adapting/adapt.js";
import { appendLine, endLastLine, linesOf } from "../recordings/lines.js";
import { type ComparableRun, ledgerOf } from "../run-facts.js";

/** A person's judgement of a run: one line of a file. */
export interface Feedback {
  readonly runId: string;
  /** 0..1. */
  readonly score: number;
  readonly comment?: string;
  /** Time of the judgement, ISO 8601. */
  readonly at: string;
}

/** Options of `feedback`. */
export interface FeedbackOptions {
  /** JSONL file; made if missing. @default "feedback.jsonl" */
  readonly file?: string;
  /** @default none */
  readonly comment?: string;
  /** The `adapt` of the experiment, which the score rewards too: `thompson()`. @default none */
  readonly adapt?: Pick<Adapt, "reward">;
}

const defaultFile = "feedback.jsonl";

/**
 * Returns the id that ties feedback to a run: `turnId` of its calls. `undefined` for a run without a call.
 *
 * **When to use** - where an answer is shown: keep the id beside its thumbs.
 *
 * @param run a final state, a row of `multimodel run`, the error of a run that threw, or an answer of `asChatModel`
 * @example
 * ```ts
 * import { feedback, runIdOf } from "langgraph-multimodel/evaluation";
 * const id = runIdOf(await createFallback({ models: { small } }).compile().invoke({ messages: "Hi" }));
 * if (id !== undefined) feedback(id, 1, { comment: "friendly" });
 * ```
 */
export function runIdOf(run: ComparableRun): string | undefined {
  return ledgerOf(run).calls.at(-1)?.turnId;
}

/**
 * Writes down what a person thinks of a run.
 *
 * **When to use** - thumbs, stars or corrections of real users, which `compareVariants` then reads as the judged score.
 * **Gotchas** - the last judgement of a run counts. Comments are kept without keys, but with what people write. An `adapt` is rewarded for
 * runs that it remembers; the file has the others too.
 *
 * @param runId from `runIdOf`
 * @param score 0..1: 0 for a thumb down, 1 for a thumb up
 * @example
 * ```ts
 * import { compareVariants, feedback, feedbackScores, runIdOf } from "langgraph-multimodel/evaluation";
 * const graph = createExperiment({ models: { a, b }, weights: { a: 1, b: 1 }, seed: "spring" }).compile();
 * const runs = await Promise.all(["Hi", "Hello"].map((messages) => graph.invoke({ messages })));
 * feedback(runIdOf(runs[0]!)!, 1, { file: "thumbs.jsonl" });
 * const { variants } = compareVariants(runs, { score: feedbackScores("thumbs.jsonl") });
 * ```
 * @throws {InvalidOptionError} when `runId` is empty, or `score` is not within 0 and 1
 */
export function feedback(runId: string, score: number, options: FeedbackOptions = {}): void {
  checkKeys(options, "feedback", ["file", "comment", "adapt"]);
  if (typeof runId !== "string" || runId === "") {
    throw new InvalidOptionError("feedback.runId", runId, "give what runIdOf returned for the run");
  }
  if (!(score >= 0 && score <= 1)) throw new InvalidOptionError("feedback.score", score, "give 0 to 1");
  const { file = defaultFile, comment, adapt } = options;
  if (existsSync(file)) endLastLine(file);
  const line: Feedback = { runId, score, ...(comment !== undefined && { comment }), at: new Date().toISOString() };
  appendLine(file, line);
  adapt?.reward(runId, score);
}

/**
 * Reads feedback as a score of runs, for `compareVariants`.
 *
 * **When to use** - to compare the variants of an experiment by what people thought of their answers.
 * **Gotchas** - runs without feedback have no score; those who give it are not all users.
 *
 * @param file of `feedback` @default "feedback.jsonl"
 * @returns a function from a run to its score
 * @example
 * ```ts
 * import { feedback, feedbackScores } from "langgraph-multimodel/evaluation";
 * const state = await createFallback({ models: { small } }).compile().invoke({ messages: "Hi" });
 * feedback(state.calls[0]!.turnId, 1, { file: "stars.jsonl" });
 * feedbackScores("stars.jsonl")(state); // 1
 * ```
 * @throws {InvalidOptionError} when there is no such file
 */
export function feedbackScores(file = defaultFile): (run: ComparableRun) => number | undefined {
  if (!existsSync(file)) throw new InvalidOptionError("feedbackScores.file", file, "there is no such file");
  const scores = new Map<string, number>();
  for (const { text } of linesOf(file)) {
    const { runId, score } = parsed(text);
    if (typeof runId === "string" && typeof score === "number") scores.set(runId, score);
  }
  return (run) => {
    const id = runIdOf(run);
    return id === undefined ? undefined : scores.get(id);
  };
}

function parsed(text: string): Partial<Feedback> {
  try {
    return Object(JSON.parse(text)) as Partial<Feedback>;
  } catch {
    return {}; // cut off by a kill
  }
}
