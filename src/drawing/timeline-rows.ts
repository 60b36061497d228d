import type { ModelCall } from "../ledger/model-call.js";
import type { Span } from "./time-scale.js";

/** A line of a timeline: a call, or a nested graph above its calls. */
export interface TimelineRow extends Span {
  readonly depth: number;
  /** Last part of the path. */
  readonly name: string;
  /** Unset for a nested graph. */
  readonly call?: ModelCall;
  /** End of the attempt before, from which a retry waited. */
  readonly waitedFrom?: number;
}

/** Orders calls as lines: by start, with those of a nested graph together below a line of its own. */
export function timelineRows(calls: readonly ModelCall[]): TimelineRow[] {
  const sorted = calls.toSorted((one, other) => one.startedAt - other.startedAt);
  const before = attemptsBefore(sorted);
  return level(sorted, 0, before);
}

export function endOf({ startedAt, latencyMs }: ModelCall): number {
  return startedAt + Math.max(0, latencyMs);
}

/** Milliseconds from the start of the first call to the end of the last one. */
export function durationOf(calls: readonly ModelCall[]): number {
  if (calls.length === 0) return 0;
  const start = calls.reduce((least, call) => Math.min(least, call.startedAt), Number.POSITIVE_INFINITY);
  return calls.reduce((most, call) => Math.max(most, endOf(call)), start) - start;
}

function level(calls: readonly ModelCall[], depth: number, before: ReadonlyMap<ModelCall, ModelCall>): TimelineRow[] {
  const inside = new Map<string, ModelCall[]>();
  for (const call of calls) {
    const parts = partsOf(call);
    if (parts.length <= depth + 1) continue;
    const group = inside.get(parts[depth]!);
    if (group === undefined) inside.set(parts[depth]!, [call]);
    else group.push(call);
  }
  const opened = new Set<string>();
  return calls.flatMap((call): TimelineRow[] => {
    const parts = partsOf(call);
    const name = parts[depth]!;
    if (parts.length === depth + 1) return [rowOf(call, name, depth, before)];
    if (opened.has(name)) return [];
    opened.add(name);
    const group = inside.get(name)!;
    const end = group.reduce((most, each) => Math.max(most, endOf(each)), call.startedAt);
    return [{ depth, name, start: call.startedAt, end }, ...level(group, depth + 1, before)];
  });
}

/** Deepest level with lines of its own; a path that goes on is one name from there. */
const DEEPEST = 6;

function partsOf({ path }: ModelCall): string[] {
  const parts = path.split("/");
  return parts.length <= DEEPEST ? parts : [...parts.slice(0, DEEPEST - 1), parts.slice(DEEPEST - 1).join("/")];
}

function rowOf(call: ModelCall, name: string, depth: number, before: ReadonlyMap<ModelCall, ModelCall>): TimelineRow {
  const earlier = before.get(call);
  const waited = earlier !== undefined && { waitedFrom: endOf(earlier) };
  return { depth, name, call, start: call.startedAt, end: endOf(call), ...waited };
}

/** Finds the failed attempt that each retry repeats; lanes of one path that retry at the same time cannot be told apart. */
function attemptsBefore(calls: readonly ModelCall[]): Map<ModelCall, ModelCall> {
  const failed = new Map<string, ModelCall[]>();
  const before = new Map<ModelCall, ModelCall>();
  for (const call of calls) {
    const place = (attempt: number) => JSON.stringify([call.turnId, call.path, attempt]);
    const ended = (failed.get(place(call.attempt - 1)) ?? []).filter((each) => endOf(each) <= call.startedAt);
    if (ended.length === 1) before.set(call, ended[0]!);
    if (call.status !== "error" && call.status !== "timeout") continue;
    failed.set(place(call.attempt), [...(failed.get(place(call.attempt)) ?? []), call]);
  }
  return before;
}
