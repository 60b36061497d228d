import type { BaseMessage } from "@langchain/core/messages";
import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import { isForAnswer, isOfShadow, type ModelCall } from "../../ledger/model-call.js";
import { shadowName } from "../../nodes/experiment/shadow-name.js";
import type { Decision } from "../../state/decision.js";
import type { StageOutput } from "../../state/orchestration-state.js";
import { answerText } from "../../text/answer-text.js";
import { contentText } from "../../text/content-text.js";
import { factsOf, type RunLedger } from "../run-facts.js";
import type { EvaluatedItem } from "../runs/item.js";
import { type Report, reportOf } from "../runs/report.js";

/** Final state of a run whose experiment has a shadow. */
export interface ShadowedRun extends RunLedger {
  readonly messages?: readonly BaseMessage[];
  readonly outputs?: readonly StageOutput[];
}

/** Options of `shadowReports`. */
export interface ShadowReportsOptions {
  /** Lowest score of a right answer. @default 1 */
  readonly passingScore?: number;
}

/**
 * Sets the answers of a shadow against those that were shown, run by run: two reports for `compare`.
 *
 * **When to use** - to decide from real traffic whether the shadow of a `createExperiment` may take over.
 * **Gotchas** - a run counts if both answers were scored there, by `reward` of `adapt` or `score` of `shadow`; a shadow that was cancelled
 * because it was slow is in no pair, which flatters it. Costs and times are those of the answers, without the calls that scored them.
 *
 * @param runs final states, rows that were logged of them, or the items of an `evaluate`
 * @returns the shown answers and those of the shadow, with the score `score`
 * @example
 * ```ts
 * import { compare, shadowReports } from "langgraph-multimodel/evaluation";
 * const shadow = { model: large, score: ({ answer }: { answer: { text: string } }) => answer.text !== "" };
 * const graph = createExperiment({ models: { small }, weights: { small: 1 }, shadow }).compile();
 * const runs = await Promise.all(["Hi", "Hello"].map((messages) => graph.invoke({ messages })));
 * const { shown, shadow: aside } = shadowReports(runs);
 * compare(aside, shown).difference;
 * ```
 * @throws {InvalidOptionError} when no run has two scored answers
 */
export function shadowReports(
  runs: Iterable<ShadowedRun>,
  options: ShadowReportsOptions = {},
): { readonly shown: Report; readonly shadow: Report } {
  checkKeys(options, "shadowReports", ["passingScore"]);
  const { passingScore = 1 } = options;
  const pairs = [...runs].flatMap((run) => pairsOf(run, passingScore));
  if (pairs.length === 0) {
    const expected = "no run has a scored answer and a scored shadow; give createExperiment a shadow with a score";
    throw new InvalidOptionError("shadowReports.runs", "no pair", expected);
  }
  return {
    shown: reportOf(
      pairs.map(([shown]) => shown),
      { name: "shown" },
    ),
    shadow: reportOf(
      pairs.map(([, shadow]) => shadow),
      { name: "shadow" },
    ),
  };
}

type Pair = readonly [shown: EvaluatedItem, shadow: EvaluatedItem];

/** Returns the pairs of a run, which has several if an experiment runs within it more than once. */
function pairsOf(run: ShadowedRun, passingScore: number): Pair[] {
  const { calls, decisions = [], messages = [], outputs = [] } = run;
  const question = messages.findLast(({ type }) => type === "human");
  return decisions.filter(isPair).map((decision, index): Pair => {
    const { node, chosen, scores = {} } = decision;
    const around = node.slice(0, node.lastIndexOf("/") + 1);
    const within = calls.filter(({ path }) => path.startsWith(around) && path !== node);
    const about = {
      id: `${calls.at(-1)?.turnId}${index === 0 ? "" : ` ${index + 1}`}`,
      input: question === undefined ? "" : contentText(question),
      tags: { variant: chosen },
    };
    const shown = messages.at(-1);
    const aside = outputs.findLast(({ stage }) => stage === shadowName)?.message;
    return [
      itemOf(
        about,
        { text: shown && answerText(shown), score: scores[chosen]!, calls: within.filter(isForAnswer) },
        passingScore,
      ),
      itemOf(
        about,
        { text: aside && answerText(aside), score: scores[shadowName]!, calls: within.filter(isOfShadow) },
        passingScore,
      ),
    ];
  });
}

const isPair = ({ kind, chosen, scores = {} }: Decision) =>
  kind === "score" && scores[chosen] !== undefined && scores[shadowName] !== undefined;

interface Side {
  readonly text: string | undefined;
  readonly score: number;
  readonly calls: readonly ModelCall[];
}

function itemOf(about: Pick<EvaluatedItem, "id" | "input" | "tags">, side: Side, passingScore: number): EvaluatedItem {
  const calls = side.calls.map((call) => ({ ...call, role: "answer" as const }));
  const { costUsd = null, latencyMs } = factsOf({ calls }) ?? {};
  return {
    ...about,
    output: side.text ?? "",
    scores: { score: side.score },
    right: side.score >= passingScore,
    ...{ costUsd, ...(latencyMs !== undefined && { latencyMs }) },
    ...{ calls, decisions: [] },
  };
}
