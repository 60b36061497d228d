import type { Classified } from "./classify-error.js";

/** A request on its way to a model, as far as the policies of an entry know it. */
export interface PolicyRequest {
  /** Client that is called; cool-downs, breakers and latencies belong to it. */
  readonly client: object;
  /** Number of this request of a hedged call: 0 is the first one, 1 the second. @default 0 */
  readonly hedge?: number;
  /** Signals that abort the request from outside. */
  readonly stops: readonly (AbortSignal | undefined)[];
  /** Classifies an error of the request. */
  readonly classify: (error: unknown) => Classified;
}

/** Passes a request on: to the next policy, and behind the last one to the model. */
export type Next<Request, Result> = (request: Request) => Promise<Result>;

/** One layer around the calls of a model. It passes the request on, once, several times or not at all. */
export type Policy<Request, Result> = (request: Request, next: Next<Request, Result>) => Promise<Result>;

/** Joins policies, the outermost first; one that is `undefined` costs nothing. */
export function composed<Request, Result>(
  policies: readonly (Policy<Request, Result> | undefined)[],
  last: Next<Request, Result>,
): Next<Request, Result> {
  return policies.reduceRight<Next<Request, Result>>(
    (next, policy) => (policy === undefined ? next : (request) => policy(request, next)),
    last,
  );
}
