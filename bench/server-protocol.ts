/** The endpoint's first message. */
export interface ServerReady {
  readonly port: number;
}

/** What its process holds, after a garbage collection; its answer to any message. */
export interface ServerState {
  readonly heapMb: number;
  readonly sockets: number;
  readonly timers: number;
}
