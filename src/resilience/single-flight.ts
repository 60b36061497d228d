import { withinLimits } from "./deadline.js";

/** Requests in progress by key, so that equal ones wait for the first instead of repeating it. */
export class SingleFlight {
  private readonly flights = new Map<string, Promise<string | undefined>>();

  /**
   * Returns the result of an equal request in progress; `undefined` if there is none, if it has no result to share, or if it takes
   * longer than `timeout` ms.
   */
  async join(
    key: string,
    stops: readonly (AbortSignal | undefined)[],
    timeout: number | undefined,
  ): Promise<string | undefined> {
    const flight = this.flights.get(key);
    if (flight === undefined) return undefined;
    try {
      return await withinLimits(timeout === undefined ? {} : { timeout }, stops, () => flight);
    } catch {
      for (const stop of stops) stop?.throwIfAborted();
      return undefined;
    }
  }

  /** Runs a request that equal ones wait for. It ends on its own terms: those that wait never fail with it. */
  async lead<Result>(
    key: string,
    work: () => Promise<Result>,
    shared: (result: Result) => string | undefined,
  ): Promise<Result> {
    let land: (result: string | undefined) => void = () => {};
    const flight = new Promise<string | undefined>((resolve) => {
      land = resolve;
    });
    if (!this.flights.has(key)) this.flights.set(key, flight);
    try {
      const result = await work();
      land(shared(result));
      return result;
    } finally {
      land(undefined);
      if (this.flights.get(key) === flight) this.flights.delete(key);
    }
  }
}
