import { randomFrom } from "../../aggregation/shuffled.js";

/** Draws one of two tradeoffs for a question: the same one whenever it is asked. */
export function drawnTradeoff(
  { tradeoffs, share }: { readonly tradeoffs: readonly [cheap: number, dear: number]; readonly share: number },
  question: string,
): number {
  return randomFrom(question)() < share ? tradeoffs[1] : tradeoffs[0];
}
