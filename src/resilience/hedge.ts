import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { observedLatency } from "./latency.js";

interface HedgeLimit {
  /** Most second requests, as a share of the last 100 calls of the client; one is always allowed. @default 0.1 */
  readonly maxExtra?: number;
}

/** When a call without an answer is sent a second time. */
export type HedgeOptions =
  | (HedgeLimit & {
      /** Milliseconds of the first request. */
      readonly afterMs: number;
    })
  | (HedgeLimit & {
      /** Share of earlier calls, 0..1, that took no longer than the first request has; without 10 of them nothing is sent twice. */
      readonly percentile: number;
    });

/** Calls that `maxExtra` is a share of. */
const remembered = 100;
/** Earlier calls without which a percentile says nothing; `latency.ts` keeps 64. */
const samples = { least: 10, most: 64 };

/** Returns the milliseconds after which a call is sent a second time; `undefined` while too little is known. */
export function hedgeDelay(hedge: HedgeOptions, measured: object): number | undefined {
  if ("afterMs" in hedge) return hedge.afterMs;
  const { percentile } = hedge;
  const seen = observedLatency(measured, percentile);
  const needed = Math.min(samples.most, Math.max(samples.least, Math.ceil(1 / (1 - percentile) - 1e-9)));
  return seen === undefined || seen.samples < needed ? undefined : seen.ms;
}

interface LastCalls {
  /** True for each call that was sent twice; call n is at n modulo 100. */
  readonly twice: boolean[];
  count: number;
}

const callsOf = new WeakMap<object, LastCalls>();

/** One more call of a client; `claim` returns true if it may be sent a second time, at most once. */
export function countCall(client: object, { maxExtra = 0.1 }: HedgeLimit): { claim(): boolean } {
  const calls = callsOf.get(client) ?? { twice: [], count: 0 };
  callsOf.set(client, calls);
  const index = calls.count++ % remembered;
  calls.twice[index] = false;
  return {
    claim() {
      const extra = calls.twice.filter(Boolean).length;
      if (extra >= Math.max(1, Math.floor(maxExtra * calls.twice.length))) return false;
      calls.twice[index] = true;
      return true;
    },
  };
}

/** Throws if a hedge setting is invalid. */
export function checkHedge(hedge: HedgeOptions | undefined, option: string): void {
  if (hedge === undefined) return;
  const expected = "give { afterMs: 800 } or { percentile: 0.95 }";
  if (typeof hedge !== "object" || hedge === null) throw new InvalidOptionError(option, hedge, expected);
  checkKeys(hedge as Partial<Record<"afterMs" | "percentile" | "maxExtra", number>>, option, [
    "afterMs",
    "percentile",
    "maxExtra",
  ]);
  if ("afterMs" in hedge === "percentile" in hedge) throw new InvalidOptionError(option, hedge, expected);
  const { maxExtra = 1 } = hedge;
  if ("afterMs" in hedge && !(Number.isFinite(hedge.afterMs) && hedge.afterMs > 0)) {
    throw new InvalidOptionError(`${option}.afterMs`, hedge.afterMs, "give ms above 0");
  }
  if ("percentile" in hedge && !(Number.isFinite(hedge.percentile) && hedge.percentile > 0 && hedge.percentile < 1)) {
    throw new InvalidOptionError(`${option}.percentile`, hedge.percentile, "give a share between 0 and 1");
  }
  if (!(Number.isFinite(maxExtra) && maxExtra > 0 && maxExtra <= 1)) {
    throw new InvalidOptionError(`${option}.maxExtra`, maxExtra, "give a share above 0, at most 1");
  }
}
