/** What the upstream answers; a run that streams gets it word by word. */
export const answer =
  "A scripted answer of the loopback upstream which is long enough to be cut into pieces when a run streams and short enough to be read.";

/** The upstream's first and only message. */
export interface UpstreamReady {
  readonly port: number;
}

export const suites = ["invoke", "stream"] as const;
export type Suite = (typeof suites)[number];

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** Runs of one contender in one round. */
  readonly runs: number;
  /** Runs of every contender before the first round. */
  readonly warmUp: number;
  /** Time after which no further round is begun: a busy machine gets fewer of them. */
  readonly seconds: number;
}

/** What a worker process is asked to measure. */
export interface Task extends Effort {
  readonly port: number;
  readonly suite: Suite;
  /** Measures this contender alone. */
  readonly only?: string;
}

/** Medians over the rounds of one process, ms per run. */
export interface Measured {
  readonly name: string;
  /** The contender this one is compared with. */
  readonly against?: string;
  readonly rounds: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}
