import { type Example, withModels } from "./examples.js";
import { foldsOf } from "./folds.js";
import type { Agreement } from "./policy.js";
import { type Decided, decide } from "./promise.js";
import type { CascadeTarget, Outcome } from "./report.js";
import { type Walk, walkExample } from "./simulate.js";

export const FOLDS = 5;

/** Answers each question by a policy that was fitted and chosen without it, several times over. */
export async function crossValidate(
  all: readonly Example[],
  { target, repeats, seed }: { target: CascadeTarget; repeats: number; seed: string },
): Promise<{ outcomes: Outcome[]; agreement: Agreement }> {
  const sums = all.map(() => ({ score: 0, cost: 0, calls: 0, accepted: 0, wrongAccepted: 0 }));
  let [compared, agreed] = [0, 0];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const { learned, held } of foldsOf(all.length, FOLDS, `${seed} ${repeat}`)) {
      const part = learned.map((place) => all[place]!);
      const decided = await decide(part, target, `${seed} ${repeat}`);
      for (const place of held) {
        for (const { weight, walk } of walksOf(decided, all[place]!)) {
          const accepted = Number(walk.best >= (decided.threshold ?? 0));
          sums[place]!.score += (weight * walk.score) / repeats;
          sums[place]!.cost += (weight * walk.cost) / repeats;
          sums[place]!.calls += (weight * walk.asked.length) / repeats;
          sums[place]!.accepted += (weight * accepted) / repeats;
          sums[place]!.wrongAccepted += (weight * accepted * Number(walk.score < 0.5)) / repeats;
          if (walk.agreed === undefined) continue;
          compared += weight / repeats;
          agreed += (weight * Number(walk.agreed)) / repeats;
        }
      }
    }
  }
  return {
    outcomes: sums,
    agreement: { compared: Math.round(compared), agreed: Math.min(Math.round(compared), Math.round(agreed)) },
  };
}

/** Asks a question by both policies of a mix, weighted by how often each is drawn. */
function walksOf({ selected }: Decided, example: Example): { weight: number; walk: Walk }[] {
  const { kept, decider, fit, mix } = selected;
  const [own] = withModels([example], kept);
  const tradeoffs = [mix.cheap.tradeoff, mix.dear.tradeoff];
  const walks = walkExample(decider, { example: own!, first: mix.first, outlook: fit.outlookOf(mix.first), tradeoffs });
  return walks.map((walk, at) => ({ walk, weight: at === 1 ? mix.share : 1 - mix.share }));
}
