import { onAbort } from "./deadline.js";
import { OutrunError } from "./outrun-error.js";

/** One of the two requests of a hedged call. */
export interface Lane {
  /** 0 for the first request, 1 for the second. */
  readonly number: number;
  /** Fires when the other request won. */
  readonly signal: AbortSignal;
  /** Runs one attempt of the request; while it lasts, the wait for the second request goes on. */
  readonly watch: <T>(work: () => Promise<T>) => Promise<T>;
  /** Claims what is shown for this request; false if the other one shows its answer already. */
  readonly claim: () => boolean;
  /** Returns true if this request showed a part of its answer. */
  readonly hasShown: () => boolean;
}

interface RaceOptions {
  /** Signals that end both requests. */
  readonly stops: readonly (AbortSignal | undefined)[];
  /** Returns the milliseconds until the second request, or `undefined` for none. */
  readonly delayMs: () => number | undefined;
  /** Returns true if a second request may be sent now. */
  readonly mayRepeat: () => boolean;
  /** Returns true for an error that ends the call, whatever the other request does. */
  readonly endsCall: (error: unknown) => boolean;
}

/** How a hedged call went. */
export interface Raced {
  /** Milliseconds after which the second request was sent; `undefined` if there was none. */
  readonly afterMs: number | undefined;
  /** Number of the request that gave the answer; `undefined` if there is none. */
  readonly winner: number | undefined;
}

/**
 * Runs a request, and once more if the first takes long. The first answer wins, and the other request is aborted; a failure waits for the
 * other one. Once one of them has shown a part of its answer, the other is aborted.
 *
 * @param ended is called before the result is there, when both requests have ended
 */
export function raceTwice<Result>(
  work: (lane: Lane) => Promise<Result>,
  { stops, delayMs, mayRepeat, endsCall }: RaceOptions,
  ended: (raced: Raced) => void,
): Promise<Result> {
  const controllers = [new AbortController(), new AbortController()] as const;
  const undo = stops.flatMap((stop) =>
    stop === undefined ? [] : controllers.map((each) => onAbort(stop, () => each.abort(stop.reason))),
  );
  const errors: unknown[] = [];
  const running: Promise<unknown>[] = [];
  let open = 0;
  let loser: number | undefined;
  let shownBy: number | undefined;
  let afterMs: number | undefined;
  let done = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const abortOther = (number: number) => {
    clearTimeout(timer);
    loser ??= 1 - number;
    controllers[1 - number]!.abort(number === 1 ? new OutrunError() : new Error("The first request was faster"));
  };

  return new Promise<Result>((resolve, reject) => {
    /** Ends the call when both requests have ended, so that the ledger is complete. */
    const end = (number: number, winner: number | undefined, settle: () => void) => {
      done = true;
      abortOther(number);
      for (const step of undo) step();
      void Promise.allSettled(running).then(() => {
        ended({ afterMs, winner });
        settle();
      });
    };
    const succeed = (number: number, result: Result) => {
      open--;
      if (!done && loser !== number) end(number, number, () => resolve(result));
    };
    const fail = (number: number, error: unknown) => {
      open--;
      errors[number] = error;
      if (done || loser === number) return;
      const isFinal = shownBy === number || endsCall(error);
      if (isFinal || open === 0) end(number, undefined, () => reject(isFinal || !(0 in errors) ? error : errors[0]));
    };
    const waitForSecond = () => {
      const ms = delayMs();
      if (ms === undefined || open > 1 || loser !== undefined) return;
      timer = setTimeout(() => {
        if (done || loser !== undefined || !mayRepeat()) return;
        afterMs = ms;
        start(1);
      }, ms);
    };
    const laneOf = (number: 0 | 1): Lane => ({
      number,
      signal: controllers[number].signal,
      async watch(attempt) {
        if (number === 0 && afterMs === undefined) waitForSecond();
        try {
          return await attempt();
        } finally {
          if (number === 0) clearTimeout(timer);
        }
      },
      claim() {
        if (shownBy === undefined && loser !== number) {
          shownBy = number;
          abortOther(number);
        }
        return shownBy === number;
      },
      hasShown: () => shownBy === number,
    });
    const start = (number: 0 | 1) => {
      open++;
      const run = work(laneOf(number));
      running.push(run);
      run.then(
        (result) => succeed(number, result),
        (error: unknown) => fail(number, error),
      );
    };
    start(0);
  });
}
