import { withinLimits } from "../../resilience/deadline.js";
import { type Slots, slotsFor } from "../../resilience/slots.js";

/** What the tasks of one run share while they are at work. */
export interface SharedRun {
  readonly slot: Slots;
  /** How many tasks have ended. */
  ended: number;
  /** Tasks that wait or are at work. */
  users: number;
}

/**
 * A limit on tasks at once that holds for each run by itself. Tasks find one another by the key of their run: a resumed one is
 * given copies of everything else.
 */
export class RunSlots {
  private readonly runs = new Map<string, SharedRun>();

  constructor(private readonly concurrency: number) {}

  /** Works in a slot of the run; whoever waits for one is woken by an abort. */
  async within<T>(key: string, signal: AbortSignal | undefined, work: (run: SharedRun) => Promise<T>): Promise<T> {
    const run = this.runs.get(key) ?? { slot: slotsFor(this.concurrency), ended: 0, users: 0 };
    this.runs.set(key, run);
    run.users++;
    try {
      return await withinLimits({}, [signal], () => run.slot(() => work(run)));
    } finally {
      run.users--;
      setTimeout(() => this.forget(key, run)); // with `maxConcurrency` the next task starts when this one has ended
    }
  }

  private forget(key: string, run: SharedRun): void {
    if (run.users === 0 && this.runs.get(key) === run) this.runs.delete(key);
  }
}
