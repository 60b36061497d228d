import type { Aggregate, NamedAnswer } from "../../aggregation/aggregate.js";
import type { Failure } from "../../errors/index.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { sleep } from "../../resilience/retry.js";
import { repetitions } from "./cached-answers.js";

/** An answer of a lane, and the path of the call that gave it. */
export type LaneAnswer = NamedAnswer & { readonly modelUsed: string };

/** What every race of an ensemble has in common. */
export interface RaceRules {
  /** Names of the lanes, in key order. */
  readonly lanes: readonly string[];
  /** Answers needed. */
  readonly minimum: number;
  readonly settled: Aggregate["settled"];
}

/** A lane that waits before its model is asked again. */
interface Wait {
  /** True where the run can end well without this lane, now that no lane is at work. */
  readonly hasAlternative: () => boolean;
  readonly end: AbortController;
}

/** What the lanes of one run share while they are at work. */
export class Race {
  readonly stop = new AbortController();
  readonly answers: LaneAnswer[] = [];
  readonly calls: ModelCall[] = [];
  readonly failures: Failure[] = [];
  /** True once the aggregate was found to have a fault: the lane that found it says so, for all of them. */
  private broken = false;
  private readonly waits = new Set<Wait>();
  private ended = 0;

  constructor(private readonly rules: RaceRules) {}

  /** Notes what a lane gave, and stops the others when the outcome is certain without them. */
  note({ answer, failure }: { answer?: LaneAnswer; failure?: Failure }): void {
    if (answer !== undefined) this.answers.push(answer);
    if (failure !== undefined) this.failures.push(failure);
    const { lanes, settled } = this.rules;
    if (this.broken) return;
    this.broken = true;
    const certain =
      settled?.({ answers: this.distinct(), failures: [...this.failures], asked: lanes.length, lanes }) === true;
    this.broken = false;
    if (certain) this.stop.abort(new Error("The outcome is certain"));
  }

  /**
   * Waits before a lane is asked again, while other lanes are at work or the run needs it.
   *
   * @param hasAlternative whether something else can answer, where the lanes alone cannot
   * @returns false where the wait was ended: nothing needs the lane any more
   */
  async waitFor(
    ms: number,
    signals: readonly (AbortSignal | undefined)[],
    hasAlternative: () => boolean,
  ): Promise<boolean> {
    const wait = { hasAlternative: () => this.decidesWithout() || hasAlternative(), end: new AbortController() };
    this.waits.add(wait);
    this.endWaits();
    try {
      await sleep(ms, [...signals, this.stop.signal, wait.end.signal]);
      return true;
    } catch (error) {
      if (!wait.end.signal.aborted || [...signals, this.stop.signal].some((signal) => signal?.aborted)) throw error;
      return false;
    } finally {
      this.waits.delete(wait);
    }
  }

  /** Notes that a lane is done, whatever came of it. */
  leave(): void {
    this.ended++;
    this.endWaits();
  }

  /** True where other lanes may still give as many answers as are needed. */
  hasOthers(): boolean {
    return this.rules.lanes.length - 1 - this.failures.length >= this.rules.minimum;
  }

  private endWaits(): void {
    if (this.rules.lanes.length > this.ended + this.waits.size) return; // a lane at work costs the time of a wait anyway
    for (const { hasAlternative, end } of this.waits) if (hasAlternative()) end.abort();
  }

  /** True with enough answers, and where even all that wait could not bring enough. */
  private decidesWithout(): boolean {
    const { minimum } = this.rules;
    const count = this.distinct().length;
    return count >= minimum || count + this.waits.size < minimum;
  }

  private distinct(): readonly LaneAnswer[] {
    const again = repetitions(this.answers, this.calls);
    return this.answers.filter((answer) => !again.has(answer));
  }
}
