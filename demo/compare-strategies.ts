import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { frontierChart } from "langgraph-multimodel/notebook";
import { createProgress } from "./progress.js";
import { loadRecordedAnswers, type RecordedAnswers } from "./recorded-answers.js";
import { type ComparisonFacts, formatReportText } from "./report.js";
import { runStrategy, type StrategyResult } from "./run-strategy.js";
import { alwaysOne, cascade, randomMix, type Strategy, vote } from "./strategies.js";
import { compare, estimatedSaving, expectedMix, type Row, shareAtCostOf, toRow } from "./summary.js";

const PICTURE = fileURLToPath(new URL("../out/frontier.svg", import.meta.url));

/**
 * Runs every strategy over all recorded questions, prints what came of it and draws the picture.
 *
 * @returns the exit code
 */
export async function compareStrategies(): Promise<number> {
  keepOffline();
  const startedAt = performance.now();
  const recorded = loadRecordedAnswers();
  const questions = recorded.questions.size;
  process.stdout.write(`\nSeveral models as one, on ${questions} recorded GSM8K questions: no key, no network\n\n`);
  const facts = toFacts(recorded, await runAll(recorded));
  drawPicture(facts.rows, `Cost and accuracy on ${questions} GSM8K questions`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(formatReportText(facts, process.stdout.columns ?? 80));
  process.stdout.write(`\nPicture: ${relative(process.cwd(), PICTURE)}\nTook ${seconds} s\n`);
  return 0;
}

/** What ran, by kind; the models alone are in the order of their prices, the strong one last. */
interface Results {
  readonly alone: readonly StrategyResult[];
  readonly vote: StrategyResult;
  readonly cascades: readonly [StrategyResult, StrategyResult];
  readonly mix: StrategyResult;
  readonly share: number;
}

async function runAll(recorded: RecordedAnswers): Promise<Results> {
  const strategies = [...alwaysOne(recorded), vote(recorded), cascade(recorded, 2), cascade(recorded, 3)];
  const progress = createProgress((strategies.length + 1) * recorded.questions.size, process.stderr);
  async function run(strategy: Strategy): Promise<StrategyResult> {
    progress.begin(strategy.name);
    try {
      return await runStrategy(strategy, recorded, progress.tick);
    } finally {
      progress.end();
    }
  }

  const results: StrategyResult[] = [];
  for (const strategy of strategies) results.push(await run(strategy));
  const alone = results.slice(0, -3);
  const [voted, short, long] = results.slice(-3);
  const share = shareAtCostOf(short!, alone.at(0)!, alone.at(-1)!);
  return { alone, vote: voted!, cascades: [short!, long!], mix: await run(randomMix(recorded, share)), share };
}

function toFacts(recorded: RecordedAnswers, { alone, vote, cascades, mix, share }: Results): ComparisonFacts {
  const strong = alone.at(-1)!;
  const rowOf = (result: StrategyResult) => toRow(result, strong.cost);
  const rows = alone.map(rowOf);
  const expected = expectedMix(rows.at(0)!, rows.at(-1)!, share);
  const [short, long] = cascades;
  return {
    recorded,
    share,
    vote,
    cascades,
    rows: [...rows, rowOf(mix), expected, rowOf(vote), ...cascades.map(rowOf)],
    comparisons: compare(short, [...alone, vote, long], { cheap: alone.slice(0, 2), strong }),
    estimatedSaving: estimatedSaving(short, recorded),
  };
}

function drawPicture(rows: readonly Row[], title: string): void {
  const points = rows.flatMap(({ name, interval, ...row }) => {
    const label = name.replace(/^always /, "");
    const { costPer1000: cost, accuracy } = row;
    return interval === undefined ? [] : [{ name: label, cost, accuracy, interval, highlight: label === name }];
  });
  mkdirSync(dirname(PICTURE), { recursive: true });
  const subtitle = "Share of right answers, with 95 % Wilson intervals, against the list price of 1,000 questions";
  const source = "Recorded answers, replayed; origins and licences: data/README.md";
  writeFileSync(PICTURE, frontierChart(points, { title, subtitle, source }));
}

/** Tracing that is on in this shell would send every recorded run to a server. */
function keepOffline(): void {
  for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"]) {
    delete process.env[name];
  }
}
