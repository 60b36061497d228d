import { eachRow } from "../../batch/each-row.js";

/** Settings of a bounded walk. */
export interface Walk<Item> {
  readonly concurrency: number;
  /** Does the work for one item; false asks to stop, and to give the item again alone. */
  work(item: Item): Promise<boolean>;
  /** Returns true when no further item is to be begun. */
  isOver(): boolean;
}

/**
 * Works on items as they come, a bounded number at once: an item is read only when there is room for it. Items whose work did not fit
 * beside others are done again one by one; the walk ends at the first that does not fit alone.
 *
 * @returns false if it ended before the items did
 * @throws the first error, after the items that were begun have ended
 */
export async function walk<Item>(
  items: AsyncIterator<Item>,
  { concurrency, work, isOver }: Walk<Item>,
): Promise<boolean> {
  const again: Item[] = [];
  let isDone = false;
  const next = async (): Promise<Item | undefined> => {
    const { done, value } = await items.next();
    isDone ||= done === true;
    return done === true ? undefined : value;
  };
  async function* fitting(): AsyncGenerator<Item> {
    while (again.length === 0 && !isOver()) {
      const item = await next();
      if (item === undefined) return;
      yield item;
    }
  }
  const tryBesideOthers = async (item: Item) => {
    if (!(await work(item))) again.push(item);
    return undefined;
  };
  await eachRow(fitting(), { concurrency, signal: undefined, work: tryBesideOthers }).next(); // without rows, it ends with the items
  if (again.length === 0) return isDone;
  while (!isOver()) {
    const item = again.shift() ?? (await next());
    if (item === undefined) return true;
    if (!(await work(item))) return false;
  }
  return false;
}
