import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatPercent } from "../../demo/statistics.js";
import { trainCascade } from "../../src/learned/index.js";
import { apgr } from "./apgr.js";
import { readCascadeTask } from "./cascade-recordings.js";
import { rankUnseen } from "./routing-table.js";
import { readPairs } from "./shared-data.js";
import { formatTable } from "./table.js";
import { aiq, bestOf, callsFor, incrementalBenefit, type Point, pgr } from "./yardsticks.js";

const SEED = 1;

/** PGR, CPT and APGR of `trainRouter` on the questions of RouteLLM, each ranked by a router that has not seen it. */
export async function routerYardsticks(folder: string): Promise<string> {
  const rows: string[][] = [];
  for (const task of ["gsm8k", "mmlu"] as const) {
    const ranked = await rankUnseen(
      readPairs(folder, task).filter(({ contaminated }) => !contaminated),
      SEED,
    );
    rows.push([
      `${task}, ${ranked.length} questions`,
      ...[pgr(ranked, 0.5), callsFor(ranked, 0.5), callsFor(ranked, 0.8)].map((share) => formatPercent(share)),
      apgr(ranked).toFixed(3),
    ]);
  }
  return formatTable(["trainRouter", "PGR at 50 % strong", "CPT(50 %)", "CPT(80 %)", "APGR"], rows);
}

const shares = { gsm8k: [0.1, 0.14, 0.2], mmlu_pro: [0.3, 0.5, 0.75] } as const;

/** AIQ, ΔIBC and saving at equal accuracy of `trainCascade`, cross-validated, beside single models. */
export async function cascadeYardsticks(folder: string): Promise<string> {
  const rows: string[][] = [];
  for (const task of ["gsm8k", "mmlu_pro"] as const) {
    const { recordings, ...reading } = readCascadeTask(folder, task);
    const { against } = reading;
    const mean = (read: (recording: (typeof recordings)[number]) => number) =>
      recordings.reduce((total, recording) => total + read(recording), 0) / recordings.length;
    const costOf = (model: string) => mean(({ answers }) => answers[model]!.costUsd!);
    const singles = Object.keys(recordings[0]!.answers).map((model) => ({
      model,
      quality: mean(({ answers, expected }) => Number(reading.score(answers[model]!.text, expected))),
      cost: costOf(model) / costOf(against),
    }));
    const large = singles.find(({ model }) => model === against)!;
    const small = singles.reduce((one, other) => (other.cost < one.cost ? other : one));
    const points: Point[] = [];
    for (const costShare of shares[task]) {
      const { report } = await trainCascade(recordings, { ...reading, target: { costShare } });
      points.push({ quality: report.accuracy.value, cost: report.costShare.value });
    }
    const { report: equal } = await trainCascade(recordings, { ...reading, target: { accuracy: large.quality } });
    const range = [small.cost, 1] as const;
    const best = points.map((point) => incrementalBenefit(point, small, large));
    rows.push([
      task,
      aiq([small, ...points], range).toFixed(3),
      aiq(singles, range).toFixed(3),
      aiq([small, large], range).toFixed(3),
      best.map((share) => formatPercent(share, 0)).join(", "),
      `${formatPercent(1 - equal.costShare.value)} at ${formatPercent(equal.accuracy.value)}`,
      formatPercent(large.quality),
    ]);
  }
  const head = [
    "trainCascade",
    "AIQ",
    "AIQ, single models",
    "AIQ, two models",
    "ΔIBC",
    "saving at equal accuracy",
    "strong alone",
  ];
  return formatTable(head, rows);
}

const draws = [1, 2, 5, 10, 20, 50, 100];

/** Best of n on Game of 24, where a check tells whether an answer is right. */
export function gameTable(folder: string): string {
  const file = join(folder, "game24.jsonl");
  if (!existsSync(file)) return `${file} is missing`;
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const games = lines.map((line) => (JSON.parse(line) as { samples: Record<string, { correct: boolean }[]> }).samples);
  const ways = [...new Set(games.flatMap((samples) => Object.keys(samples)))];
  const rows = ways.map((way) => {
    const counted = games.map((samples) => ({
      samples: samples[way]?.length ?? 0,
      right: (samples[way] ?? []).filter(({ correct }) => correct).length,
    }));
    const least = Math.min(...counted.map(({ samples }) => samples));
    return [
      way,
      String(games.length),
      ...draws.map((drawn) => (drawn <= least ? formatPercent(bestOf(counted, drawn), 0) : "")),
    ];
  });
  return formatTable(["samples of", "games", ...draws.map((drawn) => `best of ${drawn}`)], rows);
}
