// How good routing and ladders are, on outcomes that others recorded and published. No key, no network; about three minutes.
//   npm run bench:quality [folder with the recorded data, default ../shared/data]
import { resolve } from "node:path";
import { cascadeTable } from "./cascade-table.js";
import { tasks } from "./families.js";
import { finalLadders } from "./final-ladders.js";
import { labelledPrompts, labelledTable } from "./labelled-table.js";
import { ladderTable } from "./ladder-table.js";
import { promiseTable } from "./promises.js";
import { routingTable } from "./routing-table.js";
import { missingFiles, readRecording } from "./shared-data.js";
import { cascadeYardsticks, gameTable, routerYardsticks } from "./yardstick-tables.js";

const folder = resolve(process.argv[2] ?? "../shared/data");
const missing = missingFiles(folder);
if (missing.length > 0) {
  console.error(
    `${folder} lacks ${missing.join(", ")}. Say where the recorded data is: npm run bench:quality -- FOLDER`,
  );
  process.exit(1);
}

const startedAt = performance.now();
console.log(`
1. Four kinds of prompts: ${labelledPrompts.length}, written for this repository (test/fixtures), 5-fold cross-validation, 3 cuts
   "hard" ones carry words of another kind, or none of their own. By chance: 25 %. Intervals: Wilson.
`);
console.log(await labelledTable());
console.log(`
2. trainRouter on RouteLLM's two models (gpt-4-1106-preview, Mixtral-8x7B-Instruct-v0.1), 10-fold cross-validation, 3 cuts
   APGR: the area under the share of the gap recovered over the share of strong calls (bench/quality/apgr.ts). The published
   routers never saw questions of these benchmarks; this one learned from some. Intervals: bootstrap over questions.
`);
console.log(await routingTable(folder));
for (const [index, task] of tasks.entries()) {
  const recording = readRecording(folder, task.name);
  console.log(`
${index + 3}. ${task.title}: ${recording.questions.length} questions, 5-fold cross-validation, 3 cuts
   Each question is answered by a ladder that was chosen without it: the most accurate within the cap on cost. Cost is a share
   of always asking the strong model, from recorded tokens at list price. Intervals: Wilson for the share that is right, else
   paired bootstrap over questions. "random mix": strong or cheapest model at random, at equal cost, on average.
`);
  console.log(await ladderTable(task, recording));
  console.log(`\n${await finalLadders(task, recording)}`);
  console.log(`
   The same questions by trainCascade, 5-fold, 3 cuts; fitted and chosen inside the folds, seed 1. Intervals: Wilson for the share
   that is right, else paired bootstrap. "best random mix": single models at random, in the best mix of equal cost.
`);
  console.log(await cascadeTable(folder, task.name));
}
console.log(`
5. Promises: "at most this share accepted and wrong" at confidence 90 %, over 300 calibration sets of 200 questions, drawn with
   replacement from the half that the trained cascade was not fitted on, which is the population. At most 10 % may be broken.
`);
console.log(await promiseTable(folder));
console.log(`
6. Published yardsticks, defined in bench/quality/yardsticks.ts. PGR, CPT, APGR: RouteLLM, arXiv:2406.18665. AIQ: RouterBench,
   arXiv:2403.12031, from the cheapest model's cost to the strong one's. ΔIBC: AutoMix, arXiv:2310.12963, from the cheapest model to the
   strong one. Saving at equal accuracy: FrugalGPT, arXiv:2305.05176. Seed 1, every question answered by what was learned without it.
   Game of 24: 50 games, recorded samples of Tree of Thoughts, arXiv:2305.10601; best of n where a check finds a right answer.
`);
console.log(await routerYardsticks(folder));
console.log(`\n${await cascadeYardsticks(folder)}`);
console.log(`\n${gameTable(folder)}`);
console.log(`\nTook ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
