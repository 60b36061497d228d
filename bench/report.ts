import { again, type Fact, type Measured, modelAlone } from "./protocol.js";
import { median } from "./statistics.js";

/** A ratio as several processes saw it. */
export interface Ratio {
  readonly median: number;
  readonly each: readonly number[];
}

/** One contender over all processes. */
export interface Row {
  readonly name: string;
  readonly against?: string;
  /** CPU and wall time over that of `against`. */
  readonly cpu?: Ratio;
  readonly wall?: Ratio;
  /** CPU over that of the chat model alone. */
  readonly cpuOverModel: Ratio;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly rounds: readonly number[];
}

/** Joins what the processes measured; ratios are taken inside each process, never across. */
export function rowsOf(processes: readonly (readonly Measured[])[]): Row[] {
  return processes[0]!.map(({ name, against }) => {
    const each = <Value>(read: (own: Measured, of: (name: string) => Measured) => Value) =>
      processes.map((measured) => {
        const find = (wanted: string) => measured.find((other) => other.name === wanted)!;
        return read(find(name), find);
      });
    return {
      name,
      ...(against && {
        against,
        cpu: ratio(each((own, of) => own.cpuMs / of(against).cpuMs)),
        wall: ratio(each((own, of) => own.wallMs / of(against).wallMs)),
      }),
      cpuOverModel: ratio(each((own, of) => own.cpuMs / of(modelAlone).cpuMs)),
      cpuMs: median(each((own) => own.cpuMs)),
      wallMs: median(each((own) => own.wallMs)),
      rounds: each((own) => own.rounds),
    };
  });
}

function ratio(each: readonly number[]): Ratio {
  return { median: median(each), each };
}

/** Share by which the twin may be off; above it the ratios of the suite say nothing. */
const noise = 0.05;

/** Returns why the ratios of a suite are not printed, `undefined` if they may be. */
export function tooNoisy(rows: readonly Row[]): string | undefined {
  const off = rows.find(({ name }) => name.endsWith(again))?.cpu?.median;
  if (off !== undefined && Math.abs(off - 1) <= noise) return undefined;
  return `no ratios: the same code twice is ${off?.toFixed(2) ?? "not measured"}, more than ${noise * 100} % off; try on a quiet machine`;
}

const headings = ["", "CPU", "each process", "wall", `CPU / ${modelAlone}`, "ms CPU", "ms wall"];

/** Rows as a Markdown table, readable as it is. */
export function tableOf(rows: readonly Row[]): string {
  if (tooNoisy(rows) !== undefined)
    return table(
      ["", "ms CPU"],
      rows.map(({ name, cpuMs }) => [name, cpuMs.toFixed(2)]),
    );
  const cells = rows.map(({ name, cpu, wall, cpuOverModel, cpuMs, wallMs }) => [
    name,
    cpu === undefined ? "" : cpu.median.toFixed(2),
    cpu === undefined ? "" : cpu.each.map((one) => one.toFixed(2)).join(" "),
    wall === undefined ? "" : wall.median.toFixed(2),
    cpuOverModel.median.toFixed(2),
    cpuMs.toFixed(1),
    wallMs.toFixed(1),
  ]);
  return table(headings, cells);
}

/** Facts as a Markdown table. */
export function factTableOf(facts: readonly Fact[]): string {
  const cells = facts.map(({ name, unit, byHand, ours }) => [
    name,
    unit,
    byHand.toFixed(1),
    ours.toFixed(1),
    (ours / byHand).toFixed(2),
  ]);
  return table(["", "unit", "by hand", "ours", "ours / by hand"], cells);
}

function table(headings: readonly string[], cells: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((line) => line[column]!.length)),
  );
  const line = (parts: readonly string[]) =>
    `| ${parts.map((part, column) => (column === 0 ? part.padEnd(widths[0]!) : part.padStart(widths[column]!))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(headings), rule, ...cells.map(line)].join("\n");
}
