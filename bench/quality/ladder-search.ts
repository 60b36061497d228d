import { trainRouter } from "../../src/learned/index.js";
import type { Task } from "./families.js";
import { type Learned, learn, toLadder } from "./fit-ladder.js";
import { type Fold, foldsOf } from "./folds.js";
import { type Ladder, type Rule, type Walk, walk } from "./ladder.js";
import type { RecordedQuestion, Recording } from "./shared-data.js";

/** What a learned router says of a question it has not seen. */
export interface Outlook {
  readonly cheap: number;
  readonly strong: number;
}

/** One cut of a cross-validation, with what is learned from its learned part. */
export interface Split extends Fold {
  readonly learnedFrom: Learned;
  /** By place of the question; none was in the examples of the router that says it. */
  readonly outlooks: readonly Outlook[];
}

/** Learns what every rule needs from each learned part. */
export async function splitsOf(task: Task, recording: Recording, parts: number, seed: number): Promise<Split[]> {
  const { questions } = recording;
  return Promise.all(
    foldsOf(questions.length, parts, seed).map(async ({ learned, held }) => {
      const outlooks = await outlooksOf(task, questions, learned, held, seed);
      const ease = learned.map((place) => outlooks[place]!.cheap);
      const known = learned.map((place) => questions[place]!);
      return { learned, held, outlooks, learnedFrom: learn(recording, known, ease) };
    }),
  );
}

/** Predictions for held questions by a router that learned from the others, and for those by one that learned from a part of them. */
export async function outlooksOf(
  { cheap, strong }: Pick<Task, "cheap" | "strong">,
  questions: readonly RecordedQuestion[],
  learned: readonly number[],
  held: readonly number[],
  seed: number,
): Promise<Outlook[]> {
  const outlooks: Outlook[] = [];
  const predict = async (from: readonly number[], places: readonly number[]) => {
    const router = await trainRouter(
      from.map((place) => {
        const { prompt, answers } = questions[place]!;
        return { prompt, outcomes: { cheap: Number(answers[cheap]!.right), strong: Number(answers[strong]!.right) } };
      }),
    );
    for (const place of places) outlooks[place] = await router.predict(questions[place]!.prompt);
  };
  for (const inner of foldsOf(learned.length, 3, seed)) {
    const of = (places: readonly number[]) => places.map((place) => learned[place]!);
    await predict(of(inner.learned), of(inner.held));
  }
  if (held.length > 0) await predict(learned, held);
  return outlooks;
}

/** A ladder with how it does on what it was chosen from. */
export interface Choice {
  readonly rule: Rule;
  readonly ladder: Ladder;
  /** False where every rule costs more than the cap. */
  readonly fits: boolean;
}

/** The rule that is right most often for at most `cap` of the strong model's cost; equals: the cheaper one. None is: the cheapest. */
export function choose(
  rules: readonly Rule[],
  cap: number,
  questions: readonly RecordedQuestion[],
  strong: string,
  { learned, learnedFrom, outlooks }: Pick<Split, "learned" | "learnedFrom" | "outlooks">,
): Choice {
  const budget = cap * learned.reduce((sum, place) => sum + questions[place]!.answers[strong]!.costUsd, 0);
  const tried = rules.map((rule) => {
    const ladder = toLadder(rule, learnedFrom);
    const walks = learned.map((place) => walk(ladder, questions[place]!, outlooks[place]!.cheap));
    const right = walks.filter((each) => each.right).length;
    return { rule, ladder, right, cost: walks.reduce((sum, { costUsd }) => sum + costUsd, 0) };
  });
  const paid = tried.filter(({ cost }) => cost <= budget);
  if (paid.length === 0) return { ...tried.reduce((one, other) => (other.cost < one.cost ? other : one)), fits: false };
  const best = paid.reduce((one, other) => {
    return other.right > one.right || (other.right === one.right && other.cost < one.cost) ? other : one;
  });
  return { ...best, fits: true };
}

/** Walks every question up the ladder that was chosen without it. */
export function crossValidate(
  rules: readonly Rule[],
  cap: number,
  questions: readonly RecordedQuestion[],
  strong: string,
  splits: readonly Split[],
): { readonly walks: Walk[]; readonly chosen: Choice[] } {
  const walks: Walk[] = [];
  const chosen = splits.map((split) => {
    const choice = choose(rules, cap, questions, strong, split);
    for (const place of split.held) walks[place] = walk(choice.ladder, questions[place]!, split.outlooks[place]!.cheap);
    return choice;
  });
  return { walks, chosen };
}

/** Sends to the strong model what a learned router wants it for most, as many as the cap pays for in the learned part. */
export function routeByOutlook(
  { cheap, strong }: Pick<Task, "cheap" | "strong">,
  cap: number,
  questions: readonly RecordedQuestion[],
  splits: readonly Split[],
): Walk[] {
  const walks: Walk[] = [];
  for (const { learned, held, outlooks } of splits) {
    const want = (place: number) => outlooks[place]!.strong - outlooks[place]!.cheap;
    const cost = (place: number, model: string) => questions[place]!.answers[model]!.costUsd;
    const all = learned.reduce((sum, place) => sum + cost(place, strong), 0);
    let left = cap * all - learned.reduce((sum, place) => sum + cost(place, cheap), 0);
    let least = Number.POSITIVE_INFINITY;
    for (const place of [...learned].sort((one, other) => want(other) - want(one))) {
      left -= cost(place, strong) - cost(place, cheap);
      if (left < 0) break;
      least = want(place);
    }
    for (const place of held) {
      const model = want(place) >= least ? strong : cheap;
      const { right, costUsd } = questions[place]!.answers[model]!;
      walks[place] = { model, right, costUsd, calls: 1 };
    }
  }
  return walks;
}
