const LONGEST = 160;

/** The first line in which two texts differ, from both; `undefined` where they are the same. */
export function firstDifference(committed: string, now: string): string | undefined {
  if (committed === now) return undefined;
  const [before, after] = [committed.split("\n"), now.split("\n")];
  const line = before.findIndex((text, index) => text !== after[index]);
  const at = line < 0 ? before.length : line;
  const excerpt = (text: string | undefined) => (text === undefined ? "(nothing)" : text.slice(0, LONGEST));
  return `line ${at + 1}\n- ${excerpt(before[at])}\n+ ${excerpt(after[at])}`;
}
