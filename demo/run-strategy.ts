import { type Decision, type ModelCall, normalizeNumber, totalCost } from "langgraph-multimodel";
import pLimit from "p-limit";
import type { RecordedAnswers, RecordedQuestion } from "./recorded-answers.js";
import { questionPrompt } from "./replay-model.js";
import type { Strategy } from "./strategies.js";

/** What became of one question. */
export interface QuestionRun {
  readonly question: RecordedQuestion;
  /** The answer as a number; "" where there was none. */
  readonly answer: string;
  readonly right: boolean;
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
}

/** What a strategy did, question by question, in the order of the table. */
export interface StrategyResult {
  readonly strategy: Strategy;
  readonly runs: readonly QuestionRun[];
  /** The joined ledger of all runs. */
  readonly calls: readonly ModelCall[];
  /** USD. */
  readonly cost: number;
}

const CONCURRENCY = 8;

/**
 * Asks a strategy's graph every recorded question and grades the answers.
 *
 * @throws Error where a grade contradicts the recorded one, or a cost is unknown.
 */
export async function runStrategy(
  strategy: Strategy,
  recorded: RecordedAnswers,
  onAnswer: () => void = () => {},
): Promise<StrategyResult> {
  const graph = strategy.graph.compile({ name: strategy.name });
  const limit = pLimit(CONCURRENCY);
  const runs = await Promise.all(
    [...recorded.questions.values()].map((question) =>
      limit(async (): Promise<QuestionRun> => {
        const { messages, calls, decisions } = await graph.invoke({ messages: questionPrompt(question.number) });
        const answer = normalizeNumber(messages.at(-1)?.text ?? "");
        onAnswer();
        return { question, answer, right: answer === normalizeNumber(question.gold), calls, decisions };
      }),
    ),
  );
  checkGrades(strategy, runs);
  const calls = runs.flatMap((run) => run.calls);
  const cost = totalCost(calls);
  if (cost === null) throw new Error(`${strategy.name}: the cost of a call is unknown.`);
  return { strategy, runs, calls, cost };
}

/** Our grades are computed from texts; those of a single model must equal the recorded ones. */
function checkGrades({ name, models }: Strategy, runs: readonly QuestionRun[]): void {
  const [id = "", ...others] = models;
  if (others.length > 0) return;
  for (const { question, right, answer } of runs) {
    const recorded = question.answers.get(id);
    if (recorded?.correct === right) continue;
    throw new Error(
      `${name}: question #${question.number} is graded ${right ? "right" : "wrong"} ("${answer}", gold ` +
        `"${question.gold}"), but recorded as ${recorded?.correct ? "right" : "wrong"}.`,
    );
  }
}
