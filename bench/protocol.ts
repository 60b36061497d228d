/** What the upstream answers; a run that streams gets it word by word. */
export const answer =
  "A scripted answer of the loopback upstream which is long enough to be cut into pieces when a run streams and short enough to be read.";

/** The upstream's first and only message. */
export interface UpstreamReady {
  readonly port: number;
}

export type Suite = "invoke" | "stream";

/** What a worker process is asked to measure. */
export interface Task {
  readonly port: number;
  readonly suite: Suite;
  readonly rounds: number;
  /** Runs of one contender in one round. */
  readonly runs: number;
  /** Runs of every contender before the first round. */
  readonly warmUp: number;
  /** Measures this contender alone. */
  readonly only?: string;
}

/** Medians over the rounds of one process, ms per run. */
export interface Measured {
  readonly name: string;
  /** The contender this one is compared with. */
  readonly against?: string;
  readonly cpuMs: number;
  readonly wallMs: number;
}
