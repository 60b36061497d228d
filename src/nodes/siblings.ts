import type { Scope } from "../calls/scope.js";
import { placeOfGraph } from "../langgraph/namespace.js";

interface Run<Shared> {
  readonly shared: Shared;
  /** Nodes that wait or are at work. */
  users: number;
}

/** What the nodes that run beside one another share: the lanes of an ensemble, the workers of a map-reduce. */
export class Siblings<Shared> {
  private readonly runs = new WeakMap<object, Map<string, Run<Shared>>>();

  /** @param start makes what the nodes of one run share */
  constructor(private readonly start: () => Shared) {}

  /** Works with what the nodes beside this one have; it is forgotten with the last of them. */
  async share<Result>(
    { turnId, config }: Pick<Scope, "turnId" | "config">,
    work: (shared: Shared) => Promise<Result>,
  ): Promise<Result> {
    const owner = config.control ?? this; // two runs that go on from one checkpoint are apart by it
    const runs = this.runs.get(owner) ?? new Map<string, Run<Shared>>();
    this.runs.set(owner, runs);
    const key = `${turnId} ${placeOfGraph(config)}`; // a resumed node has both; a tool that runs this very graph again has another place
    const run = runs.get(key) ?? { shared: this.start(), users: 0 };
    runs.set(key, run);
    run.users++;
    try {
      return await work(run.shared);
    } finally {
      run.users--;
      setTimeout(() => {
        if (run.users === 0 && runs.get(key) === run) runs.delete(key);
      }); // with `maxConcurrency` the next node starts when this one has ended
    }
  }
}
