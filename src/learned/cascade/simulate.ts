import type { Example } from "./examples.js";
import type { Outlook } from "./outlook.js";
import { STOP } from "./plan.js";
import { type Decider, type Given, walkerOf } from "./walk.js";

/** What became of one question. */
export interface Walk {
  /** Score of the returned answer. */
  readonly score: number;
  /** As a share of the strong model's mean cost. */
  readonly cost: number;
  /** Numbers of the models in the order they answered. */
  readonly asked: readonly number[];
  /** Number of the model whose answer is returned. */
  readonly returned: number;
  /** What the policy holds the returned answer's chance of being right for. */
  readonly best: number;
  /** Whether the second answer equals the first, where both can be compared. */
  readonly agreed?: boolean;
}

/** Asks one recorded question as policies of several tradeoffs would. */
export function walkExample(
  decider: Decider,
  {
    example,
    first,
    outlook,
    tradeoffs,
  }: { example: Example; first: number; outlook: Outlook; tradeoffs: readonly number[] },
): Walk[] {
  const missing = example.keys.flatMap((key, model) => (key === undefined ? [model] : []));
  const walker = walkerOf(decider, outlook, example.hints[first]);
  return tradeoffs.map((tradeoff) => {
    const given: Given[] = [];
    let step = { next: first, best: 0, shares: [] as readonly number[] };
    if (missing.includes(first)) step = walker.step(given, tradeoff, missing);
    while (step.next !== STOP) {
      given.push({ model: step.next, key: example.keys[step.next]! });
      step = walker.step(given, tradeoff, missing);
    }
    return walkOf(example, given, step);
  });
}

function walkOf(
  example: Example,
  given: readonly Given[],
  { best, shares }: { best: number; shares: readonly number[] },
): Walk {
  const returned = given[bestOf(shares)]?.model ?? 0;
  const comparable = given.length > 1 && given[0]!.key !== "" && given[1]!.key !== "";
  return {
    score: given.length === 0 ? 0 : example.scores[returned]!,
    cost: given.reduce((sum, { model }) => sum + example.costs[model]!, 0),
    asked: given.map(({ model }) => model),
    returned,
    best,
    ...(comparable && { agreed: given[0]!.key === given[1]!.key }),
  };
}

/** Returns the place of the answer to return: the likeliest, of equal ones the last. */
export function bestOf(shares: readonly number[]): number {
  return shares.reduce((best, share, at) => (share >= shares[best]! ? at : best), 0);
}
