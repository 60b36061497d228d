/** Results of one pattern in one store at one durability. */
export interface Row {
  readonly pattern: string;
  readonly store: string;
  readonly durability: string;
  kills: number;
  /** Runs that came to their end. */
  runs: number;
  /** Calls that were saved when their process was killed. */
  finished: number;
  /** Those of them that were paid again. */
  twice: number;
  /** Calls answered but not saved yet, which were paid again. */
  answered: number;
  /** Calls on their way when the process was killed, which were paid again. */
  inFlight: number;
  /** Threads that were not finished although `getState().next` was empty. */
  empty: number;
}

type Count = Exclude<keyof Row, "pattern" | "store" | "durability">;

const heads: Readonly<Record<Count, string>> = {
  kills: "kills",
  runs: "runs",
  finished: "saved calls",
  twice: "of them paid again",
  answered: "paid again: answered, not saved",
  inFlight: "paid again: in flight",
  empty: "`next` empty, not finished",
};
const counts = Object.keys(heads) as Count[];

/** Sums rows that agree in `by`, as a table of Markdown. */
export function table(rows: readonly Row[], by: "pattern" | "store"): string {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const names = `${row[by]} | ${row.durability}`;
    groups.set(names, [...(groups.get(names) ?? []), row]);
  }
  const lines = [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([names, group]) => {
      return [names, ...counts.map((count) => group.reduce((sum, row) => sum + row[count], 0))];
    });
  const head = [`${by} | \`durability\``, ...counts.map((count) => heads[count])];
  return [head, ["---", "---", ...counts.map(() => "--:")], ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
