import { shuffled } from "../../aggregation/shuffled.js";
import { learnThenTest, type Promised } from "../../evaluation/statistics/learn-then-test.js";
import { type Example, withModels } from "./examples.js";
import type { CascadeTarget } from "./report.js";
import { type Selected, select } from "./select.js";
import { walkExample } from "./simulate.js";

/** A selection, with the least probability of an accepted answer where one was promised. */
export interface Decided {
  readonly selected: Selected;
  /** @default every answer is accepted */
  readonly threshold?: number;
}

/** Share of the examples that a promise is tested on, which the policy has not seen. */
export const TESTED = 0.5;

/**
 * Chooses a policy for a target. For a promise it is fitted on one half, for the highest accuracy, and its threshold is tested on the
 * other; `Infinity` where none passes the test.
 */
export async function decide(all: readonly Example[], target: CascadeTarget, seed: string): Promise<Decided> {
  if (!("wrongAccepted" in target)) return { selected: await select(all, target, seed) };
  const order = shuffled(all, `promise ${seed}`);
  const cut = Math.round(order.length * (1 - TESTED));
  const selected = await select(order.slice(0, cut), { accuracy: 1 }, seed);
  return { selected, threshold: testedThreshold(selected, order.slice(cut), target) ?? Number.POSITIVE_INFINITY };
}

function testedThreshold({ kept, decider, fit, mix }: Selected, tested: readonly Example[], promised: Promised) {
  const { first, dear } = mix;
  const outlook = fit.outlookOf(first);
  const scored = withModels(tested, kept).map((example) => {
    const [walk] = walkExample(decider, { example, first, outlook, tradeoffs: [dear.tradeoff] });
    return { score: walk!.best, wrong: walk!.score < 0.5 };
  });
  return learnThenTest(scored, promised);
}
