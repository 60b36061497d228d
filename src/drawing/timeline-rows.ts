import type { ModelCall } from "../ledger/model-call.js";
import type { Span } from "./time-scale.js";

/** A line of a timeline: a call, or a nested graph above its calls. */
export interface TimelineRow extends Span {
  readonly depth: number;
  /** Last part of the path. */
  readonly name: string;
  /** Unset for a nested graph. */
  readonly call?: ModelCall;
  /** When the call began to wait, for a retry or in the queue of its limit. */
  readonly waitedFrom?: number;
}

/** Orders calls as lines: by start, with those of a nested graph together below a line of its own. */
export function timelineRows(calls: readonly ModelCall[]): TimelineRow[] {
  const sorted = calls.toSorted((one, other) => one.startedAt - other.startedAt);
  return level(sorted, 0);
}

export function endOf({ startedAt, latencyMs }: ModelCall): number {
  return startedAt + Math.max(0, latencyMs);
}

/** Returns when a call was ready to be sent; it may have waited from then on. */
export function readyAt({ startedAt, retryWaitMs = 0, queuedMs = 0 }: ModelCall): number {
  return startedAt - Math.max(0, retryWaitMs) - Math.max(0, queuedMs);
}

/** Returns when the first call was ready to be sent; 0 without a call. */
export function startOf(calls: readonly ModelCall[]): number {
  return calls.reduce((least, call) => Math.min(least, readyAt(call)), calls[0]?.startedAt ?? 0);
}

/** Milliseconds from the time the first call was ready to the end of the last one. */
export function durationOf(calls: readonly ModelCall[]): number {
  const start = startOf(calls);
  return calls.reduce((most, call) => Math.max(most, endOf(call)), start) - start;
}

function level(calls: readonly ModelCall[], depth: number): TimelineRow[] {
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
    if (parts.length === depth + 1) return [rowOf(call, name, depth)];
    if (opened.has(name)) return [];
    opened.add(name);
    const group = inside.get(name)!;
    const end = group.reduce((most, each) => Math.max(most, endOf(each)), call.startedAt);
    return [{ depth, name, start: call.startedAt, end }, ...level(group, depth + 1)];
  });
}

/** Deepest level with lines of its own; a path that goes on is one name from there. */
const DEEPEST = 6;

function partsOf({ path }: ModelCall): string[] {
  const parts = path.split("/");
  return parts.length <= DEEPEST ? parts : [...parts.slice(0, DEEPEST - 1), parts.slice(DEEPEST - 1).join("/")];
}

function rowOf(call: ModelCall, name: string, depth: number): TimelineRow {
  const waitedFrom = readyAt(call);
  return {
    depth,
    name,
    call,
    start: call.startedAt,
    end: endOf(call),
    ...(waitedFrom < call.startedAt && { waitedFrom }),
  };
}

/** Returns the times in which rows were at work, and when they began to wait, for a scale. */
export function spansOf(rows: readonly TimelineRow[]): Span[] {
  const calls = rows.filter(({ call }) => call !== undefined);
  if (calls.length === 0) return [{ start: 0, end: 1 }];
  return calls.flatMap(({ start, end, waitedFrom: from = start }) => [
    { start: from, end: from },
    { start, end },
  ]);
}
