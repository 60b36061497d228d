import { readFileSync } from "node:fs";
import { HumanMessage } from "@langchain/core/messages";
import { formatInterval, formatPercent, wilsonInterval } from "../../demo/statistics.js";
import { byKeyword, bySimilarity, firstOf, type Route, type RouteChoice, type RouteTurn } from "../../src/index.js";
import { localEmbeddings, type TrainOptions, trainRouter } from "../../src/learned/index.js";
import { foldsOf } from "./folds.js";
import { formatTable } from "./table.js";

export const LABELS = ["CODE", "MATH", "CREATIVE", "GENERAL"] as const;
export type Label = (typeof LABELS)[number];

export interface LabelledPrompt {
  readonly prompt: string;
  readonly label: Label;
  /** Carries words of another label, or none of its own. */
  readonly hard?: boolean;
}

export const labelledPrompts = JSON.parse(
  readFileSync(new URL("../../test/fixtures/labelled-prompts.json", import.meta.url), "utf8"),
) as readonly LabelledPrompt[];

/** Written down before any of them was tried on the prompts. */
export const keywordRoute = firstOf<Label>(
  byKeyword({
    CODE: [
      "code",
      "function",
      "debug",
      "python",
      "javascript",
      "typescript",
      "java",
      "sql",
      "regex",
      "git",
      "docker",
      "api",
      "script",
      "bug",
      /```/,
    ],
    MATH: [
      "solve",
      "equation",
      "calculate",
      "integral",
      "derivative",
      "probability",
      "prove",
      "sum",
      "percent",
      "how many",
      /\d\s*[-+*/^=]\s*\d/,
    ],
    CREATIVE: ["poem", "story", "haiku", "song", "lyrics", "imagine", "invent", "novel"],
  }),
  () => "GENERAL",
);

/** Says a label for each prompt; learned from prompts it is not asked about. */
export type Labeller = (learned: readonly LabelledPrompt[]) => Promise<(prompt: string) => Promise<string | undefined>>;

/** A route as a labeller. */
export function labellerOf(toRoute: (learned: readonly LabelledPrompt[]) => Promise<Route<Label>>): Labeller {
  return async (learned) => {
    const route = await toRoute(learned);
    return async (prompt) => {
      const models = LABELS.map((name) => ({ name, price: null }));
      const ask: RouteTurn["ask"] = () => Promise.reject(new Error("nobody is asked"));
      const decided = await route({ messages: [new HumanMessage(prompt)], models, ask, state: {}, config: {} });
      return typeof decided === "string" ? decided : (decided as RouteChoice | undefined)?.name;
    };
  };
}

/** The routes as the library gives them: no option was tried on the prompts. */
export const labellers: Readonly<Record<string, Labeller>> = {
  "byKeyword, else GENERAL": labellerOf(async () => keywordRoute),
  trainRouter: labellerOf((learned) => trained(learned)),
  "bySimilarity, localEmbeddings": labellerOf(async (learned) => {
    const examplesOf = (name: Label) => learned.filter(({ label }) => label === name).map(({ prompt }) => prompt);
    const examples = Object.fromEntries(LABELS.map((name) => [name, examplesOf(name)]));
    return bySimilarity<Label>({ embeddings, examples, threshold: 0 });
  }),
  "trainRouter, localEmbeddings": labellerOf((learned) => trained(learned, { embeddings })),
};

const local = localEmbeddings();
const vectors = new Map<string, Promise<number[]>>();
/** Each prompt is embedded once for all cuts: what it is does not depend on what was learned. */
const embeddings = {
  embedQuery(text: string): Promise<number[]> {
    const vector = vectors.get(text) ?? local.embedQuery(text);
    vectors.set(text, vector);
    return vector;
  },
  embedDocuments: (texts: string[]): Promise<number[][]> => Promise.all(texts.map(embeddings.embedQuery)),
};

async function trained(learned: readonly LabelledPrompt[], options: TrainOptions = {}): Promise<Route<Label>> {
  const examples = learned.map(({ prompt, label }) => {
    const outcomes = Object.fromEntries(LABELS.map((name) => [name, Number(name === label)]));
    return { prompt, outcomes: outcomes as Record<Label, number> };
  });
  return (await trainRouter(examples, options)).route({ tradeoff: 0 });
}

/** Which prompts are labelled rightly, each by what was learned from four fifths without it. */
export async function labelUnseen(labeller: Labeller, seed: number): Promise<boolean[]> {
  const right: boolean[] = [];
  for (const { learned, held } of foldsOf(labelledPrompts.length, 5, seed)) {
    const label = await labeller(learned.map((place) => labelledPrompts[place]!));
    for (const place of held)
      right[place] = (await label(labelledPrompts[place]!.prompt)) === labelledPrompts[place]!.label;
  }
  return right;
}

/** Accuracy on the labelled prompts of test/fixtures. */
export async function labelledTable(): Promise<string> {
  const rows: string[][] = [];
  for (const [name, labeller] of Object.entries(labellers)) {
    const runs = [await labelUnseen(labeller, 1), await labelUnseen(labeller, 2), await labelUnseen(labeller, 3)];
    const share = (keep: (prompt: LabelledPrompt) => boolean) => {
      const kept = runs.flatMap((right) => right.filter((_, place) => keep(labelledPrompts[place]!)));
      return kept.filter(Boolean).length / kept.length;
    };
    const all = share(() => true);
    const count = labelledPrompts.length;
    rows.push([
      name,
      formatPercent(all),
      formatInterval(wilsonInterval(Math.round(all * count), count)),
      formatPercent(share(({ hard }) => hard !== true)),
      formatPercent(share(({ hard }) => hard === true)),
      ...LABELS.map((label) =>
        formatPercent(
          share((prompt) => prompt.label === label),
          0,
        ),
      ),
    ]);
  }
  return formatTable(["", "right", "95 %", "plain", "hard", ...LABELS], rows);
}
