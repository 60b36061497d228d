import { formatInterval, formatPercent, formatPoints, wilsonInterval } from "../../demo/statistics.js";
import { familiesOf, type Task } from "./families.js";
import { learn } from "./fit-ladder.js";
import { type Walk, walk } from "./ladder.js";
import { runGraph } from "./ladder-graph.js";
import { choose } from "./ladder-search.js";
import { describe } from "./ladder-table.js";
import { randomMix } from "./random-mix.js";
import type { Recording } from "./shared-data.js";
import { formatTable } from "./table.js";

const kinds = ["agreement", "weighted agreement", "weighted, with a limit on the next call"] as const;

/** The ladders chosen on all questions, run through the graphs. Their figures are those of what they were chosen on. */
export async function finalLadders(task: Task, recording: Recording): Promise<string> {
  const { questions } = recording;
  const all = questions.map((_, place) => place);
  const nobody = all.map(() => ({ cheap: 0, strong: 0 }));
  const learnedFrom = learn(recording, questions, [0]);
  const families = familiesOf(task, recording);
  const [cheap, strong] = [task.cheap, task.strong].map((model) => questions.map(({ answers }) => answers[model]!));
  const strongCost = strong!.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const strongRight = strong!.filter(({ right }) => right).length;
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const cap of task.caps) {
    for (const kind of kinds) {
      const split = { learned: all, learnedFrom, outlooks: nobody };
      const { rule, ladder, fits } = choose(families[kind]!, cap, questions, task.strong, split);
      const walks = await runGraph(task, recording, ladder);
      const planned = questions.map((question) => walk(ladder, question));
      const right = walks.filter((each) => each.right).length;
      const cost = walks.reduce((sum, { costUsd }) => sum + costUsd, 0);
      rows.push([
        `${kind}, at most ${formatPercent(cap, 0)}${fits ? "" : " (*)"}`,
        formatPercent(right / all.length),
        formatInterval(wilsonInterval(right, all.length)),
        formatPercent(cost / strongCost),
        formatPoints((right - strongRight) / all.length),
        formatPercent(randomMix(cost / all.length, cheap!, strong!)),
        `${all.length - differing(walks, planned)} of ${all.length}`,
      ]);
      const weights = ladder.models.map((model) => ladder.weights[model]!.toFixed(2)).join(", ");
      const limit = Number.isFinite(ladder.limit) ? `, limit $${ladder.limit.toPrecision(3)} a call` : "";
      notes.push(
        `${rows.at(-1)![0]}: ${describe(rule)}${rule.need === undefined ? "" : `; weights ${weights}`}${limit}`,
      );
    }
  }
  const head = [
    "chosen on all questions",
    "right",
    "95 %",
    "cost",
    "points to strong",
    "random mix",
    "graph = plain code",
  ];
  return `${formatTable(head, rows)}\n\n${notes.map((note) => `  ${note}`).join("\n")}`;
}

function differing(walks: readonly Omit<Walk, "model">[], planned: readonly Walk[]): number {
  return walks.filter((each, place) => {
    const { right, costUsd, calls } = planned[place]!;
    return each.right !== right || each.calls !== calls || Math.abs(each.costUsd - costUsd) > 1e-12;
  }).length;
}
