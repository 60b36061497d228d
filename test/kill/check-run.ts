import type { Row } from "./table.js";
import type { Paid } from "./upstream.js";
import type { Began, Done, Job } from "./worker.js";

/** One kill of a run. */
export interface Killed {
  /** Requests of the thread so far. */
  readonly requests: number;
  /** State in which the next process found the thread. */
  readonly began?: Began;
}

interface Ended {
  readonly job: Job;
  readonly killed: readonly Killed[];
  readonly done: Done;
  readonly paid: readonly Paid[];
  /** Answer of a run that was never killed. */
  readonly answer: string;
  readonly row: Row;
}

/** Counts what a run paid again, and returns what must not be. */
export function checkRun({ job, killed, done, paid, answer, row }: Ended): string[] {
  const problems: string[] = [];
  const of = `${job.pattern}, ${job.durability}, ${job.store.startsWith("postgresql:") ? "postgres" : "sqlite"}, ${job.thread}`;
  const mine = paid.filter(({ thread }) => thread === job.thread);
  if (done.text !== answer) problems.push(`${of}: answered ${done.text} in the place of ${answer}`);
  if (new Set(done.requests).size !== done.requests.length) problems.push(`${of}: a request is in the ledger twice`);
  if (done.lines !== done.requests.length)
    problems.push(`${of}: ${done.lines - done.requests.length} lines are not "ok"`);
  if (done.requests.length !== new Set(mine.map(({ key }) => key)).size)
    problems.push(`${of}: the ledger has ${done.requests.length} of the calls`);
  for (const { requests, began } of killed) {
    const saved = new Set(began?.saved);
    row.finished += saved.size;
    const later = mine.slice(requests);
    if (began?.exists && began.next.length === 0 && later.length > 0) row.empty++;
    for (const one of mine.slice(0, requests)) {
      const again = later.some(({ key }) => key === one.key);
      if (saved.has(one.number) && !done.requests.includes(one.number))
        problems.push(`${of}: a saved call is missing from the ledger`);
      if (!again) continue;
      if (saved.has(one.number)) {
        row.twice++;
        problems.push(`${of}: request ${one.number} (${one.request.model}) was saved and paid again`);
      } else if (one.request.aborted) row.inFlight++;
      else row.answered++;
    }
  }
  return problems;
}
