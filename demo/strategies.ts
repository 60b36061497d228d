/** What the demo compares, as plain data: which recorded models, in which patterns, by which rule. */
import {
  agreement,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  type ModelEntry,
  majorityVote,
  normalizeNumber,
  type PatternGraph,
} from "langgraph-multimodel";
import type { RecordedAnswers } from "./recorded-answers.js";
import { questionPrompt, ReplayModel } from "./replay-model.js";
import { seededRandom } from "./statistics.js";

/** One row of the comparison. */
export interface Strategy {
  readonly name: string;
  /** Ids of the models it may ask, in the order of its pattern. */
  readonly models: readonly string[];
  readonly graph: PatternGraph;
}

/** The strong model is given; everything below it follows from list prices. */
export const STRONG = "gpt-4o-2024-08-06";
/** Any seed would do; the expected value is shown beside it. */
export const MIX_SEED = 1;

/** One graph for each model alone. */
export function alwaysOne(recorded: RecordedAnswers): Strategy[] {
  return [...cheapest(recorded, 3), STRONG].map((id) => ({
    name: `always ${shortName(id)}`,
    models: [id],
    graph: createFallback({ models: entries(recorded, [id]) }),
  }));
}

/** Asks the cheapest models at once and takes the answer most of them gave; all are paid. */
export function vote(recorded: RecordedAnswers): Strategy {
  const models = cheapest(recorded, 3);
  const graph = createEnsemble({
    models: entries(recorded, models),
    aggregate: majorityVote({ normalize: normalizeNumber }),
    stopEarly: false,
  });
  return { name: "majority vote of 3", models, graph };
}

/** Asks upwards, the cheapest models first and the strong one last, until two agree. */
export function cascade(recorded: RecordedAnswers, cheapRungs: number): Strategy {
  const models = [...cheapest(recorded, cheapRungs), STRONG];
  const graph = createCascade({
    models: entries(recorded, models),
    verify: agreement({ normalize: normalizeNumber }),
  });
  return { name: `${models.length}-tier agreement cascade`, models, graph };
}

/** Sends that share of the questions to the strong model, drawn at random, the others to the cheapest one. */
export function randomMix(recorded: RecordedAnswers, share: number): Strategy {
  const models = [...cheapest(recorded, 1), STRONG];
  const [cheap = "", strong = ""] = models.map(shortName);
  const random = seededRandom(MIX_SEED);
  const draws = new Map([...recorded.questions.keys()].map((number) => [questionPrompt(number), random()]));
  const graph = createRouter({
    models: entries(recorded, models),
    route: ({ messages }) => (draws.get(messages.at(-1)?.text ?? "")! < share ? strong : cheap),
  });
  return { name: `random mix, seed ${MIX_SEED}`, models, graph };
}

/**
 * Ids of the models with the lowest list prices of input tokens, cheapest first. Reads no accuracies; leaves out
 * recordings made with examples in the prompt, whose token counts do not compare.
 */
export function cheapest({ models }: RecordedAnswers, count: number): string[] {
  return [...models.values()]
    .filter(({ prompt }) => prompt === "zero-shot")
    .sort((a, b) => a.price.input - b.price.input)
    .slice(0, count)
    .map(({ id }) => id);
}

/** The id without maker, date and variant: "gpt-4o-mini-2024-07-18" is "gpt-4o-mini". Also the name of its node. */
export function shortName(id: string): string {
  return id.replace(/^Meta-/, "").replace(/-Instruct$|-\d{4}-\d{2}-\d{2}$/, "");
}

function entries(recorded: RecordedAnswers, ids: readonly string[]): Record<string, ModelEntry> {
  return Object.fromEntries(
    ids.map((id) => [
      shortName(id),
      { model: new ReplayModel({ model: id, recorded }), price: recorded.models.get(id)!.price },
    ]),
  );
}
