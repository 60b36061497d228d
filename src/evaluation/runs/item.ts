import { createHash } from "node:crypto";
import { isInterrupted } from "@langchain/langgraph";
import { BudgetExceededError } from "../../errors/index.js";
import { keptLedger } from "../../ledger/kept-ledger.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { redactError } from "../../secrets/redact.js";
import type { Decision } from "../../state/decision.js";
import { answerText } from "../../text/answer-text.js";
import { factsOf } from "../run-facts.js";
import { type Scorer, type ScorerArgs, scoreOf } from "../scorers/scorer.js";
import { type Example, messagesOf } from "./dataset.js";
import { exampleField, type Spending } from "./spending.js";
import type { Target } from "./target.js";

/** One answered example of an evaluation, with the ledger of its run. */
export interface EvaluatedItem {
  readonly id: string;
  readonly input: Example["input"];
  readonly expected?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
  /** Text of the answer; empty if the run failed. */
  readonly output: string;
  /** By scorer, 0..1; `null` where a scorer gave no score. A failed run scores 0. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Notes of scorers, by scorer. */
  readonly notes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Whether the first score reached `passingScore`; `null` where it is missing. */
  readonly right: boolean | null;
  /** USD; `null` if the price of a call is unknown. */
  readonly costUsd: number | null;
  /** From the start of the first call to the end of the last one, ms; of answered runs. */
  readonly latencyMs?: number;
  readonly modelUsed?: string;
  readonly confidence?: number | null;
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
  /** Message of the run that failed. */
  readonly error?: string;
}

export interface ItemSettings {
  readonly target: Target;
  readonly scorers: readonly Scorer[];
  readonly passingScore: number;
  readonly spending: Spending | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | undefined;
}

/** Returns the id of an example: its own, or one that its content makes. */
export function idOf({ id, input, expected }: Example): string {
  return (
    id ??
    createHash("sha256")
      .update(JSON.stringify([input, expected]))
      .digest("hex")
      .slice(0, 12)
  );
}

/**
 * Answers and scores one example. A run that failed is an answer that is wrong.
 *
 * @returns `"short"` if the budget was too small for it, `"aborted"` if the signal ended it
 * @throws {BudgetExceededError} for a model without a price under a budget
 */
export async function answered(
  example: Example & { readonly id: string },
  settings: ItemSettings,
): Promise<EvaluatedItem | "short" | "aborted"> {
  const { target, spending, signal, context } = settings;
  const mark = {};
  const { id, input, expected, tags } = example;
  const about = { id, input, ...("expected" in example && { expected }), ...(tags && { tags }) };
  let run: Awaited<ReturnType<Target["run"]>> | Error;
  try {
    run = await target.run(messagesOf(input), { ...context, ...(spending && { [exampleField]: mark }) }, signal);
  } catch (error) {
    if (signal?.aborted === true) return "aborted";
    run = error instanceof Error ? error : new Error(redactError(error));
  }
  if (BudgetExceededError.isInstance(run) && spending !== undefined && /price is unknown/.test(run.message)) throw run;
  if (spending?.lacked(mark)) return "short";
  const paused = isInterrupted(run)
    ? new Error("the run paused for a person; evaluate a graph that answers")
    : undefined;
  const failure = run instanceof Error ? run : paused;
  const { calls, decisions } = run instanceof Error ? keptLedger(run) : run;
  const facts = factsOf({ calls, ...(failure && { error: failure }) });
  const ledger = {
    ...{ costUsd: facts?.costUsd ?? null, ...(facts?.latencyMs !== undefined && { latencyMs: facts.latencyMs }) },
    ...{ calls, decisions },
  };
  if (failure !== undefined || run instanceof Error) {
    const scores = Object.fromEntries(settings.scorers.map(({ name }) => [name, 0]));
    return { ...about, output: "", scores, right: false, ...ledger, error: redactError(failure) };
  }
  const message = run.messages.at(-1)!;
  const output = answerText(message);
  const { modelUsed, confidence } = run;
  const scored = await scoresOf({ ...about, output, message, ...(spending && { budget: spending }) }, settings);
  return { ...about, output, ...scored, ...ledger, ...(modelUsed && { modelUsed }), confidence: confidence ?? null };
}

type Scores = Pick<EvaluatedItem, "scores" | "notes" | "right">;

async function scoresOf(args: ScorerArgs, { scorers, passingScore }: ItemSettings): Promise<Scores> {
  const all = await Promise.all(scorers.map((scorer) => scoreBy(scorer, args)));
  const scores = all.map(({ name, score }) => [name, score] as const);
  const notes = all.flatMap(({ name, metadata }) => (metadata === undefined ? [] : [[name, metadata] as const]));
  const [first] = all;
  return {
    scores: Object.fromEntries(scores),
    ...(notes.length > 0 && { notes: Object.fromEntries(notes) }),
    right: first?.score == null ? null : first.score >= passingScore,
  };
}

/** Scores by one scorer; one that throws leaves the answer without this score. */
async function scoreBy(scorer: Scorer, args: ScorerArgs) {
  try {
    const scored = await scorer(args);
    const score = scoreOf(scored, scorer.name || "score");
    if (score !== undefined) return score;
    throw new Error(`it returned ${JSON.stringify(scored)}; return 0..1, a boolean, or { name, score }`);
  } catch (error) {
    return { name: scorer.name || "score", score: null, metadata: { error: redactError(error) } };
  }
}
