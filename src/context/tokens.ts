import { estimateMessage } from "../ledger/usage.js";
import type { Exchange } from "./exchanges.js";

export function tokensOf(exchange: Exchange): number {
  return exchange.reduce((sum, message) => sum + estimateMessage(message), 0);
}

/** Returns the last exchanges that fit into `tokens` together. */
export function newestWithin(list: readonly Exchange[], tokens: number): readonly Exchange[] {
  return list.slice(list.length - countWithin(list.toReversed(), tokens));
}

function countWithin(list: readonly Exchange[], tokens: number): number {
  let size = 0;
  const tooMuch = list.findIndex((exchange) => {
    size += tokensOf(exchange);
    return size > tokens;
  });
  return tooMuch < 0 ? list.length : tooMuch;
}
