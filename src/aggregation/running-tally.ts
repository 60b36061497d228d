import type { NamedAnswer } from "./aggregate.js";

/** Weights of groups of equal answers; `settled` needs the two heaviest only. */
interface Counted {
  readonly answers: readonly NamedAnswer[];
  readonly byKey: Map<string, number>;
  first: { readonly key: string; readonly weight: number };
  second: number;
}

/**
 * Counts votes while answers arrive. It goes on from the answers of the call before, so that a race of many lanes does not count all of
 * them again as each lane ends.
 *
 * @param keyOf returns what makes two answers equal; an answer with "" has no vote
 * @param weightOf returns the weight of an answer's vote, at least 0
 * @returns a function that returns the weights of the two heaviest groups
 */
export function runningTally(
  keyOf: (answer: NamedAnswer) => string,
  weightOf: (answer: NamedAnswer) => number,
): (answers: readonly NamedAnswer[]) => { readonly first: number; readonly second: number } {
  const races = new WeakMap<NamedAnswer, Counted>(); // by the first answer of a race
  return (answers) => {
    const [start] = answers;
    if (start === undefined) return { first: 0, second: 0 };
    const before = races.get(start);
    const goesOn = before?.answers.every((answer, index) => answers[index] === answer) === true;
    const { byKey, ...leading } = goesOn
      ? before!
      : { byKey: new Map<string, number>(), first: { key: "", weight: 0 }, second: 0 };
    const fresh = answers.slice(goesOn ? before!.answers.length : 0);
    const votes = fresh.map((answer) => [keyOf(answer), weightOf(answer)] as const);
    const counted: Counted = { ...leading, byKey, answers: [...answers] };
    for (const [key, weight] of votes) if (key !== "") add(counted, key, weight);
    races.set(start, counted);
    return { first: counted.first.weight, second: counted.second };
  };
}

function add(counted: Counted, key: string, vote: number): void {
  const { first, second, byKey } = counted;
  const weight = (byKey.get(key) ?? 0) + vote;
  byKey.set(key, weight);
  if (key === first.key) counted.first = { key, weight };
  else if (weight <= first.weight) counted.second = Math.max(second, weight);
  else {
    counted.first = { key, weight };
    counted.second = first.weight;
  }
}
