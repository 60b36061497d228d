import { trainRouter } from "../../src/learned/index.js";
import { apgr, apgrAtTenths, bootstrapInterval, type Ranked, rank } from "./apgr.js";
import { foldsOf } from "./folds.js";
import { type PairedQuestion, readPairs } from "./shared-data.js";
import { formatTable } from "./table.js";

const PARTS = 10;
const REPEATS = 3;
/** The best router of table 1 to 3 of RouteLLM (arXiv:2406.18665), trained on Chatbot Arena and augmented data. */
const PUBLISHED = { gsm8k: 0.622, mmlu: 0.603 } as const;

/** Ranks every question by a router that has not seen it, within the part it is held back in. */
export async function rankUnseen(questions: readonly PairedQuestion[], seed: number): Promise<Ranked[]> {
  const ranked: Ranked[] = [];
  for (const { learned, held } of foldsOf(questions.length, PARTS, seed)) {
    const router = await trainRouter(
      learned.map((place) => {
        const { prompt, strong, weak } = questions[place]!;
        return { prompt, outcomes: { strong, weak } };
      }),
    );
    const wants = await Promise.all(
      held.map(async (place) => {
        const { strong, weak } = await router.predict(questions[place]!.prompt);
        return strong - weak;
      }),
    );
    const gains = held.map((place) => questions[place]!.strong - questions[place]!.weak);
    for (const [index, place] of held.entries()) ranked[place] = rank(gains, wants)[index]!;
  }
  return ranked;
}

/** Each question's mean share over repeated cuts: the noise of the cut goes, that of the questions stays. */
function averaged(runs: readonly (readonly Ranked[])[]): Ranked[] {
  return runs[0]!.map(({ gain }, place) => ({
    gain,
    share: runs.reduce((total, run) => total + run[place]!.share, 0) / runs.length,
  }));
}

/** The learned router on RouteLLM's recorded outcomes, beside the published numbers. */
export async function routingTable(folder: string): Promise<string> {
  const rows: string[][] = [];
  for (const task of ["gsm8k", "mmlu"] as const) {
    const all = readPairs(folder, task);
    const clean = all.filter(({ contaminated }) => !contaminated);
    const sets =
      clean.length === all.length
        ? [["all", all] as const]
        : ([
            ["clean", clean],
            ["all", all],
          ] as const);
    for (const [name, questions] of sets) {
      const runs: Ranked[][] = [];
      for (let seed = 1; seed <= REPEATS; seed++) runs.push(await rankUnseen(questions, seed));
      const ranked = averaged(runs);
      const [lower, upper] = bootstrapInterval(ranked, apgr);
      const byLength = rank(
        ranked.map(({ gain }) => gain),
        questions.map(({ prompt }) => prompt.length),
      );
      rows.push([
        `${task}, ${name}`,
        String(questions.length),
        apgr(ranked).toFixed(3),
        `${lower.toFixed(3)}-${upper.toFixed(3)}`,
        apgrAtTenths(ranked).toFixed(3),
        runs.map((run) => apgr(run).toFixed(3)).join(" "),
        apgr(byLength).toFixed(3),
        "0.500",
        PUBLISHED[task].toFixed(3),
      ]);
    }
  }
  const head = [
    "data",
    "n",
    "APGR",
    "95 %",
    "at tenths",
    `${REPEATS} cuts`,
    "longest first",
    "random",
    "best published",
  ];
  return formatTable(head, rows);
}
