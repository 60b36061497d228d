/** Rings when a job may have ended. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves with the next ring, at once if it rang since the last one was waited for. */
  next(): Promise<void>;
  /** Takes it down. */
  close(): void;
}

/** Bells by the job they are for, of which there may be several: two batches of one name wait for the same jobs. */
export class JobBells {
  private readonly bells = new Map<string, Set<Bell>>();

  hang(jobId: string): Bell {
    let wake = () => {};
    const wait = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    let rung = wait();
    const bell: Bell = {
      ring: () => wake(),
      next: async () => {
        await rung;
        rung = wait();
      },
      close: () => {
        const beside = this.bells.get(jobId);
        beside?.delete(bell);
        if (beside?.size === 0) this.bells.delete(jobId);
      },
    };
    this.bells.set(jobId, (this.bells.get(jobId) ?? new Set()).add(bell));
    return bell;
  }

  ring(jobId: string): void {
    for (const bell of this.bells.get(jobId) ?? []) bell.ring();
  }

  ringAll(): void {
    for (const jobId of this.bells.keys()) this.ring(jobId);
  }
}
