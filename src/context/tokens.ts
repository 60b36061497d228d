import { estimateMessage } from "../ledger/usage.js";
import type { Exchange } from "./exchanges.js";

/** Tokens exchanges take among other messages. */
export function tokensOf(exchange: Exchange): number {
  return exchange.reduce((sum, message) => sum + estimateMessage(message), 0);
}

/** The first exchanges of a list that take no more than so many tokens together, at least one. */
export function oldestWithin(list: readonly Exchange[], tokens: number): readonly Exchange[] {
  return list.slice(0, Math.max(1, countWithin(list, tokens)));
}

/** The last exchanges of a list that take no more than so many tokens together. */
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
