import type { Aggregate, NamedAnswer } from "../../aggregation/aggregate.js";
import type { Failure } from "../../errors/index.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { sleep } from "../../resilience/retry.js";
import { repetitions } from "./cached-answers.js";

export type LaneAnswer = NamedAnswer & { readonly modelUsed: string };

export interface RaceRules {
  readonly lanes: readonly string[];
  readonly minimum: number;
  readonly settled: Aggregate["settled"];
}

interface LaneResult {
  readonly answer?: LaneAnswer;
  readonly calls?: readonly ModelCall[];
  readonly failure?: Failure;
}

interface Wait {
  /** Returns true if the run does not need this lane once all other lanes have ended or wait. */
  readonly hasAlternative: () => boolean;
  readonly end: AbortController;
}

/** State shared by the lanes of one run. */
export class Race {
  readonly stop = new AbortController();
  private readonly answers: LaneAnswer[] = [];
  private readonly calls: ModelCall[] = [];
  readonly failures: Failure[] = [];
  /** True once `settled` threw, so that only one lane reports the error. */
  private broken = false;
  /** True once a cache answered a lane. */
  private hasHits = false;
  private readonly waits = new Set<Wait>();
  private ended = 0;

  constructor(private readonly rules: RaceRules) {}

  /**
   * Notes the result of a lane and stops the other lanes if they can no longer change the outcome.
   *
   * @param calls calls that gave the answer
   */
  note({ answer, calls = [], failure }: LaneResult): void {
    if (answer !== undefined) this.answers.push(answer);
    if (failure !== undefined) this.failures.push(failure);
    this.calls.push(...calls);
    this.hasHits ||= calls.some(({ status }) => status === "cached");
    const { lanes, settled } = this.rules;
    if (this.broken || settled === undefined) return;
    this.broken = true;
    const certain =
      settled({ answers: this.distinct(), failures: [...this.failures], asked: lanes.length, lanes }) === true;
    this.broken = false;
    if (certain) this.stop.abort(new Error("The outcome is certain"));
  }

  /**
   * Waits before a lane calls its model again; the wait ends early once the run no longer needs the lane.
   *
   * @param hasAlternative returns true if a model outside the lanes can answer sooner
   * @returns false if the wait ended early
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

  leave(): void {
    this.ended++;
    this.endWaits();
  }

  /** True if the other lanes can still give `minimum` answers. */
  hasOthers(): boolean {
    return this.rules.lanes.length - 1 - this.failures.length >= this.rules.minimum;
  }

  private endWaits(): void {
    if (this.rules.lanes.length > this.ended + this.waits.size) return; // while a lane is at work, waiting costs no extra time
    for (const { hasAlternative, end } of this.waits) if (hasAlternative()) end.abort();
  }

  /** True with enough answers, or if even all waiting lanes could not give enough. */
  private decidesWithout(): boolean {
    const { minimum } = this.rules;
    const count = this.distinct().length;
    return count >= minimum || count + this.waits.size < minimum;
  }

  private distinct(): readonly LaneAnswer[] {
    if (!this.hasHits) return [...this.answers];
    const again = repetitions(this.answers, this.calls);
    return this.answers.filter((answer) => !again.has(answer));
  }
}
