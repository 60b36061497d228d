import { formatInterval, formatPercent, formatPoints } from "../../demo/statistics.js";
import { type CascadeTarget, trainCascade } from "../../src/learned/index.js";
import { readCascadeTask } from "./cascade-recordings.js";
import { formatTable } from "./table.js";

/**
 * Targets by task. The recordings were looked at while the trained cascade was built: folds keep a policy from seeing the questions it
 * is measured on, and only questions that had no part in that work confirm the method.
 */
const targets: Readonly<Record<"gsm8k" | "mmlu_pro", readonly CascadeTarget[]>> = {
  gsm8k: [{ costShare: 0.1 }, { costShare: 0.14 }, { costShare: 0.2 }, { wrongAccepted: 0.03, confidence: 0.9 }],
  mmlu_pro: [{ costShare: 0.3 }, { costShare: 0.5 }, { costShare: 0.75 }],
};

/** The trained cascade at several targets: fitted, and chosen, without the question it answers. */
export async function cascadeTable(folder: string, task: "gsm8k" | "mmlu_pro"): Promise<string> {
  const { recordings, ...reading } = readCascadeTask(folder, task);
  const rows: string[][] = [];
  for (const target of targets[task]) {
    const { report } = await trainCascade(recordings, { ...reading, target });
    const { accuracy, costShare, difference, randomMix, calls, accepted, wrongAccepted } = report;
    rows.push([
      Object.entries(target)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
      formatPercent(accuracy.value),
      formatInterval([accuracy.low, accuracy.high]),
      formatPercent(costShare.value),
      formatInterval([costShare.low, costShare.high]),
      formatPoints(difference.value),
      `${formatPoints(difference.low)} to ${formatPoints(difference.high)}`,
      formatPercent(randomMix),
      calls.toFixed(2),
      accepted && wrongAccepted ? `${formatPercent(accepted.value)}, ${formatPercent(wrongAccepted.value)}` : "",
    ]);
  }
  const head = [
    "target",
    "right",
    "95 %",
    "cost",
    "95 %",
    "points to strong",
    "95 %",
    "best random mix",
    "calls",
    "accepted, wrongly",
  ];
  return formatTable(head, rows);
}
