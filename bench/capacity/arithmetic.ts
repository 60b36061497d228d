/** A line through two measured points: what a run costs at all, and what each of its calls adds. */
export interface Line {
  readonly perRun: number;
  readonly perCall: number;
}

/** A line, and how far it is off at the point between that was measured and not fitted. */
export interface Fit extends Line {
  readonly measured: number;
}

/** What the bench measured. */
export interface Inputs {
  readonly date: string;
  /** Load average of the machine, and its cores. */
  readonly load: number;
  readonly cores: number;
  /** Milliseconds of CPU in the process of the runs, without a queue. */
  readonly cpuMs: Fit;
  /** Milliseconds of CPU of a worker, with queue and Postgres. */
  readonly workerCpuMs: Fit;
  /** Commands of Redis for an item of the queue, those in scripts included. */
  readonly redisQueue: Fit;
  /** Milliseconds of CPU of Redis for an item of the queue. */
  readonly redisCpuMs: Fit;
  /** Commands of Redis for a call under one shared limit and one shared budget. */
  readonly redisShared: Fit;
  /** Transactions of Postgres for an item. */
  readonly postgres: Fit;
  /** KB of Postgres for an item, with indexes. */
  readonly postgresKb: Fit;
  /** KB of heap for a run in flight: a line through 500 and 2,000 runs; `perCall` is of one run, `measured` of 1,000 together. */
  readonly heapKb: Fit;
}

/** Calls of a run at the point that is measured and not fitted. */
export const checkedAt = 2;
/** Runs in flight at the point that is measured and not fitted. */
export const checkedInFlight = 1_000;

/** Returns the line through two points. */
export function lineThrough(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  measured: number,
): Fit {
  const perCall = (y2 - y1) / (x2 - x1);
  return { perRun: y1 - perCall * x1, perCall, measured };
}

export const at = ({ perRun, perCall }: Line, calls: number) => perRun + perCall * calls;

/** What a plan assumes and no bench can measure. */
export const assumed = { calls: 2, secondsPerCall: 3, utilisation: 0.6, peak: 5 } as const;

/** Renders inputs, check and arithmetic as Markdown. */
export function capacityText(inputs: Inputs): string {
  const rows: readonly (readonly [string, Fit, number])[] = [
    ["CPU of a process, ms a run", inputs.cpuMs, checkedAt],
    ["CPU of a worker with queue and Postgres, ms an item", inputs.workerCpuMs, checkedAt],
    ["Redis commands of the queue, an item", inputs.redisQueue, checkedAt],
    ["CPU of Redis for the queue, ms an item", inputs.redisCpuMs, checkedAt],
    ["Redis commands of a shared limit and a shared budget, a run", inputs.redisShared, checkedAt],
    ["Postgres transactions, an item", inputs.postgres, checkedAt],
    ["Postgres disk with indexes, KB an item", inputs.postgresKb, checkedAt],
    ["heap of runs in flight, KB (a run instead of a call)", inputs.heapKb, checkedInFlight],
  ];
  const table = rows.map(([name, line, x]) => {
    const predicted = at(line, x);
    const off = ((predicted / line.measured - 1) * 100).toFixed(0);
    const values = [line.perRun, line.perCall, predicted, line.measured].map(shown);
    return `| ${[name, ...values, `${off} %`].join(" | ")} |`;
  });
  return [
    `Measured on ${inputs.date}, ${inputs.cores} cores, load average ${inputs.load}: lines through runs of one and of four calls, checked at two.`,
    "",
    "| input | a run | + a call | predicted | measured | off |",
    "|---|---|---|---|---|---|",
    ...table,
    "",
    `Assumed: ${assumed.calls} calls a run, ${assumed.secondsPerCall} s a call, cores busy to ${assumed.utilisation * 100} %, the busiest hour ${assumed.peak} times the mean.`,
    "",
    ...demand("10⁶ runs a day", (1e6 / 86_400) * assumed.peak, `1,000,000 / 86,400 s × ${assumed.peak}`, inputs),
    "",
    ...demand("10⁴ runs a second", 1e4, "as asked", inputs),
  ].join("\n");
}

/** Renders what a rate of runs needs. */
function demand(name: string, rate: number, why: string, inputs: Inputs): string[] {
  const { calls, secondsPerCall, utilisation } = assumed;
  const inFlight = rate * calls * secondsPerCall;
  const commands = at(inputs.redisQueue, calls) + at(inputs.redisShared, calls);
  const each = (line: Line) => at(line, calls);
  const cores = (ms: number) => `${shown(rate)} × ${shown(ms)} ms / 1,000 / ${utilisation}`;
  const coresOf = (ms: number) => shown(Math.ceil((rate * ms) / 1_000 / utilisation));
  const perRun = inputs.heapKb.perCall;
  const lines: readonly (readonly [string, string, string])[] = [
    ["runs a second", why, shown(rate)],
    ["runs in flight", `${shown(rate)} × ${calls} × ${secondsPerCall} s`, shown(inFlight)],
    ["cores without a queue", cores(each(inputs.cpuMs)), coresOf(each(inputs.cpuMs))],
    ["cores of workers", cores(each(inputs.workerCpuMs)), coresOf(each(inputs.workerCpuMs))],
    ["heap of runs, MB", `${shown(inFlight)} × ${shown(perRun)} KB / 1,000`, shown((inFlight * perRun) / 1_000)],
    ["Redis commands a second", `${shown(rate)} × ${shown(commands)}`, shown(rate * commands)],
    ["cores of Redis for the queue", cores(each(inputs.redisCpuMs)), coresOf(each(inputs.redisCpuMs))],
    [
      "Postgres transactions a second",
      `${shown(rate)} × ${shown(each(inputs.postgres))}`,
      shown(rate * each(inputs.postgres)),
    ],
    [
      "Postgres MB a second",
      `${shown(rate)} × ${shown(each(inputs.postgresKb))} KB / 1,000`,
      shown((rate * each(inputs.postgresKb)) / 1_000),
    ],
  ];
  return [`| ${name} | arithmetic | needs |`, "|---|---|---|", ...lines.map((line) => `| ${line.join(" | ")} |`)];
}

function shown(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
