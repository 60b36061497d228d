import { totalCost } from "langgraph-multimodel";
import type { StrategyResult } from "./run-strategy.js";
import { formatDollars } from "./statistics.js";
import { shortName } from "./strategies.js";
import { fill } from "./terminal-text.js";

/** Shows why one run went where it went: the first one that asked every model of its ladder. */
export function describeRun({ strategy, runs }: StrategyResult, width: number): string[] {
  const run = runs.find(({ calls }) => calls.length === strategy.models.length) ?? runs[0]!;
  const { question, calls, decisions, answer, right } = run;
  const drafts = strategy.models.map((id) => `${shortName(id)} ${question.answers.get(id)?.answer ?? "no number"}`);
  return [
    fill(
      `One run of the ${strategy.name}: question #${question.number}, the first that called all ${calls.length}`,
      width,
    ),
    fill(`- recorded answers: ${drafts.join(", ")}`, width, 2),
    ...decisions.map(({ kind, chosen, reason }) => fill(`- ${kind} → ${chosen}: ${reason}`, width, 2)),
    fill(
      `- answer ${answer}, ${right ? "right" : `wrong (gold ${question.gold})`}; ` +
        `${calls.length} calls, ${formatDollars(totalCost(calls) ?? 0)}`,
      width,
      2,
    ),
  ];
}
