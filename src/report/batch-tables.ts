import { decimalsFor } from "../drawing/figures.js";
import { inOrder, quantileOf } from "../ledger/quantile.js";
import type { CheckedRun } from "./batch-runs.js";
import { count, ms, share, usd } from "./figures.js";
import { bounded, type Html, html, named } from "./html.js";
import { type Column, table } from "./page.js";

const MOST = 50;
const numbers = (...titles: readonly string[]): Column[] => titles.map((title) => ({ title, align: "right" }));

/** Shows how many runs each path answered, with its median cost and time. */
export function answersSection(runs: readonly CheckedRun[]): Html | undefined {
  const groups = grouped(runs, ({ answeredBy }) => answeredBy && JSON.stringify([answeredBy.path, answeredBy.model]));
  if (groups.length === 0) return undefined;
  const medians = groups.map(([, group]) => median(group.flatMap(({ costUsd }) => costUsd ?? [])));
  const decimals = decimalsFor(medians.map((value) => value ?? null));
  const rows = groups.slice(0, MOST).map(([, group], index) => {
    const { path, model } = group[0]!.answeredBy!;
    const cost = medians[index];
    const time = median(group.map(({ durationMs }) => durationMs))!;
    return [
      path,
      model,
      count(group.length),
      share(group.length / runs.length),
      cost === undefined ? "unknown" : usd(cost, { decimals }),
      ms(time),
    ];
  });
  return table(
    "Answered by",
    [{ title: "path" }, { title: "model" }, ...numbers("runs", "share", "median cost", "median time")],
    rows,
  );
}

/** Shows what failed runs ended in, with one message of each kind. */
export function failedSection(failed: readonly CheckedRun[]): Html | undefined {
  if (failed.length === 0) return undefined;
  const groups = grouped(failed, ({ error }) => error?.name);
  const rows = groups
    .slice(0, MOST)
    .map(([name, group]) => [
      html`<span class="bad">${named(name)}</span>`,
      bounded(group[0]!.error!.message, 300),
      count(group.length),
      share(group.length / failed.length),
    ]);
  return table("Failures", [{ title: "error" }, { title: "one of its messages" }, ...numbers("runs", "share")], rows);
}

function grouped(
  runs: readonly CheckedRun[],
  keyOf: (run: CheckedRun) => string | undefined,
): [string, CheckedRun[]][] {
  const groups = new Map<string, CheckedRun[]>();
  for (const run of runs) {
    const key = keyOf(run);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups].toSorted(([, one], [, other]) => other.length - one.length);
}

function median(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : quantileOf(inOrder(values), 0.5);
}
