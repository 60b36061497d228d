import { formatInterval, formatPercent, formatPoints, wilsonInterval } from "../../demo/statistics.js";
import { bootstrapInterval } from "./apgr.js";
import { familiesOf, type Task } from "./families.js";
import type { Rule, Walk } from "./ladder.js";
import { crossValidate, routeByOutlook, splitsOf } from "./ladder-search.js";
import { randomMix } from "./random-mix.js";
import type { RecordedQuestion, Recording } from "./shared-data.js";
import { formatTable } from "./table.js";

const PARTS = 5;
const REPEATS = 3;

/** What became of each question, on average over the repeats. */
interface Outcome {
  readonly right: number;
  readonly costUsd: number;
  readonly calls: number;
}

/** The same question, by a ladder and by the strong model. */
interface Pair {
  readonly outcome: Outcome;
  readonly strong: Outcome;
}

const HEAD = ["", "right", "95 %", "cost", "95 %", "points to strong", "95 %", "random mix", "calls"];

/** The ladders of a task beside what needs no search; all costs are shares of always asking the strong model. */
export async function ladderTable(task: Task, recording: Recording): Promise<string> {
  const { questions } = recording;
  const { cheap, strong, caps } = task;
  const alone = (model: string) => questions.map((question) => toOutcome(question, model));
  const row = (name: string, outcomes: readonly Outcome[]) => rowOf(name, outcomes, alone(cheap), alone(strong));
  const rows = [row("always the cheapest", alone(cheap)), row("always the strong one", alone(strong))];
  rows.push(
    row(
      "oracle: the cheapest that is right",
      questions.map((question) => oracle(question)),
    ),
  );
  const repeats = await Promise.all(
    Array.from({ length: REPEATS }, (_, index) => splitsOf(task, recording, PARTS, index + 1)),
  );
  const notes: string[] = [];
  for (const cap of caps) {
    const budget = `, at most ${formatPercent(cap, 0)}`;
    for (const [name, rules] of Object.entries(familiesOf(task, recording))) {
      const runs = repeats.map((splits) => crossValidate(rules, cap, questions, strong, splits));
      const chosen = runs.flatMap((run) => run.chosen);
      const title = `${name}${budget}${chosen.every(({ fits }) => fits) ? "" : " (*)"}`;
      rows.push(row(title, averaged(runs.map(({ walks }) => walks))));
      notes.push(`${title}: ${mostChosen(chosen.map(({ rule }) => rule))}`);
    }
    const routed = repeats.map((splits) => routeByOutlook(task, cap, questions, splits));
    rows.push(row(`learned router, cheapest or strong${budget}`, averaged(routed)));
  }
  const star = "(*) in some cuts no rule of the family costs so little: the cheapest one was taken";
  return `${formatTable(HEAD, rows)}\n${star}\n\nChosen most often:\n${notes.map((note) => `  ${note}`).join("\n")}`;
}

function toOutcome({ answers }: RecordedQuestion, model: string): Outcome {
  const { right, costUsd } = answers[model]!;
  return { right: Number(right), costUsd, calls: 1 };
}

/** The cheapest model that is right; where none is, the cheapest one. */
function oracle(question: RecordedQuestion): Outcome {
  const all = Object.keys(question.answers).map((model) => toOutcome(question, model));
  const pool = all.some(({ right }) => right === 1) ? all.filter(({ right }) => right === 1) : all;
  return pool.reduce((one, other) => (other.costUsd < one.costUsd ? other : one));
}

function averaged(runs: readonly (readonly Walk[])[]): Outcome[] {
  const mean = (read: (walk: Walk) => number, place: number) =>
    runs.reduce((total, run) => total + read(run[place]!), 0) / runs.length;
  return runs[0]!.map((_, place) => ({
    right: mean(({ right }) => Number(right), place),
    costUsd: mean(({ costUsd }) => costUsd, place),
    calls: mean(({ calls }) => calls, place),
  }));
}

function rowOf(
  name: string,
  outcomes: readonly Outcome[],
  cheap: readonly Outcome[],
  strong: readonly Outcome[],
): string[] {
  const pairs = outcomes.map((outcome, place): Pair => ({ outcome, strong: strong[place]! }));
  const gap = (drawn: readonly Pair[]) => mean(drawn.map((pair) => pair.outcome.right - pair.strong.right));
  const share = (drawn: readonly Pair[]) =>
    mean(drawn.map(({ outcome }) => outcome.costUsd)) / mean(drawn.map((pair) => pair.strong.costUsd));
  const right = mean(outcomes.map((outcome) => outcome.right));
  const interval = wilsonInterval(Math.round(right * outcomes.length), outcomes.length);
  const [low, high] = bootstrapInterval(pairs, gap);
  return [
    name,
    formatPercent(right),
    formatInterval(interval),
    formatPercent(share(pairs)),
    formatInterval(bootstrapInterval(pairs, share)),
    formatPoints(gap(pairs)),
    `${formatPoints(low)} to ${formatPoints(high)}`,
    formatPercent(randomMix(mean(outcomes.map(({ costUsd }) => costUsd)), cheap, strong)),
    mean(outcomes.map(({ calls }) => calls)).toFixed(2),
  ];
}

/** The rule that was chosen most often, and how often. */
function mostChosen(rules: readonly Rule[]): string {
  const counts = new Map<string, number>();
  for (const rule of rules) counts.set(describe(rule), (counts.get(describe(rule)) ?? 0) + 1);
  const [text, count] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one));
  return `${text} (${count} of ${rules.length})`;
}

/** A rule in words. */
export function describe({ models, need, limit = 1, trust = 0 }: Rule): string {
  return [
    models.join(" > "),
    ...(need === undefined ? [] : [`weight ${need}`]),
    ...(limit < 1 ? [`limit ${limit}`] : []),
    ...(trust > 0 ? [`trust ${trust}`] : []),
  ].join(", ");
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
