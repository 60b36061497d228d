import { shuffled } from "../../aggregation/shuffled.js";

/** Cuts `count` places into parts at random; each is held back once. */
export function foldsOf(count: number, parts: number, seed: string): { learned: number[]; held: number[] }[] {
  const order = shuffled([...Array(count).keys()], seed);
  return Array.from({ length: parts }, (_, part) => ({
    learned: order.filter((_, place) => place % parts !== part),
    held: order.filter((_, place) => place % parts === part),
  }));
}
