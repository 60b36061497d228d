import { InvalidOptionError } from "../errors/index.js";
import { didYouMean } from "../text/nearest-name.js";
import type { Side } from "./metrics.js";
import type { RunFacts } from "./run-facts.js";

/** A point in time: a `Date`, Unix time in ms, or a text that `Date` reads. */
export type Moment = Date | number | string;

/** Runs that began from a moment on, and before another one; unset for no limit. */
export type TimeRange = readonly [from?: Moment | undefined, to?: Moment | undefined];

/** Collects the runs of each side. */
export interface Sides {
  readonly all: ReadonlyMap<string, Side>;
  /** Number of runs of no side. */
  readonly others: number;
}

/** Assigns runs to sides. */
export interface Grouping {
  /** Sides that exist without runs. */
  readonly names: readonly string[];
  /** Returns the side of a run; `undefined` for none. */
  sideOf(facts: RunFacts): string | undefined;
  /** Returns the side whose variant another model took the place of. */
  fallenOf?(facts: RunFacts): string | undefined;
}

/** Groups runs by the variant that an experiment assigned; runs that had several of its variants are of no side. */
export function byVariant(all: readonly RunFacts[], at: string | undefined): Grouping {
  const paths = [...new Set(all.flatMap(({ assignments }) => assignments.map(({ path }) => path)))].sort();
  if (paths.length > 0 && at !== undefined && !paths.includes(at)) {
    const expected = `these runs were assigned at ${paths.join(", ")}${didYouMean(at, paths)}`;
    throw new InvalidOptionError("compareVariants.at", at, expected);
  }
  if (paths.length > 1 && at === undefined) {
    throw new InvalidOptionError("compareVariants.at", at, `name one of the experiments: ${paths.join(", ")}`);
  }
  const assignmentOf = (facts: RunFacts) => facts.assignments.find(({ path }) => path === (at ?? paths[0]));
  return {
    names: [],
    sideOf: (facts) => {
      const { variants = [], replaced } = assignmentOf(facts) ?? {};
      return variants.length === 1 && replaced === undefined ? variants[0] : undefined;
    },
    fallenOf: (facts) => {
      const { variants = [], replaced } = assignmentOf(facts) ?? {};
      return replaced === "failed" ? variants[0] : undefined;
    },
  };
}

/** Groups runs by names that a function returned. */
export function byName(names: ReadonlyMap<RunFacts, string>): Grouping {
  return { names: [], sideOf: (facts) => names.get(facts) };
}

/** Groups runs by the time they began. */
export function byTime(ranges: Readonly<Record<string, TimeRange>>): Grouping {
  const limits = Object.entries(ranges).map(([name, range]) => ({ name, ...limitsOf(name, range) }));
  for (const [index, { name, from, to }] of limits.entries()) {
    const other = limits.slice(0, index).find((each) => each.from < to && from < each.to);
    if (other === undefined) continue;
    const expected = `it shares time with ${other.name}, so that a run would be of two sides; let one end where the other begins`;
    throw new InvalidOptionError(`compareVariants.by.${name}`, ranges[name], expected);
  }
  return {
    names: limits.map(({ name }) => name),
    sideOf: ({ startedAt = Number.NaN }) => limits.find(({ from, to }) => startedAt >= from && startedAt < to)?.name,
  };
}

function limitsOf(name: string, range: TimeRange): { readonly from: number; readonly to: number } {
  const [from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY] = Array.isArray(range)
    ? range.map(timeOf)
    : [];
  if (!Array.isArray(range) || !(from < to)) {
    const expected =
      'give two moments, the earlier first, as in { before: [undefined, "2026-11-01"], after: ["2026-11-01"] }';
    throw new InvalidOptionError(`compareVariants.by.${name}`, range, expected);
  }
  return { from, to };
}

/** Returns a moment as Unix time, `NaN` if it cannot be read. */
function timeOf(moment: Moment | undefined): number | undefined {
  return moment === undefined ? undefined : new Date(moment).getTime();
}

/** Puts runs into their sides: those given first, the others by name. */
export function sidesOf(all: readonly RunFacts[], { names, sideOf, fallenOf }: Grouping): Sides {
  const runs = new Map<string, RunFacts[]>(names.map((name) => [name, []]));
  const fallen = new Map<string, number>();
  let others = 0;
  for (const facts of all) {
    const [name, instead] = [sideOf(facts), fallenOf?.(facts)];
    if (name !== undefined) listAt(runs, name).push(facts);
    else if (instead === undefined) others++;
    else {
      listAt(runs, instead);
      fallen.set(instead, (fallen.get(instead) ?? 0) + 1);
    }
  }
  const ordered = [...runs].sort(
    ([one], [other]) => names.indexOf(one) - names.indexOf(other) || (one < other ? -1 : 1),
  );
  const sides = ordered.map(([name, list]) => [name, { runs: list, fallen: fallen.get(name) ?? 0 }] as const);
  return { all: new Map(sides), others };
}

function listAt(lists: Map<string, RunFacts[]>, name: string): RunFacts[] {
  const list = lists.get(name) ?? [];
  if (list.length === 0) lists.set(name, list);
  return list;
}
