/** Runs work in a slot, and waits for one first. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes slots for so many pieces of work at once; those that wait get one in the order in which they came. */
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
      else next(); // hands its slot on, so that no newcomer takes it in between
    }
  };
}
