import { formatPercent } from "../../demo/statistics.js";
import { randomFrom, shuffled } from "../../src/aggregation/shuffled.js";
import { learnThenTest, type Scored } from "../../src/evaluation/statistics/learn-then-test.js";
import { withModels } from "../../src/learned/cascade/examples.js";
import { lengthsIn, readRecordings } from "../../src/learned/cascade/read-recordings.js";
import { select } from "../../src/learned/cascade/select.js";
import { walkExample } from "../../src/learned/cascade/simulate.js";
import { readCascadeTask } from "./cascade-recordings.js";
import { formatTable } from "./table.js";

const DRAWS = 300;
const CALIBRATION = 200;
const CONFIDENCE = 0.9;

/** How often a bound on accepted wrong answers is broken. */
export interface Broken {
  readonly learnThenTest: number;
  /** By the loosest threshold that looks right on the calibration set. */
  readonly naive: number;
  /** Mean share of the population that Learn then Test accepts. */
  readonly accepted: number;
}

/** Answers the half of a task that the policy was not fitted on, which is then the population. */
async function population(folder: string, task: "gsm8k" | "mmlu_pro"): Promise<Scored[]> {
  const { recordings, ...reading } = readCascadeTask(folder, task);
  const models = Object.keys(recordings[0]!.answers);
  const lengths = lengthsIn(recordings);
  const all = shuffled(
    readRecordings(recordings, { models, prices: new Map(), lengths, ...reading }, "bench"),
    "promise",
  );
  const cut = Math.floor(all.length / 2);
  const { kept, fit, decider, mix } = await select(all.slice(0, cut), { accuracy: 1 }, "1");
  const outlook = fit.outlookOf(mix.first);
  return withModels(all.slice(cut), kept).map((example) => {
    const [walk] = walkExample(decider, { example, first: mix.first, outlook, tradeoffs: [mix.dear.tradeoff] });
    return { score: walk!.best, wrong: walk!.score < 0.5 };
  });
}

/** Draws calibration sets with replacement from the population, and counts thresholds that break the bound on it. */
export async function brokenPromises(
  folder: string,
  task: "gsm8k" | "mmlu_pro",
  wrongAccepted: number,
): Promise<Broken> {
  const all = await population(folder, task);
  const random = randomFrom("draws");
  const accepts = (threshold: number) => all.filter(({ score }) => score >= threshold);
  const isBroken = (threshold: number) =>
    accepts(threshold).filter(({ wrong }) => wrong).length / all.length > wrongAccepted;
  let [tested, naive, accepted] = [0, 0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = Array.from({ length: CALIBRATION }, () => all[Math.floor(random() * all.length)]!);
    const threshold = learnThenTest(drawn, { wrongAccepted, confidence: CONFIDENCE }) ?? Number.POSITIVE_INFINITY;
    tested += Number(isBroken(threshold)) / DRAWS;
    accepted += accepts(threshold).length / all.length / DRAWS;
    naive += Number(isBroken(looksRight(drawn, wrongAccepted))) / DRAWS;
  }
  return { learnThenTest: tested, naive, accepted };
}

function looksRight(drawn: readonly Scored[], wrongAccepted: number): number {
  const sorted = drawn.toSorted((one, other) => other.score - one.score);
  let [wrong, threshold] = [0, Number.POSITIVE_INFINITY];
  for (const each of sorted) {
    wrong += Number(each.wrong);
    if (wrong / drawn.length > wrongAccepted) break;
    threshold = each.score;
  }
  return threshold;
}

export async function promiseTable(folder: string): Promise<string> {
  const rows: string[][] = [];
  for (const [task, bounds] of [
    ["gsm8k", [0.02, 0.03]],
    ["mmlu_pro", [0.05, 0.1]],
  ] as const) {
    for (const bound of bounds) {
      const broken = await brokenPromises(folder, task, bound);
      rows.push([
        `${task}, ${formatPercent(bound, 0)}`,
        ...[broken.learnThenTest, broken.naive, broken.accepted].map((each) => formatPercent(each)),
      ]);
    }
  }
  return formatTable(["wrong and accepted, at most", "broken", "broken by a naive threshold", "accepted"], rows);
}
