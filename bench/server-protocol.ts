/** The endpoint's first message. */
export interface ServerReady {
  readonly url: string;
}

/** What it is asked for: what its process holds, or the CPU time it has used, ms. */
export type ServerQuestion = "state" | "cpu";

/** What its process holds, after a garbage collection. */
export interface ServerState {
  readonly heapMb: number;
  readonly sockets: number;
  readonly timers: number;
}

/** What a soak is asked to do: its first message. */
export interface SoakTask {
  readonly url: string;
  readonly requests: number;
}

/** How a provider fails. */
export const faults = ["server", "reset", "cut", "errorEvent", "hang"] as const;
export type Fault = (typeof faults)[number];

/** How the requests of a soak ended. */
export interface SoakResult {
  answered: number;
  /** An error in OpenAI's shape, as reply or as the last event. */
  failed: number;
  /** The client went away on purpose. */
  left: number;
  /** Everything else, in words. */
  readonly wrong: string[];
}
