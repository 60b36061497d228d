/** The comparison as text for a terminal: the table, what it shows, and what it rests on. */
import type { RecordedAnswers } from "./recorded-answers.js";
import { describeRun } from "./report-run.js";
import type { StrategyResult } from "./run-strategy.js";
import { formatDollars, formatInterval, formatPercent, formatPoints } from "./statistics.js";
import { cheapest, MIX_SEED, STRONG, shortName } from "./strategies.js";
import { type Comparison, distinctFrom, type Row } from "./summary.js";
import { alignColumns, fill } from "./terminal-text.js";

/** Everything the report says, as facts. */
export interface ComparisonFacts {
  readonly recorded: RecordedAnswers;
  readonly rows: readonly Row[];
  /** Share of the questions the random mix sends to the strong model. */
  readonly share: number;
  readonly vote: StrategyResult;
  /** Shortest ladder first; the first one is compared with the baselines. */
  readonly cascades: readonly StrategyResult[];
  readonly comparisons: readonly Comparison[];
  /** What `savings` says of the first cascade's ledger, 0..1. */
  readonly estimatedSaving: number;
}

const WIDEST = 100;

/** Writes the report for a terminal of that many columns. */
export function formatReportText(facts: ComparisonFacts, columns: number): string {
  const width = Math.min(columns, WIDEST);
  const list = (title: string, items: readonly string[]) => [
    title,
    ...items.map((item) => fill(`- ${item}`, width, 2)),
  ];
  const blocks = [
    tableOf(facts.rows),
    list("What was compared", strategiesOf(facts)),
    [`The ${facts.cascades[0]!.strategy.name}, against the others`, ...differencesOf(facts)],
    list("How to read it", findingsOf(facts)),
    describeRun(facts.cascades[0]!, width),
    list("What it rests on", sourcesOf(facts)),
    list("In short", conclusionOf(facts)),
  ];
  return blocks.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function tableOf(rows: readonly Row[]): string[] {
  const cells = rows.map(({ name, accuracy, interval, costPer1000, callsPerQuestion, saved }) => [
    name,
    formatPercent(accuracy),
    interval ? formatInterval(interval) : "-",
    formatDollars(costPer1000),
    callsPerQuestion.toFixed(2),
    formatPercent(saved),
  ]);
  const lines = alignColumns([["strategy", "right", "95 % interval", "per 1,000", "calls", "saved"], ...cells]);
  const rule = "-".repeat(Math.max(...lines.map((line) => line.length)));
  return [
    ...lines.toSpliced(1, 0, rule),
    rule,
    `cost per 1,000 questions, calls per question, saved against always ${shortName(STRONG)}`,
  ];
}

function strategiesOf({ share, vote, cascades, recorded }: ComparisonFacts): string[] {
  const ladders = cascades.map(
    ({ strategy: { models } }) => `${models.length} tiers: ${models.map(shortName).join(" → ")}`,
  );
  return [
    "always: one model answers every question.",
    `random mix: ${formatPercent(share)} of the questions, drawn at random (seed ${MIX_SEED}), go to ` +
      `${shortName(STRONG)}, the others to ${shortName(cheapest(recorded, 1)[0]!)}. At this share it costs on average ` +
      `what the ${cascades[0]!.strategy.name} cost. "expected" is the mean over all seeds, from the runs of the two models alone.`,
    `majority vote: ${vote.strategy.models.map(shortName).join(", ")} are all called; the answer that most of them ` +
      "give counts, in a tie that of the first one.",
    `agreement cascade: calls the next model until two give the same number. ${ladders.join("; ")}.`,
    "The rule reads no accuracies: the two or three models with the lowest list price of input tokens, then the " +
      `strong model, which is given (${STRONG}).`,
  ];
}

function differencesOf({ comparisons }: ComparisonFacts): string[] {
  const cells = comparisons.map(({ other, mean, interval: [low, high], costRatio }) => {
    const verdict = low > 0 ? "more accurate" : high < 0 ? "less accurate" : "not distinguishable";
    return [other, formatPoints(mean), `${formatPoints(low)} to ${formatPoints(high)}`, verdict, costRatio.toFixed(2)];
  });
  return alignColumns([["against", "points", "95 % interval", "so it is", "cost"], ...cells]);
}

function findingsOf({ rows, cascades, comparisons, estimatedSaving }: ComparisonFacts): string[] {
  const { name } = cascades[0]!.strategy;
  const row = rows.find((each) => each.name === name)!;
  const distinct = distinctFrom(row, rows);
  const clear = distinct.length === 0 ? "No row keeps" : `Only ${distinct.join(", ")} keeps`;
  return [
    `Differences are in percentage points, on the same questions; ${comparisons.length} of them, not corrected for that. ` +
      '"Not distinguishable" means that these questions do not tell the two apart, not that they are equal. ' +
      '"cost" is a multiple of the other\'s; "mix" is a random mix of two models at the same cost, expected.',
    "Where intervals of the first table overlap, that table does not distinguish the two rows. " +
      `${clear} clear of the interval of the ${name}.`,
    `The ${name} saved ${formatPercent(row.saved)} of what always ${shortName(STRONG)} cost. Where nobody runs that, ` +
      `savings(calls, { against }) estimates it from the cascade's own ledger: ${formatPercent(estimatedSaving)}.`,
  ];
}

/** The result in three lines: beside the strong model, beside each cheaper one that is as good, and beside mixes of equal cost. */
function conclusionOf({ rows, cascades, comparisons }: ComparisonFacts): string[] {
  const { name, models } = cascades[0]!.strategy;
  const beside = (other: string) => comparisons.find((comparison) => comparison.other === other)!;
  const strong = beside(`always ${shortName(models.at(-1)!)}`);
  const isTie = ({ interval: [low, high] }: Comparison) => low <= 0 && high >= 0;
  const said = (comparison: Comparison) =>
    `${formatPoints(comparison.mean)} points${isTie(comparison) ? ", not distinguishable" : ""}`;
  const cheaper = comparisons.filter(({ other, costRatio }) => other.startsWith("always") && costRatio > 1);
  const ties = cheaper
    .filter(isTie)
    .map(({ other, costRatio }) => `${other} costs ${formatPercent(1 / costRatio)} of it`);
  const mixes = comparisons.filter(({ other }) => other.startsWith("mix"));
  const { accuracy } = rows.find((row) => row.name === name)!;
  return [
    `${name}: ${formatPercent(accuracy)} right at ${formatPercent(strong.costRatio)} of the cost of ${strong.other} (${said(strong)}).`,
    ties.length === 0
      ? "Every cheaper single model is less accurate."
      : `Cheaper, and not distinguishable from it on these questions: ${ties.join("; ")}.`,
    `Beside random mixes of equal cost: ${mixes.map((mix) => `${mix.other.slice(4)} ${said(mix)}`).join("; ")}.`,
  ];
}

function sourcesOf({ recorded, rows, vote, cascades }: ComparisonFacts): string[] {
  const ids = [...new Set([...vote.strategy.models, ...cascades.flatMap(({ strategy }) => strategy.models)])];
  const models = ids.map((id) => recorded.models.get(id)!);
  const used = new Set(["GSM8K", ...models.map(({ origin }) => origin)]);
  const origins = recorded.origins
    .filter(({ name }) => used.has(name))
    .map(({ name, repository, commit, licence, gives }) => {
      return `${name} (${repository}${commit === null ? "" : ` at ${commit}`}, ${licence}): ${gives}.`;
    });
  const prices = models.map(({ id, price }) => `${shortName(id)} ${price.input} / ${price.output}`);
  const measured = rows.filter(({ interval }) => interval !== undefined);
  return [
    "The answers are RECORDED, not live: others asked each model each question once, at temperature 0, and published " +
      "the replies. The texts of the questions are not in this repository.",
    ...origins,
    "Costs are estimates: tokens are characters / 4, as no counts were recorded; prices are public list prices of the " +
      `models' time (2024), USD per million tokens in / out: ${prices.join(", ")}.`,
    `The ${measured.length} rows with an interval are runs of this library's graphs. The grades of each model alone were ` +
      "checked against the recorded ones, question by question.",
    "More: data/README.md",
  ];
}
