import { AIMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import type { Model, ModelEntry } from "../../models/model.js";
import { createCascade } from "../../patterns/create-cascade.js";
import { judgeWith } from "../../verification/judge-with.js";
import { messagesOf } from "../runs/dataset.js";
import { graphRunner } from "../runs/target.js";
import type { Estimate } from "../statistics/estimate.js";
import { kappa } from "../statistics/kappa.js";
import { named, type Scorer, type ScorerArgs, scoreOf } from "./scorer.js";

/** Options of `judge`. */
export interface JudgeScorerOptions {
  /** Description of a good answer, beside the expected one. @default it is correct, complete and clear */
  readonly rubric?: string;
  /** Lowest rating that passes, on `scale`. @default as judgeWith */
  readonly threshold?: number;
  /** Lowest and highest rating. @default [1, 10] */
  readonly scale?: readonly [number, number];
}

/**
 * Scores 1 for an answer that a model rates well enough, 0 for another one; the expected answer is part of what it is shown.
 *
 * **When to use** - answers that no rule can compare. First see how far it agrees with people: `judgeAgreement`.
 * **Gotchas** - a model prefers answers of its own family, and long ones. The rating, what the judge wrote and what it cost are in the
 * notes of the item; its cost is no part of `costUsd`, but of `budgetUsd`. A judge whose call fails leaves the answer unscored.
 *
 * @example
 * ```ts
 * import { evaluate, judge } from "langgraph-multimodel/evaluation";
 * const dataset = [{ input: "Why is the sky blue?", expected: "Rayleigh scattering" }];
 * await evaluate({ graph: small, dataset, scorers: [judge(large)] });
 * ```
 * @throws {InvalidModelError} when `model` cannot answer messages
 * @throws {InvalidOptionError} when an option is invalid
 */
export function judge(model: Model | ModelEntry, options: JudgeScorerOptions = {}): Scorer {
  checkKeys(options, "judge", ["rubric", "threshold", "scale"]);
  const { rubric = "It is correct, complete and clear.", ...scale } = options;
  judgeWith(model, { ...scale, rubric }); // refuses what is invalid before anything is paid
  return named("judge", async ({ input, output, expected, message, budget }) => {
    const reference = expected === undefined ? "" : ` It agrees with this reference: ${written(expected)}`;
    const answer = message ?? new AIMessage(output);
    const given = RunnableLambda.from(() => answer);
    const verify = judgeWith(model, { ...scale, rubric: `${rubric}${reference}` });
    const graph = createCascade({
      models: { given },
      verify,
      judgeLast: true,
      onUnverified: "throw",
      ...(budget && { budget }),
    });
    const { verdict, calls } = await graphRunner(graph)(messagesOf(input), {}, undefined);
    const costs = calls.flatMap(({ role, costUsd }) => (role === "judge" ? [costUsd] : [])); // the answer was paid for before
    const costUsd = costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + cost!, 0);
    const { pass, score: rating, feedback } = verdict ?? { pass: undefined };
    if (rating === undefined) throw new Error("the judge gave no usable score");
    return { name: "judge", score: pass ? 1 : 0, metadata: { rating, ...(feedback && { feedback }), costUsd } };
  });
}

const written = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** Returns the score of an answer; `undefined` without one, and if the scorer throws. */
async function scoreBy(scorer: Scorer, args: ScorerArgs): Promise<number | undefined> {
  try {
    return scoreOf(await scorer(args), scorer.name)?.score ?? undefined;
  } catch {
    return undefined; // counted as unscored
  }
}

/** An answer that a person has judged. */
export interface LabelledAnswer extends Pick<ScorerArgs, "input" | "output" | "expected" | "tags"> {
  /** Whether a person found the answer right. */
  readonly right: boolean;
}

/** How far a judge agrees with people, with 95 % intervals. */
export interface JudgeAgreement {
  /** Cohen's kappa: 1 is full agreement, 0 what chance gives; not a number where one word was said of everything. */
  readonly kappa: Estimate;
  /** Share of answers that both judge alike. */
  readonly agreement: Estimate;
  /** Right by both, by the judge only, by the person only, by neither. */
  readonly counts: Readonly<Record<"both" | "judgeOnly" | "personOnly" | "neither", number>>;
  /** Answers that the judge did not score. */
  readonly unscored: number;
}

/**
 * Measures how far a scorer agrees with people's labels.
 *
 * **When to use** - before figures of a judge are believed; 100 answers that you label yourself say a lot.
 * **Gotchas** - where nearly all answers are right, agreement is high by chance; kappa corrects for it. Above 0.8 is usually called very
 * good, below 0.6 the judge's figures say little (Landis and Koch 1977 give 0.61-0.80 as substantial).
 *
 * @example
 * ```ts
 * import { exact, judgeAgreement } from "langgraph-multimodel/evaluation";
 * const labelled = [
 *   { input: "Capital of France?", output: "Paris", expected: "Paris", right: true },
 *   { input: "Capital of Spain?", output: "Lisbon", expected: "Madrid", right: false },
 * ];
 * const { kappa, agreement } = await judgeAgreement(exact(), labelled);
 * ```
 * @param passingScore lowest score that counts as right @default 1
 * @throws {InvalidOptionError} when no answer could be scored
 */
export async function judgeAgreement(
  scorer: Scorer,
  answers: readonly LabelledAnswer[],
  passingScore = 1,
): Promise<JudgeAgreement> {
  const pairs: (readonly [boolean, boolean])[] = [];
  for (const { right, ...args } of answers) {
    const score = await scoreBy(scorer, args);
    if (typeof score === "number") pairs.push([score >= passingScore, right]);
  }
  if (pairs.length === 0) {
    throw new InvalidOptionError("judgeAgreement.answers", answers.length, "the scorer scored none of the answers");
  }
  const count = (judged: boolean, said: boolean) =>
    pairs.filter(([one, other]) => one === judged && other === said).length;
  return {
    ...kappa(pairs, 0.05),
    counts: {
      ...{ both: count(true, true), judgeOnly: count(true, false) },
      ...{ personOnly: count(false, true), neither: count(false, false) },
    },
    unscored: answers.length - pairs.length,
  };
}
