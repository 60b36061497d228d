import { InvalidOptionError } from "../../errors/index.js";

/** What `thompson` has learned, as JSON. */
export interface ThompsonState {
  /** Rewards by variant: their number and their sum. */
  readonly variants: Readonly<Record<string, { readonly count: number; readonly sum: number }>>;
  /** Variant that gets all traffic; unset while the experiment goes on. */
  readonly winner?: string;
  /** The most recent runs, the oldest first: their ids, variants and rewards. */
  readonly runs: readonly (readonly [runId: string, variant: string, score: number | null])[];
}

/** Throws unless a given state has the form that `state()` returns. */
export function checkState(state: ThompsonState | undefined, option: string): void {
  if (state === undefined) return;
  const { variants, runs, winner } = Object(state) as Partial<ThompsonState>;
  const isKnown =
    typeof variants === "object" &&
    Object.values(variants ?? { none: {} }).every(
      ({ count, sum }) => Number.isInteger(count) && count! >= 0 && sum! >= 0 && sum! <= count!,
    ) &&
    (winner === undefined || Object.hasOwn(variants ?? {}, winner)) &&
    Array.isArray(runs) &&
    runs.every(
      (run) => Array.isArray(run) && typeof run[0] === "string" && typeof run[1] === "string" && isScore(run[2]),
    );
  if (!isKnown) throw new InvalidOptionError(option, state, "give what state() of a thompson returned");
}

const isScore = (score: unknown) => score === null || (typeof score === "number" && score >= 0 && score <= 1);
