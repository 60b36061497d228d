/** Waits for a free slot, then runs work in it. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes `concurrency` slots, assigned in order of arrival. */
export function slotsFor(concurrency: number): Slots {
  const waiting: (() => void)[] = [];
  let free = concurrency;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next(); // passes its slot on, so that a newcomer cannot take it
    }
  };
}
