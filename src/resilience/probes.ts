/** Milliseconds until a claimed probe that did not start, and a started one that did not end, count as lost. */
const claimTime = 10_000;
const probeTime = 60_000;

/** A call that finds out whether a client answers again. */
export interface Probe {
  readonly startedAt: number;
}

/** Probes of one client. */
export interface Probed {
  /** Time of a claim whose probe has not started. */
  claimedAt?: number;
  /** Probes in progress. */
  readonly probes: Set<Probe>;
}

/** Returns true while a probe of another call is claimed or in progress. */
export function isProbed({ claimedAt, probes }: Probed): boolean {
  return isRecent(claimedAt, claimTime) || [...probes].some(({ startedAt }) => isRecent(startedAt, probeTime));
}

/** Returns true if a time is less than `span` ms away from now; the clock may be set back. */
export function isRecent(time: number | undefined, span: number): boolean {
  return time !== undefined && Math.abs(Date.now() - time) < span;
}
