import { shuffled } from "../../src/aggregation/shuffled.js";

/** The parts of a cross-validation: for each, the places that are learned from and the places that are reported. */
export interface Fold {
  readonly learned: readonly number[];
  readonly held: readonly number[];
}

/** Cuts `count` places into parts at random; each place is held back once. */
export function foldsOf(count: number, parts: number, seed: number): Fold[] {
  const order = shuffled([...Array(count).keys()], `fold ${seed}`);
  return Array.from({ length: parts }, (_, part) => ({
    learned: order.filter((_, place) => place % parts !== part),
    held: order.filter((_, place) => place % parts === part),
  }));
}
