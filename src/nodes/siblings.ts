import type { Scope } from "../calls/scope.js";
import { placeOfGraph } from "../langgraph/namespace.js";

interface Run<Shared> {
  readonly shared: Shared;
  /** Number of nodes that wait or work. */
  users: number;
}

/** Ended runs kept per run control, which callers may reuse for many runs. */
const maxEnded = 1_000;

/** Values shared by parallel nodes of one run, such as the lanes of an ensemble or the workers of a map-reduce. */
export class Siblings<Shared> {
  private readonly runs = new WeakMap<object, Map<string, Run<Shared>>>();

  /** @param start makes the shared value of one run */
  constructor(private readonly start: () => Shared) {}

  /** Runs `work` with the value that belongs to this run and this graph. */
  async share<Result>(
    { turnId, config }: Pick<Scope, "turnId" | "config">,
    work: (shared: Shared) => Promise<Result>,
  ): Promise<Result> {
    const owner = config.control ?? this; // differs between two runs that resume from one checkpoint
    const runs = this.runs.get(owner) ?? new Map<string, Run<Shared>>();
    this.runs.set(owner, runs);
    const key = `${turnId} ${placeOfGraph(config)}`; // equal after a resume; differs when a tool runs this very graph again
    const run = runs.get(key) ?? { shared: this.start(), users: 0 };
    runs.set(key, run);
    run.users++;
    try {
      return await work(run.shared);
    } finally {
      run.users--;
      forgetEnded(runs);
    }
  }
}

/** Drops the oldest ended runs; the latest stay, because with `maxConcurrency` a run's next node starts when this one has ended. */
function forgetEnded(runs: Map<string, Run<unknown>>): void {
  if (runs.size <= maxEnded) return;
  for (const [key, { users }] of runs) {
    if (runs.size <= maxEnded) return;
    if (users === 0) runs.delete(key);
  }
}
