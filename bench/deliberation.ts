// How often three models agree at once, so that a council ends after one round, and what is left for later ones, on recorded answers:
//   npm run bench:deliberation
// Later rounds themselves were not recorded: no model saw the answers of another.
import { readFileSync } from "node:fs";

type Cell = readonly [answer: string | null, correct: 0 | 1, tokensIn: number, tokensOut: number];
interface Table {
  readonly models: readonly { readonly id: string }[];
  readonly questions: readonly (readonly [number: number, gold: string, cells: readonly Cell[]])[];
}

const { models, questions } = JSON.parse(
  readFileSync(new URL("../data/gsm8k-answers.json", import.meta.url), "utf8"),
) as Table;

/** Shares of the questions, for three models. */
function sharesOf(triple: readonly number[]): readonly number[] {
  const counted = [0, 0, 0, 0];
  let agreed = 0;
  for (const [, , cells] of questions) {
    const lanes = triple.map((at) => cells[at]!);
    const [first, second, third] = lanes.map(([answer]) => answer);
    const isAgreed = first !== null && first === second && second === third;
    const winner = lanes[first !== second && second === third && second !== null ? 1 : 0]!; // of three different answers, the first
    const isRight = winner[1] === 1;
    if (isAgreed) agreed++;
    if (isAgreed && isRight) counted[1]!++;
    if (isRight) counted[2]!++;
    if (!isAgreed && !isRight && lanes.some(([, correct]) => correct === 1)) counted[3]!++;
  }
  const all = questions.length;
  return [agreed / all, counted[1]! / agreed, counted[2]! / all, counted[3]! / all];
}

const indices = models.map((_, at) => at);
const triples = indices.flatMap((one) =>
  indices.slice(one + 1).flatMap((two) => indices.slice(two + 1).map((three) => [one, two, three])),
);
const shares = triples.map(sharesOf);
const titles = [
  "all three agree: one round is enough",
  "of those, right",
  "one vote is right",
  "no agreement, vote wrong, one of the three right",
];
console.log(
  `| ${triples.length} triples, ${questions.length} questions | lowest | median | highest |\n|---|---|---|---|`,
);
titles.forEach((title, at) => {
  const sorted = shares.map((row) => row[at]!).sort((one, other) => one - other);
  const shown = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
  console.log(`| ${title} | ${shown.map((share) => `${(100 * share).toFixed(1)} %`).join(" | ")} |`);
});
